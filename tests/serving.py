"""An ASGI application behind a real HTTP server on a port of its own, for as long as a test needs it."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from time import monotonic, sleep

import uvicorn
from starlette.types import ASGIApp

from luthier.app.page_server import PageServer
from luthier.dashboard.streams import Streams

START_S = 10.0


@contextmanager
def serving(app: ASGIApp, streams: Streams | None = None, *, port: int = 0) -> Iterator[str]:
    """
    Serve *app* with uvicorn in a thread; gives its URL, such as http://127.0.0.1:41321, without a slash at the end.

    The application's lifespan runs. At the end *streams* are closed, and open connections are given a second.
    """
    listener = socket.create_server(("127.0.0.1", port))
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1, server_header=False)
    server = PageServer(config, streams or Streams())
    thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        _wait_until_started(server, thread)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(START_S)
        listener.close()


def _wait_until_started(server: uvicorn.Server, thread: Thread) -> None:
    deadline = monotonic() + START_S
    while not server.started:
        if monotonic() > deadline or not thread.is_alive():
            raise RuntimeError("uvicorn did not start; its log says why")
        sleep(0.005)
