"""
The input cache: what a channel's URI holds, fetched once per machine and version.

    <cache>/<digest of every URI, size and ETag>/files/...   complete, read-only
    <cache>/<digest>.lock                                    held while it is being filled
    <cache>/<digest>.draft/                                  half a fetch; the next one begins by clearing it

A folder gets its name only when it is complete, so a crash half-way leaves nothing that could be taken for the whole.
Another version of an object has another ETag, hence another digest.
"""

import fcntl
import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from luthier.objects import ObjectError, ObjectInfo, ObjectStore

CHUNK = 1024 * 1024


def fetched(store: ObjectStore, objects: Mapping[PurePosixPath, ObjectInfo], cache: Path) -> Path:
    """
    Give the folder in which every object lies under its relative path, fetching it first if need be.

    Raises ObjectError when an object is gone or changed while it was being fetched, OSError when the store is away.
    """
    cache.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest = _digest(objects)
    folder, draft = cache / digest, cache / f"{digest}.draft"
    with (cache / f"{digest}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            shutil.rmtree(draft, ignore_errors=True)
            for path, each in objects.items():
                _fetch(store, each, draft / path)
            draft.mkdir(exist_ok=True)
            draft.rename(folder)
    return folder


def _digest(objects: Mapping[PurePosixPath, ObjectInfo]) -> str:
    lines = (f"{path}\0{each.uri}\0{each.size}\0{each.etag}" for path, each in sorted(objects.items()))
    return hashlib.sha256("\n".join(lines).encode(errors="surrogateescape")).hexdigest()[:32]


def _fetch(store: ObjectStore, wanted: ObjectInfo, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with store.open(wanted.uri) as body, path.open("xb") as file:
        shutil.copyfileobj(body, file, CHUNK)
        size = file.tell()
    if size != wanted.size or wanted not in store.list(wanted.uri):
        raise ObjectError(f"{wanted.uri}: it changed while it was being read; start again when it stands still")
    path.chmod(0o444)
