"""
File mode: the channel's objects as files of the algorithm's own.

| S3Uri            | key              | file below /opt/ml/input/data/CHANNEL |
|------------------|------------------|---------------------------------------|
| s3://b/train/    | train/a/x.csv    | a/x.csv                               |
| s3://b/train     | train/a/x.csv    | a/x.csv     (every key is below train/) |
| s3://b/train.csv | train.csv        | train.csv                             |
| s3://b/tr        | train/x, trial   | train/x, trial (a plain prefix)       |

The objects of a ManifestFile are placed likewise, with the manifest's prefix for S3Uri.

AWS: S3DataSource, Amazon SageMaker API Reference.
"""

import fcntl
import shutil
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from luthier.host.channels import ChannelError
from luthier.host.channels.cache import DiskFullError, InputCache, fetch, raise_if_full
from luthier.host.channels.manifests import Manifest, read_manifest
from luthier.host.channels.order import Share, share_of
from luthier.host.object_paths import BadKeyError, paths_of
from luthier.objects import ObjectError, ObjectInfo, ObjectStore
from luthier.records.channel import Channel, DataType

FICLONE = 0x40049409  # linux/fs.h: share the blocks of a file until one side writes
FEW = 100  # objects of a manifest that are looked for one by one; more are found by listing its prefix


def fill(
    channel: Channel,
    store: ObjectStore,
    target: Path,
    cache: InputCache,
    share: Share = Share(),  # noqa: B008  # frozen
) -> None:
    """
    Fill *target* with a host's share of the channel's objects: the algorithm's own copy, which it may write to.

    Raises ChannelError when the input is not as it should be, and OSError when the object store cannot be reached.
    """
    try:
        objects = _share(channel, store, share)
        with cache.held(store, objects) as source:
            if source is None:
                fetch(store, objects, target)
            else:
                _copy_all(source, objects, target)
    except (ObjectError, DiskFullError) as error:
        raise ChannelError(f"channel {channel.name!r}: {error}") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What the cache holds of a channel, to be read where it lies and never to be written to."""

    folder: Path
    size: int  # bytes


def hold(channel: Channel, store: ObjectStore, cache: InputCache, share: Share, keep: ExitStack) -> Held | None:
    """
    Hold a host's share of the channel's objects in the cache for as long as *keep* lasts; None if it has no room.

    Raises what `fill` raises.
    """
    try:
        objects = _share(channel, store, share)
        with ExitStack() as attempt:
            folder = attempt.enter_context(cache.held(store, objects))
            if folder is None:
                return None
            keep.push(attempt.pop_all())
            return Held(folder=folder, size=sum(each.size for each in objects.values()))
    except (ObjectError, DiskFullError) as error:
        raise ChannelError(f"channel {channel.name!r}: {error}") from error


def _copy_all(source: Path, paths: Iterable[PurePosixPath], target: Path) -> None:
    try:
        for path in paths:
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            copy(source / path, target / path)
    except OSError as error:
        raise_if_full(error, target)
        raise


def _share(channel: Channel, store: ObjectStore, share: Share) -> Mapping[PurePosixPath, ObjectInfo]:
    every = _objects(channel, store)
    return {path: every[path] for path in share_of(list(every), channel, share)}


def _objects(channel: Channel, store: ObjectStore) -> Mapping[PurePosixPath, ObjectInfo]:
    if channel.data_type is DataType.S3_PREFIX:
        return local_paths(channel, list(store.list(channel.uri)))
    manifest = read_manifest(channel, store)
    return paths_below(channel, manifest.prefix, look_up(channel, manifest, store))


def look_up(channel: Channel, manifest: Manifest, store: ObjectStore) -> list[ObjectInfo]:
    """Find the objects of a manifest, each once; raises ChannelError for one that is not there."""
    wanted = dict.fromkeys(manifest.uris)
    prefixes = list(wanted) if len(wanted) <= FEW else [manifest.prefix]
    found: dict[str, ObjectInfo] = {}
    for prefix in prefixes:
        for each in store.list(prefix):
            if each.uri in wanted:
                found[each.uri] = each
            if each.uri == prefix or len(found) == len(wanted):
                break
    for uri in wanted:
        if uri not in found:
            raise ChannelError(f"channel {channel.name!r}: the manifest {channel.uri}: there is no object {uri}")
    return [found[uri] for uri in wanted]


def local_paths(channel: Channel, found: list[ObjectInfo]) -> Mapping[PurePosixPath, ObjectInfo]:
    """Say which object becomes which file; raises ChannelError for none at all, and for names that make no file."""
    objects = [each for each in found if not each.uri.endswith("/")]  # a key with a slash at its end marks a folder
    if not objects:
        raise ChannelError(
            f"channel {channel.name!r}: No S3 objects found under S3 URL {channel.uri!r}; check S3Uri, and that the "
            "bucket is in this region and readable for the role"
        )
    return paths_below(channel, channel.uri, objects)


def paths_below(channel: Channel, prefix: str, objects: list[ObjectInfo]) -> Mapping[PurePosixPath, ObjectInfo]:
    """Say which object, all of whose URIs begin with *prefix*, becomes which file; raises ChannelError as above."""
    try:
        return paths_of(_folder(prefix, objects), objects)
    except BadKeyError as error:
        raise ChannelError(f"channel {channel.name!r}: {error}") from error


def copy(source: Path, target: Path) -> None:
    """Copy a file, sharing its blocks where the file system can (never by a hard link: the copy may be written to)."""
    with source.open("rb") as original, target.open("xb") as own:
        try:
            fcntl.ioctl(own.fileno(), FICLONE, original.fileno())
        except OSError:
            shutil.copyfileobj(original, own, 1024 * 1024)


def _folder(uri: str, objects: list[ObjectInfo]) -> str:
    """Give what every object's URI begins with that is not part of its local name."""
    below = uri.rstrip("/") + "/"
    if all(each.uri.startswith(below) for each in objects):
        return below
    return uri[: uri.rindex("/") + 1]
