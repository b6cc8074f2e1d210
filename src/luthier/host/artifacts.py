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
from pathlib import Path, PurePosixPath

from luthier.objects import ObjectStore

COMPRESSION = 1  # of gzip's 9: models hardly shrink further, and the upload waits for it
OWNER = "root"  # of everything in an archive, user and group


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
        for parent, names, place in _walk(folder):
            for name in names:
                _add(tar, str(PurePosixPath(parent, name)), name, place)


def is_empty(folder: Path) -> bool:
    """Say whether there is nothing in *folder* to pack."""
    return not any(folder.iterdir())


def _walk(folder: Path) -> Iterator[tuple[str, list[str], int]]:
    """
    Give every folder's path below *folder*, its sorted names, and a descriptor of it.

    Only descriptors and single names are used, so no path is too long however deep it lies.
    """
    _open_up(str(folder), None)
    for parent, folders, files, place in os.fwalk(folder, follow_symlinks=False):
        folders.sort()
        for name in folders:
            _open_up(name, place)
        yield os.path.relpath(parent, folder), sorted(folders + files), place


def _open_up(name: str, place: int | None) -> None:
    """Make readable for us what the algorithm closed to everybody, as root would read it on SageMaker."""
    mode = os.stat(name, dir_fd=place, follow_symlinks=False).st_mode
    wanted = stat.S_IRWXU if stat.S_ISDIR(mode) else stat.S_IRUSR
    if not stat.S_ISLNK(mode) and mode & wanted != wanted:
        os.chmod(name, stat.S_IMODE(mode) | wanted, dir_fd=place)


def _add(tar: tarfile.TarFile, path: str, name: str, place: int) -> None:
    look = os.stat(name, dir_fd=place, follow_symlinks=False)
    member = tarfile.TarInfo(path)
    member.mode, member.mtime = stat.S_IMODE(look.st_mode), int(look.st_mtime)
    member.uname = member.gname = OWNER
    if stat.S_ISREG(look.st_mode):
        _open_up(name, place)
        with os.fdopen(os.open(name, os.O_RDONLY | os.O_NOFOLLOW, dir_fd=place), "rb") as file:
            member.size = os.fstat(file.fileno()).st_size
            tar.addfile(member, file)
    elif stat.S_ISDIR(look.st_mode):
        member.type = tarfile.DIRTYPE
        tar.addfile(member)
    elif stat.S_ISLNK(look.st_mode):
        member.type, member.linkname = tarfile.SYMTYPE, os.readlink(name, dir_fd=place)
        tar.addfile(member)
