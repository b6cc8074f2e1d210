"""
Checkpoints: a folder of the algorithm's on each host, kept in step with a place in S3.

    before the start      every object below S3Uri becomes a file of the folder
    every few seconds     what has changed in the folder is uploaded; what is gone from it is deleted in S3
    after the end         once more, whatever the end was; it is waited for as the model's upload is

Objects that others put into S3 meanwhile are not fetched: S3 follows the folder. New files go up in the order in which
they were written, and only then is deleted what is gone, so that there is a whole checkpoint in S3 at every moment at
which there is one in the folder. A file is uploaded again if it has changed since; one that was half written is whole
once it has been. Several hosts do so side by side, each deleting only what it has fetched or uploaded itself.

AWS: "Checkpoints in Amazon SageMaker AI" and CheckpointConfig, Amazon SageMaker Developer Guide and API Reference.
"""

import io
import logging
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING

from luthier.host.channels.cache import CHUNK, DiskFullError, raise_if_full
from luthier.host.checkpoint_folder import CheckpointFolder, Version, parents
from luthier.host.object_paths import BadKeyError, paths_of, trouble_with_key
from luthier.host.patience import persistently
from luthier.objects import ObjectError, ObjectInfo, ObjectStore

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

PACE_S = 2.0  # between two looks, at least
_SHARE = 10  # and at least so many times as long as the last look took
_TICK_NS = 50_000_000  # a file system's clock stands still for a moment, within which a file may change unseen
_MOST_WARNINGS = 100  # of things that are left out: the log is nobody's dump
_ANYONE_FOLDER, _ANYONE_FILE = 0o777, 0o666  # the algorithm's user need not be ours

_logger = logging.getLogger(__name__)


class CheckpointError(Exception):
    """Checkpoints cannot be fetched or kept; the message names the object and the remedy."""


def fetch_checkpoints(uri: str, store: ObjectStore, folder: Path) -> None:
    """
    Fill an empty folder, which must be there, with the objects below *uri*; there may be none.

    Raises CheckpointError for objects that cannot be read or be files, and OSError while the store is away: then it may
    be said again.
    """
    start = below(uri)
    try:
        objects = [each for each in store.list(start) if not each.uri.endswith("/")]  # such a key marks a folder
        for path, each in paths_of(start, objects).items():
            _fetch(store, each, folder, path)
    except (ObjectError, BadKeyError, DiskFullError) as error:
        raise CheckpointError(f"CheckpointConfig: {error}") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """What is to be kept, and how. *clock* gives seconds since the epoch."""

    uri: str
    store: ObjectStore
    clock: Callable[[], float]
    pace_s: float = PACE_S


@dataclass(frozen=True, slots=True)
class Kept:
    """The checkpoints of a training job's hosts."""

    keepers: Sequence["Future[None]"]

    def failure(self) -> str | None:
        """Say why checkpoints cannot be kept any further; None while all is well."""
        ended = (each.exception() for each in self.keepers if each.done())
        return next((str(error) for error in ended if error is not None), None)


@contextmanager
def kept(folders: Sequence[CheckpointFolder], keeping: Keeping) -> Iterator[Kept]:
    """
    Keep S3 in step with folders for as long as the context lasts, and to the last byte when it ends.

    What lies in them at the beginning has been fetched. By the end of the context nobody may write to them any more;
    afterwards, too, what is given says whether S3 has refused. Raises OSError if a file cannot be read.
    """
    over = Event()
    keepers = [_Keeper(folder=each, over=over, keeping=keeping) for each in folders]
    with ThreadPoolExecutor(max(1, len(keepers)), "checkpoints") as threads:
        futures = [threads.submit(each.run) for each in keepers]
        try:
            yield Kept(futures)
        finally:
            over.set()
    for each in futures:
        with suppress(CheckpointError):  # told by `Kept.failure`
            each.result()


def below(uri: str) -> str:
    """
    Give what the URI of every checkpoint begins with.

    >>> below("s3://models/run-1")
    's3://models/run-1/'
    """
    return uri if uri.endswith("/") else f"{uri}/"


