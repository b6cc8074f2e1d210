"""A webhook for tests: a real HTTP server that keeps what it is sent, and answers as it is told."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[[dict[str, Any]], int]


@dataclass
class Receiver:
    """What has come, and how it is answered: by a status for each event."""

    answer: Answer = lambda _: 200
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    taken: list[dict[str, Any]] = field(default_factory=list)  # events that were answered with 200
    port: int = 0
    silence: threading.Event | None = None  # until it is set, nothing is answered

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body) for body in self.bodies]

    def states(self, of: str) -> list[tuple[str, str]]:
        """Give the statuses that were told of a job, of a training job with the secondary ones."""
        return [
            (
                detail.get("HyperParameterTuningJobStatus") or detail["TrainingJobStatus"],
                detail.get("SecondaryStatus", ""),
            )
            for detail in (each["detail"] for each in self.taken)
            if of in (detail.get("HyperParameterTuningJobName"), detail.get("TrainingJobName"))
        ]


@contextmanager
def receiving(receiver: Receiver) -> Iterator[Receiver]:
    """Listen for as long as the context lasts: at the receiver's port, or if that is 0 at a free one."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.bodies.append(body)
            receiver.headers.append({name.lower(): value for name, value in self.headers.items()})
            if receiver.silence is not None:
                receiver.silence.wait(60)
                return
            event = json.loads(body)
            status = receiver.answer(event)
            if status == 200:
                receiver.taken.append(event)
            self.send_response(status)
            if status in (301, 302, 307, 308):
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_GET(self) -> None:
            raise AssertionError("a redirect was followed")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", receiver.port), Handler) as server:
        receiver.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield receiver
        finally:
            if receiver.silence is not None:
                receiver.silence.set()
            server.shutdown()
            thread.join()
