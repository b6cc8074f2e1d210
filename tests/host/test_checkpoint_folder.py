"""A folder that an algorithm is at work in, looked at from outside."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from luthier.host.checkpoint_folder import CheckpointFolder, Look

NOBODY = 65534


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "ml" / "checkpoints").mkdir(parents=True)
    return tmp_path / "ml" / "checkpoints"


@pytest.fixture
def folder(place: Path) -> Iterator[CheckpointFolder]:
    with CheckpointFolder.opened_below(place.parent, ("checkpoints",)) as folder:
        yield folder


def content(folder: CheckpointFolder, path: str) -> bytes | None:
    with folder.reading(path) as opened:
        return None if opened is None else os.read(opened[0], 100)


def test_files_are_seen_in_all_sub_folders(folder: CheckpointFolder, place: Path) -> None:
    (place / "a" / "b").mkdir(parents=True)
    (place / "a" / "b" / "x").write_bytes(b"12")
    (place / "y").write_bytes(b"1")

    assert {path: version.size for path, version in folder.look().files.items()} == {"a/b/x": 2, "y": 1}


def test_a_file_that_was_replaced_is_another_version(folder: CheckpointFolder, place: Path) -> None:
    (place / "x").write_bytes(b"1")
    before = folder.look().files["x"]
    (place / "draft").write_bytes(b"2")
    os.utime(place / "draft", ns=(before.modified_ns, before.modified_ns))

    (place / "draft").replace(place / "x")

    assert folder.look().files["x"] != before


def test_what_is_no_file_is_left_out(folder: CheckpointFolder, place: Path) -> None:
    (place / "link").symlink_to("/etc/passwd")
    (place / "system").symlink_to("/etc")
    os.mkfifo(place / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.fspath(place / "socket"))

    look = folder.look()

    assert (look.files, set(look.left_out)) == ({}, {"link", "system", "pipe", "socket"})


@pytest.mark.parametrize("name", ["link", "pipe", "nothing", "system/passwd", "folder"])
def test_what_is_no_file_is_not_opened(folder: CheckpointFolder, place: Path, name: str) -> None:
    """Whatever a look has said of it a moment ago."""
    (place / "link").symlink_to("/etc/passwd")
    (place / "system").symlink_to("/etc")
    (place / "folder").mkdir()
    os.mkfifo(place / "pipe")

    assert content(folder, name) is None


def test_a_link_in_the_place_of_the_folder_is_not_followed(folder: CheckpointFolder, place: Path) -> None:
    place.rmdir()
    place.symlink_to("/etc")

    look = folder.look()

    assert look.files == {}
    assert look.may_hold("a/b")


def test_a_folder_that_is_gone_holds_nothing(folder: CheckpointFolder, place: Path) -> None:
    place.rmdir()

    assert folder.look() == Look()
    assert folder.is_gone("x")


def test_a_folder_that_was_made_anew_is_the_folder(folder: CheckpointFolder, place: Path) -> None:
    place.rmdir()
    place.mkdir()
    (place / "x").write_bytes(b"1")

    assert list(folder.look().files) == ["x"]


def test_a_volume_that_was_replaced_is_not_taken_for_an_empty_one(folder: CheckpointFolder, place: Path) -> None:
    (place / "x").write_bytes(b"1")

    place.parent.rename(place.parent.with_name("away"))
    place.parent.mkdir()

    assert list(folder.look().files) == ["x"]


def test_no_folder_is_too_deep(folder: CheckpointFolder, place: Path) -> None:
    deeper = os.open(place, os.O_RDONLY)
    for _ in range(100):
        os.mkdir("d" * 100, dir_fd=deeper)
        above, deeper = deeper, os.open("d" * 100, os.O_RDONLY, dir_fd=deeper)
        os.close(above)
    os.close(deeper)

    assert list(folder.look().left_out.values()) == ["it lies too deep for any key"]


@contextmanager
def an_ordinary_user(*own: Path) -> Iterator[None]:
    """Be somebody to whom a file can be closed, and who has the given ones."""
    if os.geteuid() != 0:
        yield
        return
    for each in own:
        os.chown(each, NOBODY, NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def test_what_is_closed_is_opened(folder: CheckpointFolder, place: Path) -> None:
    (place / "a").mkdir()
    (place / "a" / "x").write_bytes(b"1")
    (place / "a" / "x").chmod(0)
    (place / "a").chmod(0)

    with an_ordinary_user(place.parent, place, place / "a", place / "a" / "x"):
        assert content(folder, "a/x") == b"1"


def test_a_name_that_is_no_text_is_a_path_all_the_same(folder: CheckpointFolder, place: Path) -> None:
    (place / os.fsdecode(b"\xff")).write_bytes(b"1")

    assert list(folder.look().files) == [os.fsdecode(b"\xff")]