@dataclass(slots=True)
class _Keeper:
    """Keeps S3 in step with one folder."""

    folder: CheckpointFolder
    over: Event
    keeping: Keeping
    _stored: dict[str, Version | None] = field(
        init=False
    )  # what S3 has, by path; None: of a moment at which it changed
    _warned: set[str] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        self._stored = dict(self.folder.look().files)

    def run(self) -> None:
        """Look again and again, and once more when all is over."""
        is_last = False
        while not is_last:
            is_last = self.over.is_set()
            started = monotonic()
            changed, gone = self._differences()
            looked_s = monotonic() - started
            self._store_all(changed, gone)
            if not is_last:
                self.over.wait(max(self.keeping.pace_s, _SHARE * looked_s))

    def _differences(self) -> tuple[list[str], list[str]]:
        """Give the paths of what has changed, in the order in which it was written, and of what is gone."""
        look = self.folder.look()
        files = {path: version for path, version in look.files.items() if self._is_fit(path)}
        for path, why in look.left_out.items():
            self._warn(path, why)
        for path in look.closed:
            self._warn(path, "this folder cannot be looked into")
        changed = [path for path, version in files.items() if self._stored.get(path) != version]
        changed.sort(key=lambda path: (files[path].modified_ns, path))
        gone = [path for path in self._stored if path not in files and not look.may_hold(path)]
        return changed, gone

    def _store_all(self, changed: Sequence[str], gone: Sequence[str]) -> None:
        in_the_way = _in_the_way(changed, gone)
        try:
            for path in in_the_way:
                self._delete(path)
            for path in changed:
                self._upload(path)
            for path in gone:
                if path not in in_the_way:
                    self._delete(path)
        except ObjectError as error:
            raise CheckpointError(f"CheckpointConfig: {error}") from error

    def _upload(self, path: str) -> None:
        try:
            with self.folder.reading(path) as opened:
                if opened is None:
                    return
                descriptor, version = opened
                persistently(partial(self._put, path, descriptor, version.size), _keep_on)
        except PermissionError as error:  # another user's, in a container; once that is over they are ours
            if self.over.is_set():
                raise CheckpointError(f"CheckpointConfig: the host may not read {path!r}; check its mode") from error
            self._warn(path, "the host may not read it")
            return
        age_ns = int(self.keeping.clock() * 1e9) - version.modified_ns
        self._stored[path] = None if 0 <= age_ns < _TICK_NS else version

    def _put(self, path: str, descriptor: int, size: int) -> None:
        with io.BufferedReader(_Part(descriptor, size)) as body:
            self.keeping.store.put(below(self.keeping.uri) + path, body)

    def _delete(self, path: str) -> None:
        if self.folder.is_gone(path):  # a folder that changes while it is being listed may hide a file
            persistently(partial(self.keeping.store.delete, below(self.keeping.uri) + path), _keep_on)
            del self._stored[path]

    def _is_fit(self, path: str) -> bool:
        key = below(self.keeping.uri).removeprefix("s3://").partition("/")[2] + path
        why = trouble_with_key(key)
        if why is not None:
            self._warn(path, why)
        return why is None

    def _warn(self, path: str, why: str) -> None:
        if path not in self._warned and len(self._warned) < _MOST_WARNINGS:
            self._warned.add(path)
            _logger.warning("the checkpoint %r is not stored in S3: %s", path, why)


def _in_the_way(changed: Sequence[str], gone: Sequence[str]) -> set[str]:
    """Find what must be deleted first: a file whose name is a folder's by now, or whose folder's name is a file's."""
    names, folders = set(changed), {parent for path in changed for parent in parents(path)}
    return {path for path in gone if path in folders or any(parent in names for parent in parents(path))}


def _keep_on() -> None:
    """Nothing ends the waiting for S3: a checkpoint is kept to be there when all else is lost."""


class _Part(io.RawIOBase):
    """The first bytes of an open file, or fewer if it has become shorter; what is appended meanwhile is left out."""

    def __init__(self, descriptor: int, size: int) -> None:
        super().__init__()
        self._descriptor, self._place, self._size = descriptor, 0, size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer)[: self._size - self._place]
        count = os.preadv(self._descriptor, [view], self._place)
        self._place += count
        return count


def _fetch(store: ObjectStore, wanted: ObjectInfo, folder: Path, path: PurePosixPath) -> None:
    """Fetch one object; one that is gone by now, by another training job's hand, is none."""
    target = folder / path
    try:
        for each in reversed(path.parents[:-1]):
            (folder / each).mkdir(exist_ok=True)
            (folder / each).chmod(_ANYONE_FOLDER)
        target.unlink(missing_ok=True)
        with store.open(wanted.uri) as body, target.open("xb") as file:
            shutil.copyfileobj(body, file, CHUNK)
        target.chmod(_ANYONE_FILE)
    except ObjectError:
        target.unlink(missing_ok=True)
        if any(each.uri == wanted.uri for each in store.list(wanted.uri)):
            raise
    except OSError as error:
        raise_if_full(error, folder)
        raise
