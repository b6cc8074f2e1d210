"""
Artifacts: what the algorithm left in a folder of each host, packed as model.tar.gz or output.tar.gz and uploaded.

What all hosts have left becomes one archive; where several have left something under one name, the first host's is
in it. The folders were filled by a program that nobody vouches for. Nothing is followed: links go into the archive as
links, each file is opened without following a last link, and devices, pipes and sockets are left out. By then the
program and all its children are gone, so nothing changes under the packer's hands.
"""

import os
import stat
import tarfile
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from luthier.objects import ObjectStore

COMPRESSION = 1  # of gzip's 9: models hardly shrink further, and the upload waits for it
OWNER = "root"  # of everything in an archive, user and group


def pack_and_upload(folders: Sequence[Path], uri: str, store: ObjectStore, scratch: Path) -> None:
    """
    Pack the content of *folders*, its files at the archive's root, and store the archive at *uri*.

    *scratch* is a folder for the archive while it is made. Raises what ObjectStore.put raises; an OSError means that
    the whole may be tried again.
    """
    draft = scratch / uri.rpartition("/")[2]
    try:
        pack(folders, draft)
        with draft.open("rb") as archive:
            store.put(uri, archive)
    finally:
        draft.unlink(missing_ok=True)


def pack(folders: Sequence[Path], archive: Path) -> None:
    """Write the content of *folders* as a gzipped tar file: the same content gives the same members in one order."""
    packed: dict[str, bool] = {}  # path: whether it is a folder
    with tarfile.open(archive, "w:gz", compresslevel=COMPRESSION, format=tarfile.PAX_FORMAT) as tar:
        for folder in folders:
            for parent, inner, files, place in _walk(folder):
                for name in sorted(inner + files):
                    path = str(PurePosixPath(parent, name))
                    is_folder = stat.S_ISDIR(os.stat(name, dir_fd=place, follow_symlinks=False).st_mode)
                    if path not in packed:
                        packed[path] = is_folder
                        _add(tar, path, name, place)
                    elif is_folder and not packed[path]:
                        inner.remove(name)  # another host's file has its name


def _walk(folder: Path) -> Iterator[tuple[str, list[str], list[str], int]]:
    """
    Give every folder's path below *folder*, the names of folders and of others in it, and a descriptor of it.

    A name that is taken from the folders' before the next step is not gone into. Only descriptors and single names are
    used, so no path is too long however deep it lies.
    """
    _open_up(str(folder), None)
    for parent, folders, files, place in os.fwalk(folder, follow_symlinks=False):
        folders.sort()
        for name in folders:
            _open_up(name, place)
        yield os.path.relpath(parent, folder), folders, files, place


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
