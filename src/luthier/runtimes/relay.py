"""
Carrying connections from where an algorithm can reach to the front door, which listens elsewhere.

    algorithm ── 127.0.0.1:8710 of its own network ── listener ── relay ── 127.0.0.1:8710 of the machine

Bytes go both ways until each side has closed its own; a side that only reads no more keeps the other open.
"""

import asyncio
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Thread

_PIECE = 1 << 16  # bytes
_BACKLOG = 128


@contextmanager
def relaying(listeners: Sequence[socket.socket], host: str, port: int) -> Iterator[None]:
    """
    Carry every connection made to one of *listeners* to a port of this machine, for as long as the context lasts.

    The listeners are bound; they are closed at the end, and every connection with them. While nobody listens at the
    port, connections are closed as soon as they are made.
    """
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, name="relay", daemon=True)
    thread.start()
    relay = _Relay(host, port)
    try:
        for each in listeners:
            asyncio.run_coroutine_threadsafe(relay.serve(each), loop).result()
        try:
            yield
        finally:
            asyncio.run_coroutine_threadsafe(relay.close(), loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
        for each in listeners:
            each.close()


class _Relay:
    """What lives in the loop: the listeners' servers, and the connections that are open."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._servers: list[asyncio.Server] = []
        self._carrying: dict[asyncio.Task[None], tuple[asyncio.StreamWriter, ...]] = {}

    async def serve(self, listener: socket.socket) -> None:
        """Carry what comes to *listener*."""
        server = await asyncio.start_server(self._carry, sock=listener, backlog=_BACKLOG, limit=_PIECE)
        self._servers.append(server)

    async def close(self) -> None:
        """Break off all connections, and wait until their tasks have ended."""
        for server in self._servers:
            server.close()
        for ends in self._carrying.values():
            for each in ends:
                each.transport.abort()
        await asyncio.gather(*self._carrying, return_exceptions=True)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a connection is carried by a task")
        self._carrying[task] = (writer,)
        try:
            there, back = await asyncio.open_connection(self._host, self._port, limit=_PIECE)
        except OSError:  # the server is down: the caller's client tries again, as it would with the server itself
            writer.close()
        else:
            self._carrying[task] = (writer, back)
            await asyncio.gather(_pump(reader, back), _pump(there, writer))
            back.close()
            writer.close()
        finally:
            del self._carrying[task]


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Carry bytes one way to their end; where a connection breaks, the other end is broken off too."""
    try:
        while piece := await reader.read(_PIECE):
            writer.write(piece)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
    except ConnectionError:
        writer.transport.abort()
