"""Signals that are held back: they come late, and are not lost."""

import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from luthier.app.held_signals import held_back


@pytest.fixture
def _interruptible() -> Iterator[None]:
    """Have interrupts do what they do: whoever runs the tests may ignore them, as shells do in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_interruptible")
def test_an_interrupt_waits_until_what_is_done_is_whole() -> None:
    done = []

    def work() -> None:
        with held_back():
            signal.raise_signal(signal.SIGINT)
            done.append("whole")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["whole"]


def test_without_a_signal_all_is_as_before() -> None:
    before = signal.getsignal(signal.SIGTERM)

    with held_back():
        assert signal.getsignal(signal.SIGTERM) != before

    assert signal.getsignal(signal.SIGTERM) == before


def test_a_signal_that_is_ignored_stays_so() -> None:
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        with held_back():
            signal.raise_signal(signal.SIGTERM)

        assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGTERM, before)


def test_in_another_thread_nothing_is_held_back() -> None:
    before = signal.getsignal(signal.SIGINT)
    seen = []

    def look() -> None:
        with held_back():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()

    assert seen == [before]


@pytest.mark.slow
@pytest.mark.usefixtures("_interruptible")  # an ignored signal is ignored by child processes too
def test_a_server_that_is_interrupted_as_soon_as_its_port_is_open_ends(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    command = [sys.executable, "-m", "luthier.cli", "up", "--data-folder", str(tmp_path / "data")]
    with subprocess.Popen([*command, "--port", str(port)], stderr=subprocess.PIPE) as server:
        while True:
            with socket.socket() as door:
                if door.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert server.poll() is None
            time.sleep(0.001)

        server.send_signal(signal.SIGINT)

        try:
            server.communicate(timeout=60.0)
        finally:
            server.kill()
