"""
Artifacts: what the algorithm left in a folder, packed as model.tar.gz or output.tar.gz and uploaded.

The folder was filled by a program that nobody vouches for. Nothing is followed: links go into the archive as links,
each file is opened without following a last link, and devices, pipes and sockets are left out. By then the program and
all its children are gone, so nothing changes under the packer's hands.
"""

import os
import stat
import tarfile
from collections.abc import Iterator
from pathlib import Path

from luthier.objects import ObjectStore

COMPRESSION = 1  # of gzip's 9: models hardly shrink further, and the upload waits for it
OWNER = 0  # user and group of everything in an archive


def pack_and_upload(folder: Path, uri: str, store: ObjectStore, scratch: Path) -> None:
    """
    Pack the content of *folder*, its files at the archive's root, and store the archive at *uri*.

    *scratch* is a folder for the archive while it is made. Raises what ObjectStore.put raises; an OSError means that
    the whole may be tried again.
    """
    draft = scratch / f"{folder.name}.tar.gz"
    try:
        pack(folder, draft)
        with draft.open("rb") as archive:
            store.put(uri, archive)
    finally:
        draft.unlink(missing_ok=True)


def pack(folder: Path, archive: Path) -> None:
    """Write *folder*'s content as a gzipped tar file: the same content gives the same members in the same order."""
    with tarfile.open(archive, "w:gz", compresslevel=COMPRESSION, format=tarfile.PAX_FORMAT) as tar:
        for path in _walk(folder):
            _add(tar, path, path.relative_to(folder).as_posix())


def is_empty(folder: Path) -> bool:
    """Say whether there is nothing in *folder* to pack."""
    return next(_walk(folder), None) is None


def _walk(folder: Path) -> Iterator[Path]:
    _open_up(folder)
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        yield Path(entry.path)
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path))


def _open_up(path: Path) -> None:
    """Make readable for us what the algorithm closed to everybody, as root would read it on SageMaker."""
    mode = path.stat().st_mode
    if not os.access(path, os.R_OK):
        path.chmod(mode | (stat.S_IRWXU if stat.S_ISDIR(mode) else stat.S_IRUSR))


def _add(tar: tarfile.TarFile, path: Path, name: str) -> None:
    look = path.lstat()
    if stat.S_ISREG(look.st_mode):
        _open_up(path)
        _add_file(tar, path, name)
    elif stat.S_ISDIR(look.st_mode) or stat.S_ISLNK(look.st_mode):
        tar.addfile(_described(tar, path, name))


def _add_file(tar: tarfile.TarFile, path: Path, name: str) -> None:
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
        look = os.fstat(file.fileno())
        member = tarfile.TarInfo(name)
        member.size, member.mode, member.mtime = look.st_size, stat.S_IMODE(look.st_mode), int(look.st_mtime)
        tar.addfile(member, file)


def _described(tar: tarfile.TarFile, path: Path, name: str) -> tarfile.TarInfo:
    member = tar.gettarinfo(path, arcname=name)
    member.uid = member.gid = OWNER
    member.uname = member.gname = "root"
    return member
