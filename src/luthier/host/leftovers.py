"""
What an algorithm has left in a folder of each host, seen as one folder.

Where several hosts have left something under one name, the first host's counts. The folders were filled by a program
that nobody vouches for. Nothing is followed, and each file is opened without following a last link. By then the program
and all its children are gone, so nothing changes under the reader's hands.
"""

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path, PurePosixPath


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A file, folder, link or something else that was left; good until the next one is asked for."""

    path: str  # within the folder
    name: str  # its last part
    place: int  # a descriptor of the folder that it is in

    def look(self) -> os.stat_result:
        """Say what it is."""
        return os.stat(self.name, dir_fd=self.place, follow_symlinks=False)

    def opened(self) -> BufferedReader:
        """Open a file."""
        _open_up(self.name, self.place)
        return os.fdopen(os.open(self.name, os.O_RDONLY | os.O_NOFOLLOW, dir_fd=self.place), "rb")


def left_in(folders: Sequence[Path]) -> Iterator[Left]:
    """Give all that is in folders, each path once: of the same content the same in the same order."""
    given: dict[str, bool] = {}  # path: whether it is a folder
    for folder in folders:
        for parent, inner, files, place in _walk(folder):
            for name in sorted(inner + files):
                left = Left(path=str(PurePosixPath(parent, name)), name=name, place=place)
                is_folder = stat.S_ISDIR(left.look().st_mode)
                if left.path not in given:
                    given[left.path] = is_folder
                    yield left
                elif is_folder and not given[left.path]:
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
