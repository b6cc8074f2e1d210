"""Finding the engine of this machine."""

import sys
from pathlib import Path

import pytest

from luthier.runtimes.container.engine import EngineError, connect, find_socket


def test_the_setting_counts_before_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///from/variable")

    assert [find_socket("unix:///from/setting"), find_socket("/as/a/path"), find_socket("")] == [
        Path("/from/setting"),
        Path("/as/a/path"),
        Path("/from/variable"),
    ]


@pytest.mark.parametrize("named", ["tcp://10.0.0.1:2375", "ssh://me@there", "relative/path"])
def test_an_engine_of_another_machine_is_refused(named: str) -> None:
    with pytest.raises(EngineError, match="must be one of this machine"):
        find_socket(named)


def test_a_socket_where_nobody_answers_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=f"answers at {tmp_path}/docker.sock.*container_socket"):
        connect(str(tmp_path / "docker.sock"))


def test_without_the_sdk_the_remedy_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "docker", None)

    with pytest.raises(EngineError, match=r"pip install 'luthier\[containers\]'"):
        connect("/var/run/docker.sock")
