"""
The input cache: what a channel's URI holds, fetched once per machine and version, and kept while there is room.

    <cache>/<digest of every URI, size and ETag>/...   complete, read-only
    <cache>/<digest>.draft/                            half a fetch; whoever comes next clears it away
    <cache>/<digest>.lock                              flocked: by one while it fetches, by many while they read;
                                                       its text is the size, its time that of the last use
    <cache>/room.lock                                  flocked by whoever makes room

A folder gets its name only when it is complete, so a crash half-way leaves nothing that could be taken for the whole.
Another version of an object has another ETag, hence another digest. A size is written down before the fetch begins, so
that two who fetch at once both count. Where there is no room, because everything is in use or the data set is larger
than the cache, a training job fetches for itself alone. So it does where an object is encrypted with a KMS key.
"""

import errno
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from luthier.objects import ObjectError, ObjectInfo, ObjectStore, is_encrypted

CHUNK = 1024 * 1024


class DiskFullError(Exception):
    """This machine's disk is full; the message says where, and what to do."""


@dataclass(frozen=True, slots=True)
class InputCache:
    """Data sets in a folder, *most* bytes of them altogether. Safe to share between processes."""

    folder: Path
    most: int  # bytes

    def without_room(self) -> "InputCache":
        """Give a cache in which nothing is kept, for input that must not lie about readable."""
        return InputCache(self.folder, 0)

    @contextmanager
    def held(self, store: ObjectStore, objects: Mapping[PurePosixPath, ObjectInfo]) -> Iterator[Path | None]:
        """
        Give the folder in which every object lies under its relative path, fetching it first if need be.

        It stays while it is held; None where there is no room for it. Raises ObjectError when an object is gone or
        changed while it was being fetched, OSError when the store is away, DiskFullError when the disk is full.
        """
        size = sum(each.size for each in objects.values())
        if size > self.most:
            yield None
            return
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        place = _DataSet(self.folder, _digest(objects))
        with place.locked() as lock:
            if self._is_there(store, objects, place, lock, size):
                os.utime(lock.fileno())
                yield place.folder
                return
        yield None

    def _is_there(
        self,
        store: ObjectStore,
        objects: Mapping[PurePosixPath, ObjectInfo],
        place: "_DataSet",
        lock: IO[str],
        size: int,
    ) -> bool:
        """See to it that a data set is there, its lock being shared; False if there is no room."""
        while not place.folder.exists():
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not place.folder.exists() and not self._fetched(store, objects, place, lock, size):
                return False
            fcntl.flock(lock, fcntl.LOCK_SH)  # not at one instant: it may have been evicted, so look again
        return True

    def _fetched(
        self,
        store: ObjectStore,
        objects: Mapping[PurePosixPath, ObjectInfo],
        place: "_DataSet",
        lock: IO[str],
        size: int,
    ) -> bool:
        """Fetch a data set, its lock being held; False if there is no room."""
        place.clear()
        if not self._has_made_room(place, lock, size):
            return False
        try:
            fetch(store, objects, place.draft, for_all=True)
            place.draft.rename(place.folder)
        except DiskFullError:
            place.clear()
            raise
        except _SecretError:
            place.clear()
            _write_size(lock, 0)
            return False
        return True

    def _has_made_room(self, place: "_DataSet", lock: IO[str], size: int) -> bool:
        """Evict what was used longest ago until there is room, and take the room; False if there cannot be."""
        with (self.folder / "room.lock").open("a") as room:
            fcntl.flock(room, fcntl.LOCK_EX)
            others = [each for each in self._all() if each != place]
            used = sum(each.size() for each in others)
            for each in sorted(others, key=_DataSet.used_at):
                if used + size <= self.most:
                    break
                used -= each.evicted()
            if used + size > self.most:
                return False
            _write_size(lock, size)
            return True

    def _all(self) -> list["_DataSet"]:
        return [_DataSet(self.folder, each.stem) for each in self.folder.glob("*.lock") if each.stem != "room"]


def fetch(
    store: ObjectStore, objects: Mapping[PurePosixPath, ObjectInfo], folder: Path, *, for_all: bool = False
) -> None:
    """
    Fetch objects into *folder*, over what is there of them; raises as `InputCache.held` does.

    What is fetched *for_all* must not be encrypted where it lies: raises an error of this module for what is.
    """
    folder.mkdir(exist_ok=True)
    try:
        for path, each in objects.items():
            _fetch(store, each, folder / path, for_all=for_all)
    except OSError as error:
        raise_if_full(error, folder)
        raise


def raise_if_full(error: OSError, folder: Path) -> None:
    """Raise DiskFullError if that is what *error* says of the disk of *folder*."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        raise DiskFullError(
            f"the disk of this machine is full: {folder}; make room on it, or lower cache_gb"
        ) from error


@dataclass(frozen=True, slots=True)
class _DataSet:
    """One data set of a cache."""

    cache: Path
    digest: str

    @property
    def folder(self) -> Path:
        return self.cache / self.digest

    @property
    def draft(self) -> Path:
        return self.cache / f"{self.digest}.draft"

    @property
    def lock(self) -> Path:
        return self.cache / f"{self.digest}.lock"

    @contextmanager
    def locked(self) -> Iterator[IO[str]]:
        """Share the lock, on the very file that bears its name: an evicted data set's is gone."""
        while True:
            with self.lock.open("a+") as lock:
                fcntl.flock(lock, fcntl.LOCK_SH)
                if _is_at(lock, self.lock):
                    yield lock
                    return

    def size(self) -> int:
        """Say how much room it takes, or will."""
        try:
            return int(self.lock.read_text(encoding="ascii") or "0")
        except FileNotFoundError:
            return 0

    def used_at(self) -> float:
        """Say when it was used last; long ago, if it is gone."""
        try:
            return self.lock.stat().st_mtime
        except FileNotFoundError:
            return 0.0

    def evicted(self) -> int:
        """Delete it, unless it is in use, and say how much room that made."""
        try:
            lock = self.lock.open("r+")
        except FileNotFoundError:
            return 0
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return 0
            if not _is_at(lock, self.lock):
                return 0
            freed = self.size()
            if self.folder.exists():
                self.clear()
                self.folder.rename(self.draft)  # at one instant it is no whole any more
            self.clear()
            self.lock.unlink()
            return freed

    def clear(self) -> None:
        """Delete half a fetch, if there is one."""
        if self.draft.exists():
            shutil.rmtree(self.draft)


def _digest(objects: Mapping[PurePosixPath, ObjectInfo]) -> str:
    lines = (f"{path}\0{each.uri}\0{each.size}\0{each.etag}" for path, each in sorted(objects.items()))
    return hashlib.sha256("\n".join(lines).encode(errors="surrogateescape")).hexdigest()[:32]


class _SecretError(Exception):
    """An object is encrypted where it lies: only who may use its key may have it, and nobody finds it on this disk."""


def _fetch(store: ObjectStore, wanted: ObjectInfo, path: Path, *, for_all: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with store.open(wanted.uri) as body, path.open("xb") as file:
        if for_all and is_encrypted(body):
            raise _SecretError
        shutil.copyfileobj(body, file, CHUNK)
        size = file.tell()
    if size != wanted.size or wanted not in store.list(wanted.uri):
        raise ObjectError(f"{wanted.uri}: it changed while it was being read; start again when it stands still")


def _write_size(lock: IO[str], size: int) -> None:
    lock.truncate(0)
    lock.write(str(size))
    lock.flush()


def _is_at(file: IO[str], path: Path) -> bool:
    """Say whether an open file is the one of that name."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False
