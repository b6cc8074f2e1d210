"""Where the server listens, and where training jobs are told to find it."""

import socket
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from luthier.app.keys import Key
from luthier.app.server import listening, serve
from luthier.settings import Settings, SettingsError


def an_address_of_this_machine() -> str | None:
    """Give an IPv4 address that is no loopback address, if there is one."""
    try:
        found = socket.gethostbyname(socket.gethostname())
    except OSError:
        return None
    return None if found.startswith("127.") else found


KEY = Key(access_key="AKIAEXAMPLEEXAMPLE22", secret_key="s" * 40, account="000000000000")
HOSTS = ["127.0.0.1", "localhost", "127.0.0.3", "0.0.0.0", "::1", "::", an_address_of_this_machine()]


def a_free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


@pytest.mark.parametrize("host", [each for each in HOSTS if each])
def test_training_jobs_reach_the_server_wherever_it_listens(host: str) -> None:
    settings = Settings(host=host, port=a_free_port())

    with ExitStack() as stack:
        stack.enter_context(listening(settings))
        told = urlsplit(settings.local_url)
        socket.create_connection((told.hostname, told.port), timeout=5).close()


@pytest.mark.parametrize("host", [each for each in HOSTS if each not in (None, "::", "0.0.0.0")])
def test_clients_reach_it_where_they_are_told(host: str) -> None:
    settings = Settings(host=host, port=a_free_port())

    with listening(settings):
        socket.create_connection((host, settings.port), timeout=5).close()


def test_a_port_that_is_taken_is_named_with_the_remedy() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with (
            pytest.raises(SettingsError, match=f"127.0.0.1:{port} .*; choose another with --port"),
            ExitStack() as stack,
        ):
            stack.enter_context(listening(Settings(port=port)))


def test_nobody_is_greeted_by_a_server_that_cannot_listen(tmp_path: Path) -> None:
    greeted: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = Settings(data_folder=tmp_path, port=taken.getsockname()[1])

        with pytest.raises(SettingsError, match="cannot listen"):
            serve(settings, KEY, with_s3=False, greet=lambda: greeted.append("welcome"))

    assert not greeted
