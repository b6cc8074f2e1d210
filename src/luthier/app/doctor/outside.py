"""
Requests of a client that leave this machine.

Two nets, since no single one holds every client: Python programs tell every address themselves (`watch/sitecustomize`),
and any other program is given a proxy, which refuses what it is asked for and remembers it.
"""

import socketserver
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

_WATCH = Path(__file__).parent / "watch"
_HERE = "127.0.0.1,localhost,::1"
_LONGEST_LINE = 8192


@dataclass(frozen=True, slots=True)
class Outside:
    """Where requests that left the machine are noted."""

    notes: Path
    proxy_port: int

    @property
    def variables(self) -> Mapping[str, str]:
        """The environment variables with which a client is watched."""
        proxy = f"http://127.0.0.1:{self.proxy_port}"
        return {
            "LUTHIER_OUTSIDE_REQUESTS": str(self.notes),
            "PYTHONPATH": str(_WATCH),
            "HTTP_PROXY": proxy,
            "HTTPS_PROXY": proxy,
            "NO_PROXY": _HERE,
        }

    def hosts(self) -> list[str]:
        """Name every host outside that was asked for, once each."""
        return sorted(set(self.notes.read_text(encoding="utf-8").split())) if self.notes.exists() else []


@contextmanager
def watched(notes: Path) -> Iterator[Outside]:
    """Watch for as long as the context lasts; what leaves is written to the file *notes*."""
    with _Proxy(notes) as proxy:
        thread = Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield Outside(notes=notes, proxy_port=proxy.server_address[1])
        finally:
            proxy.shutdown()
            thread.join()


class _Proxy(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, notes: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Refusal)
        self.notes = notes


class _Refusal(socketserver.StreamRequestHandler):
    server: _Proxy
    timeout = 10

    def handle(self) -> None:
        words = self.rfile.readline(_LONGEST_LINE).decode("latin-1").split()
        if len(words) < 2:
            return
        host = words[1].rpartition(":")[0] if words[0] == "CONNECT" else urlsplit(words[1]).hostname
        with self.server.notes.open("a", encoding="utf-8") as file:
            file.write(f"{host or words[1]}\n")
        self.wfile.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
