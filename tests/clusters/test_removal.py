"""Deleting folders that a stranger has filled."""

import os
from pathlib import Path

import pytest

from luthier.clusters.removal import remove_tree


def test_everything_in_a_folder_goes(tmp_path: Path) -> None:
    (tmp_path / "ml" / "a" / "b").mkdir(parents=True)
    (tmp_path / "ml" / "a" / "file").touch()
    os.mkfifo(tmp_path / "ml" / "pipe")

    remove_tree(tmp_path / "ml")

    assert list(tmp_path.iterdir()) == []


def test_what_is_not_there_is_gone(tmp_path: Path) -> None:
    remove_tree(tmp_path / "ml")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("place", ["ml/link", "ml"])
def test_no_link_is_followed(tmp_path: Path, place: str) -> None:
    (tmp_path / "ml").mkdir() if place != "ml" else None
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "file").touch()
    (tmp_path / place).symlink_to(tmp_path / "precious")

    remove_tree(tmp_path / "ml")

    assert [each.name for each in tmp_path.iterdir()] == ["precious"]
    assert (tmp_path / "precious" / "file").exists()


def test_a_locked_folder_goes(tmp_path: Path) -> None:
    (tmp_path / "ml" / "a" / "b").mkdir(parents=True)
    (tmp_path / "ml" / "a" / "b" / "file").touch(0o000)
    (tmp_path / "ml" / "a" / "b").chmod(0o000)
    (tmp_path / "ml" / "a").chmod(0o000)

    remove_tree(tmp_path / "ml")

    assert list(tmp_path.iterdir()) == []


def test_folders_deeper_than_any_path_go(tmp_path: Path) -> None:
    (tmp_path / "ml").mkdir()
    here = os.open(tmp_path / "ml", os.O_RDONLY)
    for _ in range(3000):
        os.mkdir("deeper", dir_fd=here)  # relative to a descriptor
        below = os.open("deeper", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)

    remove_tree(tmp_path / "ml")

    assert list(tmp_path.iterdir()) == []


def test_names_of_any_bytes_go(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path / "ml")
    os.mkdir(folder)  # noqa: PTH102  # a name of bytes
    with open(folder + b"/\xff\n", "wb"):  # noqa: PTH123  # a name of bytes
        pass

    remove_tree(tmp_path / "ml")

    assert list(tmp_path.iterdir()) == []


def test_a_removal_that_was_cut_off_is_carried_on(tmp_path: Path) -> None:
    (tmp_path / ".ml.heap" / "left" / "over").mkdir(parents=True)

    remove_tree(tmp_path / "ml")

    assert list(tmp_path.iterdir()) == []
