"""The HTTP server, which ends the streams of open pages before it waits for its requests to end."""

import socket

import uvicorn

from luthier.dashboard.streams import Streams


class PageServer(uvicorn.Server):
    """A server that stops although pages are open: a stream would go on for as long as its page is looked at."""

    def __init__(self, config: uvicorn.Config, streams: Streams) -> None:
        super().__init__(config)
        self._streams = streams

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop, within the time that requests take which end by themselves."""
        self._streams.close()
        await super().shutdown(sockets)
