"""What a server finds out about itself."""

import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from luthier.clusters.occupancy import Level, Occupancy
from luthier.store.engine import Store
from luthier.watching.health import (
    KEPT_S,
    STALE_S,
    Finding,
    Health,
    capacity_check,
    database_check,
    loops_check,
    objects_check,
)

WELL = Finding(is_well=True, text="answers")
SILENT = Finding(is_well=False, text="does not answer")


class Statuses(BaseHTTPRequestHandler):
    """Answers with the status that the server was made with."""

    def do_GET(self) -> None:
        self.send_response(self.server.status)  # type: ignore[attr-defined]  # set below
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def serving() -> Iterator[Callable[[int], str]]:
    """Start a server that answers with a status, and give its URL."""
    servers = []

    def start(status: int) -> str:
        server = ThreadingHTTPServer(("127.0.0.1", 0), Statuses)
        server.status = status  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def a_store(folder: Path) -> Store:
    return Store.open(f"sqlite:///{folder / 'luthier.db'}")


def test_a_database_of_this_version_is_well(tmp_path: Path) -> None:
    assert database_check(a_store(tmp_path))() == WELL


def test_a_database_of_another_version_is_not(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    with create_engine(f"sqlite:///{tmp_path / 'luthier.db'}").begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    assert database_check(store)() == Finding(is_well=False, text="its tables are of another version")


def test_of_a_database_that_does_not_answer_no_place_is_told(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    store.close()
    (tmp_path / "luthier.db").write_bytes(b"no database at all, and longer than a header of one would be" * 20)
    for each in tmp_path.glob("luthier.db-*"):
        each.unlink()

    assert database_check(store)() == SILENT


@pytest.mark.parametrize("status", [200, 403])
def test_an_s3_server_is_well_whatever_it_says(serving: Callable[[int], str], status: int) -> None:
    assert objects_check(serving(status))() == WELL


def test_an_s3_server_with_a_failure_is_not_well(serving: Callable[[int], str]) -> None:
    assert objects_check(serving(503))() == Finding(is_well=False, text="answers with status 503")


def test_an_s3_server_that_is_away_is_not_well() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    assert objects_check(f"http://127.0.0.1:{port}")() == SILENT


def test_a_socket_that_nobody_listens_at_is_not_well(tmp_path: Path) -> None:
    assert objects_check("http://s3", tmp_path / "s3.socket")() == SILENT


@pytest.mark.parametrize(
    ("looked_at", "found"),
    [
        ([100.0 - STALE_S, 100.0], Finding(is_well=True, text="look for work")),
        ([99.9 - STALE_S, 100.0], Finding(is_well=False, text="1 are late")),
        ([None, None], Finding(is_well=False, text="2 are late")),
    ],
)
def test_a_controller_that_has_not_looked_for_long_is_not_well(looked_at: list[float | None], found: Finding) -> None:
    assert loops_check(lambda: looked_at, lambda: 100.0)() == found


@pytest.mark.parametrize(("slots", "is_well"), [(4.0, True), (0.0, False)])
def test_a_machine_without_anything_for_training_jobs_is_not_well(slots: float, is_well: bool) -> None:
    occupancy = Occupancy(placed=0, waiting=0, levels={"slots": Level(total=slots, in_use=0.0)})

    assert capacity_check(lambda: occupancy)().is_well == is_well


def test_those_who_ask_again_at_once_cost_nothing() -> None:
    asked, now = [], [50.0]
    health = Health({"only": lambda: asked.append(1) or WELL}, lambda: now[0])  # type: ignore[func-returns-value]
    health.look()
    now[0] += KEPT_S - 0.01
    health.look()
    assert len(asked) == 1

    now[0] += 0.02
    health.look()

    assert len(asked) == 2


def test_a_clock_that_goes_back_keeps_no_answer_for_ever() -> None:
    asked, now = [], [50.0]
    health = Health({"only": lambda: asked.append(1) or WELL}, lambda: now[0])  # type: ignore[func-returns-value]
    health.look()

    now[0] = 10.0
    health.look()

    assert len(asked) == 2
