"""What a real MLflow has written and answered (`app/recorded/make_mlflow.py`): played back, and laid out."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

RECORDED = Path(__file__).parent / "app/recorded"


def lay_out(folder: Path) -> Path:
    """Write a folder `mlruns` into another folder."""
    files: dict[str, str] = json.loads((RECORDED / "mlflow_folder.json").read_text())
    for name, text in files.items():
        file = folder / "mlruns" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return folder / "mlruns"


@dataclass
class Playback:
    """A tracking server that answers what it has answered before, and 500 to anything else."""

    port: int = 0
    headers: list[dict[str, str]] = field(default_factory=list)
    forced: tuple[int, bytes] | None = None  # the answer to everything

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answer(self, method: str, path: str, body: str) -> tuple[int, bytes]:
        if self.forced is not None:
            return self.forced
        for known_method, known_path, known_body, status, answer in _exchanges():
            if (known_method, known_path, known_body) == (method, path, body):
                return status, json.dumps(answer).encode()
        return 500, json.dumps({"message": f"nothing recorded for {method} {path} {body}"}).encode()


@contextmanager
def playing(playback: Playback) -> Iterator[Playback]:
    """Listen for as long as the context lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            playback.headers.append({name.lower(): value for name, value in self.headers.items()})
            status, answer = playback.answer(self.command, self.path, body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        playback.port = server.server_port
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield playback
        finally:
            server.shutdown()
            thread.join()


def _exchanges() -> list[list[Any]]:
    read: list[list[Any]] = json.loads((RECORDED / "mlflow_server.json").read_text())
    return read
