"""
Artifacts: what the algorithm left in a folder of each host, packed as model.tar.gz or output.tar.gz and uploaded.

What all hosts have left becomes one archive (see `leftovers`). Links go into it as links; devices, pipes and sockets
are left out.
"""

import os
import stat
import tarfile
from collections.abc import Sequence
from pathlib import Path

from luthier.host.leftovers import Left, left_in
from luthier.objects import ObjectStore

COMPRESSION = 1  # of gzip's 9: models hardly shrink further, and the upload waits for it
OWNER = "root"  # of everything in an archive, user and group


def pack_and_upload(
    folders: Sequence[Path], uri: str, store: ObjectStore, scratch: Path, key: str | None = None
) -> None:
    """
    Pack the content of *folders*, its files at the archive's root, and store it at *uri*, encrypted with *key*.

    *scratch* is a folder for the archive while it is made. Raises what ObjectStore.put raises; an OSError means that
    the whole may be tried again.
    """
    draft = scratch / uri.rpartition("/")[2]
    try:
        pack(folders, draft)
        with draft.open("rb") as archive:
            store.put(uri, archive, key)
    finally:
        draft.unlink(missing_ok=True)


def pack(folders: Sequence[Path], archive: Path) -> None:
    """Write the content of *folders* as a gzipped tar file: the same content gives the same members in one order."""
    with tarfile.open(archive, "w:gz", compresslevel=COMPRESSION, format=tarfile.PAX_FORMAT) as tar:
        for each in left_in(folders):
            _add(tar, each)


def _add(tar: tarfile.TarFile, left: Left) -> None:
    look = left.look()
    member = tarfile.TarInfo(left.path)
    member.mode, member.mtime = stat.S_IMODE(look.st_mode), int(look.st_mtime)
    member.uname = member.gname = OWNER
    if stat.S_ISREG(look.st_mode):
        with left.opened() as file:
            member.size = os.fstat(file.fileno()).st_size
            tar.addfile(member, file)
    elif stat.S_ISDIR(look.st_mode):
        member.type = tarfile.DIRTYPE
        tar.addfile(member)
    elif stat.S_ISLNK(look.st_mode):
        member.type, member.linkname = tarfile.SYMTYPE, os.readlink(left.name, dir_fd=left.place)
        tar.addfile(member)
