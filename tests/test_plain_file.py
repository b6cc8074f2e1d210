"""Opening files that an algorithm may have replaced."""

import os
import socket
from pathlib import Path

import pytest

from luthier.plain_file import opened_plain


def read(file: Path | str, folder: int | None = None) -> bytes | None:
    with opened_plain(file, folder) as descriptor:
        return None if descriptor is None else os.read(descriptor, 100)


def make_link(place: Path) -> None:
    (place.parent / "other").write_text("secret")
    place.symlink_to(place.parent / "other")


def make_socket(place: Path) -> None:
    socket.socket(socket.AF_UNIX).bind(str(place))


def test_a_file_is_opened(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("a line")

    assert read(tmp_path / "log") == b"a line"


def test_a_file_is_opened_by_its_name_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("a line")
    folder = os.open(tmp_path, os.O_RDONLY)

    assert read("log", folder) == b"a line"
    os.close(folder)


@pytest.mark.parametrize(
    "make",
    [make_link, make_socket, os.mkfifo, Path.mkdir, lambda place: None],
    ids=["link", "socket", "pipe", "folder", "nothing"],
)
def test_what_is_no_plain_file_is_not_opened(tmp_path: Path, make: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    make(Path("log"))  # type: ignore[operator]

    assert read(Path("log")) is None


def test_nothing_is_left_open(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    before = len(list(Path("/proc/self/fd").iterdir()))
    read(tmp_path / "pipe")

    assert len(list(Path("/proc/self/fd").iterdir())) == before
