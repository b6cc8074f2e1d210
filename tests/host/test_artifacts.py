"""What the algorithm left, packed."""

import os
import tarfile
from pathlib import Path

from luthier.host.artifacts import is_empty, pack


def packed(folder: Path, tmp_path: Path) -> dict[str, tarfile.TarInfo]:
    pack(folder, tmp_path / "archive.tar.gz")
    with tarfile.open(tmp_path / "archive.tar.gz") as tar:
        return {member.name: member for member in tar}


def a_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    (folder / "sub").mkdir(parents=True)
    (folder / "model.bin").write_bytes(b"weights")
    (folder / "sub" / "more.bin").write_bytes(b"more")
    return folder


def test_files_stand_at_the_archive_s_root(tmp_path: Path) -> None:
    assert list(packed(a_folder(tmp_path), tmp_path)) == ["model.bin", "sub", "sub/more.bin"]


def test_the_content_survives(tmp_path: Path) -> None:
    pack(a_folder(tmp_path), tmp_path / "archive.tar.gz")

    with tarfile.open(tmp_path / "archive.tar.gz") as tar:
        file = tar.extractfile("sub/more.bin")
        assert file is not None
        assert file.read() == b"more"


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    folder = a_folder(tmp_path)
    (folder / "secret").symlink_to("/etc/passwd")

    assert packed(folder, tmp_path)["secret"].issym()


def test_a_linked_folder_is_not_entered(tmp_path: Path) -> None:
    folder = a_folder(tmp_path)
    (folder / "system").symlink_to("/etc")

    assert not [name for name in packed(folder, tmp_path) if name.startswith("system/")]


def test_a_pipe_is_left_out(tmp_path: Path) -> None:
    folder = a_folder(tmp_path)
    os.mkfifo(folder / "pipe")

    assert "pipe" not in packed(folder, tmp_path)


def test_no_path_is_too_deep(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    place = os.open(folder, os.O_RDONLY)
    for _ in range(100):
        os.mkdir("d" * 50, dir_fd=place)
        deeper = os.open("d" * 50, os.O_RDONLY, dir_fd=place)
        os.close(place)
        place = deeper
    os.close(place)

    assert len(packed(folder, tmp_path)) == 100


def test_a_folder_closed_to_everybody_is_packed_all_the_same(tmp_path: Path) -> None:
    folder = a_folder(tmp_path)
    (folder / "sub").chmod(0)

    assert "sub/more.bin" in packed(folder, tmp_path)


def test_a_file_closed_to_everybody_is_packed_all_the_same(tmp_path: Path) -> None:
    folder = a_folder(tmp_path)
    (folder / "model.bin").chmod(0)

    assert packed(folder, tmp_path)["model.bin"].size == 7


def test_everything_belongs_to_root(tmp_path: Path) -> None:
    assert {(member.uid, member.gid) for member in packed(a_folder(tmp_path), tmp_path).values()} == {(0, 0)}


def test_an_empty_folder_is_empty(tmp_path: Path) -> None:
    assert is_empty(tmp_path)
