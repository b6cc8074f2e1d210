"""How much of its volume a training job has used."""

import os
from pathlib import Path

from luthier.host.volume import used_bytes

MB = 1 << 20


def test_files_in_sub_folders_count(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "file").write_bytes(os.urandom(MB))

    assert MB <= used_bytes([tmp_path]) < 2 * MB


def test_a_file_with_two_names_counts_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(os.urandom(MB))
    (tmp_path / "again").hardlink_to(tmp_path / "file")

    assert used_bytes([tmp_path]) < 2 * MB


def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(os.urandom(MB))
    (tmp_path / "ml").mkdir()
    (tmp_path / "ml" / "loop").symlink_to(tmp_path)

    assert used_bytes([tmp_path / "ml"]) < MB


def test_a_file_of_holes_counts_in_full(tmp_path: Path) -> None:
    with (tmp_path / "holes").open("wb") as file:
        file.truncate(1 << 40)

    assert used_bytes([tmp_path]) >= 1 << 40


def test_what_is_not_there_takes_no_room(tmp_path: Path) -> None:
    assert used_bytes([tmp_path / "nothing"]) == 0
