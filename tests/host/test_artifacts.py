"""What the algorithm left, packed."""

import os
import tarfile
from pathlib import Path

from luthier.host.artifacts import pack


def packed(folder: Path, tmp_path: Path) -> dict[str, tarfile.TarInfo]:
    pack([folder], tmp_path / "archive.tar.gz")
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
    pack([a_folder(tmp_path)], tmp_path / "archive.tar.gz")

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


def of_all(tmp_path: Path, *folders: Path) -> dict[str, bytes | None]:
    """Pack what several hosts have left, and give the files' contents."""
    pack(folders, tmp_path / "archive.tar.gz")
    with tarfile.open(tmp_path / "archive.tar.gz") as tar:
        files = [(member.name, tar.extractfile(member) if member.isreg() else None) for member in tar]
        return {name: file and file.read() for name, file in files}


def left(tmp_path: Path, host: str, **files: str) -> Path:
    folder = tmp_path / host
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_text(content)
    return folder


def test_what_all_hosts_left_is_one_archive(tmp_path: Path) -> None:
    one, two = left(tmp_path, "algo-1", a="1"), left(tmp_path, "algo-2", b="2")

    assert of_all(tmp_path, one, two) == {"a": b"1", "b": b"2"}


def test_of_files_with_one_name_the_first_hosts_is_kept(tmp_path: Path) -> None:
    one, two = left(tmp_path, "algo-1", a="1"), left(tmp_path, "algo-2", a="2")

    assert of_all(tmp_path, one, two) == {"a": b"1"}


def test_folders_with_one_name_become_one(tmp_path: Path) -> None:
    one, two = left(tmp_path, "algo-1"), left(tmp_path, "algo-2")
    left(one, "sub", a="1")
    left(two, "sub", b="2")

    assert of_all(tmp_path, one, two) == {"sub": None, "sub/a": b"1", "sub/b": b"2"}


def test_a_folder_is_left_out_where_an_earlier_host_has_a_link_of_its_name(tmp_path: Path) -> None:
    one, two = left(tmp_path, "algo-1"), left(tmp_path, "algo-2")
    (one / "sub").symlink_to("/etc")
    left(two, "sub", passwd="2")

    assert of_all(tmp_path, one, two) == {"sub": None}


def test_a_file_is_left_out_where_an_earlier_host_has_a_folder_of_its_name(tmp_path: Path) -> None:
    one, two = left(tmp_path, "algo-1"), left(tmp_path, "algo-2", sub="2")
    left(one, "sub", a="1")

    assert of_all(tmp_path, one, two) == {"sub": None, "sub/a": b"1"}
