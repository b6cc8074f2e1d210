"""
A folder that an algorithm is at work in, looked at from outside of its sandbox.

The algorithm may put anything in the place of anything at any moment. So what is opened is opened by single names, from
a folder that it cannot replace, and never through a link; links, pipes, sockets and devices are left out. What it has
closed to everybody is opened to its owner, as root would read it on SageMaker.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_GONE = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP}
_LONGEST = 1024  # bytes of a path within the folder: no key is longer, so nothing deeper is of use

_KINDS = {
    stat.S_IFLNK: "it is a link",
    stat.S_IFIFO: "it is a named pipe",
    stat.S_IFSOCK: "it is a socket",
    stat.S_IFBLK: "it is a device",
    stat.S_IFCHR: "it is a device",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What tells one state of a file from another."""

    modified_ns: int
    size: int  # bytes
    inode: int


@dataclass(frozen=True, slots=True)
class Look:
    """What was there at one look."""

    files: dict[str, Version] = field(default_factory=dict)  # by their paths within the folder
    left_out: dict[str, str] = field(default_factory=dict)  # other things, by their paths: why
    closed: set[str] = field(default_factory=set)  # folders that could not be looked into; "" is the whole

    def may_hold(self, path: str) -> bool:
        """Say whether a file that was not seen may be there all the same, where it could not be looked for."""
        return "" in self.closed or any(parent in self.closed for parent in parents(path))


class CheckpointFolder:
    """A folder, found anew at every look below one that was opened at the start and cannot be replaced."""

    def __init__(self, anchor: int, parts: tuple[str, ...]) -> None:
        """Have the folder named by *parts* below an open folder."""
        self._anchor, self._parts = anchor, parts

    @classmethod
    @contextmanager
    def opened_below(cls, anchor: Path, parts: tuple[str, ...] = ()) -> Iterator[Self]:
        """Look below *anchor* for as long as the context lasts; nobody but us can put another in its place."""
        descriptor = os.open(anchor, _FOLDER)
        try:
            yield cls(descriptor, parts)
        finally:
            os.close(descriptor)

    def look(self) -> Look:
        """See what is there now, as far as that can be said of a folder at work; nothing, if it is not there."""
        look, waiting = Look(), [""]
        while waiting:
            path = waiting.pop()
            try:
                with self._folder(path) as place:
                    waiting += _looked_into(place, path, look)
            except FileNotFoundError:
                continue
            except OSError:
                look.closed.add(path)
        return look

    @contextmanager
    def reading(self, path: str) -> Iterator[tuple[int, Version] | None]:
        """Open a file, and say which version of it that is; None if it is none, or no file, any more."""
        descriptor = self._file(path)
        if descriptor is None:
            yield None
            return
        try:
            about = os.fstat(descriptor)
            yield (descriptor, _version(about)) if stat.S_ISREG(about.st_mode) else None
        finally:
            os.close(descriptor)

    def is_gone(self, path: str) -> bool:
        """Say whether there is certainly no such file."""
        parent, _, name = path.rpartition("/")
        try:
            with self._folder(parent) as place:
                return not stat.S_ISREG(os.stat(name, dir_fd=place, follow_symlinks=False).st_mode)
        except OSError as error:
            return error.errno in _GONE

    def _file(self, path: str) -> int | None:
        parent, _, name = path.rpartition("/")
        try:
            with self._folder(parent) as place:
                return _opened(name, _FILE, place)
        except OSError as error:
            if error.errno in _GONE or error.errno == errno.ENXIO:  # a socket
                return None
            raise

    @contextmanager
    def _folder(self, path: str) -> Iterator[int]:
        place = os.dup(self._anchor)
        try:
            for name in (*self._parts, *(path.split("/") if path else ())):
                inner = _opened(name, _FOLDER, place)
                os.close(place)
                place = inner
            yield place
        finally:
            os.close(place)


def parents(path: str) -> Iterator[str]:
    """
    Name the folders around a path, the inner ones first.

    >>> list(parents("a/b/c"))
    ['a/b', 'a']
    """
    while (path := path.rpartition("/")[0]) != "":
        yield path


def _looked_into(place: int, path: str, look: Look) -> Iterator[str]:
    """Enter what is in a folder into a look; gives the folders in it."""
    with os.scandir(place) as entries:
        for entry in entries:
            inner = f"{path}/{entry.name}" if path else entry.name
            try:
                about = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            if stat.S_ISREG(about.st_mode):
                look.files[inner] = _version(about)
            elif not stat.S_ISDIR(about.st_mode):
                look.left_out[inner] = _KINDS[stat.S_IFMT(about.st_mode)]
            elif len(os.fsencode(inner)) >= _LONGEST:
                look.left_out[inner] = "it lies too deep for any key"
            else:
                yield inner


def _version(about: os.stat_result) -> Version:
    return Version(modified_ns=about.st_mtime_ns, size=about.st_size, inode=about.st_ino)


def _opened(name: str, flags: int, place: int) -> int:
    """Open something, making it readable for us if need be and if it is ours."""
    try:
        return os.open(name, flags, dir_fd=place)
    except PermissionError:
        _unlock(name, place)
        return os.open(name, flags, dir_fd=place)


def _unlock(name: str, place: int) -> None:
    descriptor = os.open(name, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=place)
    try:
        mode = os.fstat(descriptor).st_mode
        wanted = stat.S_IRWXU if stat.S_ISDIR(mode) else stat.S_IRUSR
        if stat.S_ISDIR(mode) or stat.S_ISREG(mode):  # by the descriptor: its name may be a link by now
            Path(f"/proc/self/fd/{descriptor}").chmod(stat.S_IMODE(mode) | wanted)
    finally:
        os.close(descriptor)
