"""The input cache: bounded, shared by processes, and never half full of anything."""

import errno
import fcntl
import io
import os
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import BinaryIO

import pytest

from luthier.host.channels.cache import DiskFullError, InputCache
from luthier.objects import ObjectError, ObjectInfo

Objects = Mapping[PurePosixPath, ObjectInfo]


class Body(io.BytesIO):
    is_encrypted = False


class Kept:
    """Objects held in memory, which says what was opened."""

    def __init__(self, **bodies: bytes) -> None:
        self.bodies = {f"s3://b/{name}": body for name, body in bodies.items()}
        self.opened: list[str] = []
        self.fault: Exception | None = None
        self.secrets: set[str] = set()  # names of what is encrypted

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        for uri, body in sorted(self.bodies.items()):
            if uri.startswith(prefix):
                yield ObjectInfo(uri=uri, size=len(body), etag=body[:8].hex())

    def open(self, uri: str) -> BinaryIO:
        if self.fault is not None:
            raise self.fault
        self.opened.append(uri)
        body = Body(self.bodies[uri])
        body.is_encrypted = uri.rpartition("/")[2] in self.secrets
        return body

    def put(self, uri: str, body: BinaryIO, key: str | None = None) -> None:
        self.bodies[uri] = body.read()

    def data_set(self, *names: str) -> Objects:
        found = {each.uri: each for each in self.list("s3://b/")}
        return {PurePosixPath(name): found[f"s3://b/{name}"] for name in names}


@pytest.fixture
def store() -> Kept:
    return Kept(a=b"a" * 40, b=b"b" * 40, c=b"c" * 40)


@pytest.fixture
def cache(tmp_path: Path) -> InputCache:
    """A cache that has room for two of the store's objects."""
    return InputCache(tmp_path / "cache", 100)


def use(cache: InputCache, store: Kept, *names: str, at: int | None = None) -> bool:
    """Use a data set, and date that back; says whether it was kept."""
    with cache.held(store, store.data_set(*names)) as folder:
        if folder is None:
            return False
        assert [(folder / name).read_bytes() for name in names] == [store.bodies[f"s3://b/{name}"] for name in names]
    if at is not None:
        os.utime(folder.with_suffix(".lock"), (at, at))
    return True


def kept_bytes(cache: InputCache) -> int:
    return sum(each.stat().st_size for each in cache.folder.glob("*/**/*") if each.is_file())


def test_a_data_set_is_fetched_once(cache: InputCache, store: Kept) -> None:
    use(cache, store, "a", "b")
    use(cache, store, "a", "b")

    assert store.opened == ["s3://b/a", "s3://b/b"]


@pytest.mark.parametrize("secret", ["a", "b"])
def test_what_is_encrypted_is_never_kept(cache: InputCache, store: Kept, secret: str) -> None:
    """Not for a moment of another job's, which may not use the key, nor on the disk."""
    store.secrets = {secret}

    assert not use(cache, store, "a", "b")
    assert kept_bytes(cache) == 0
    assert use(cache, store, "c")


def test_what_was_used_longest_ago_makes_room(cache: InputCache, store: Kept) -> None:
    use(cache, store, "a", at=1)
    use(cache, store, "b", at=2)
    use(cache, store, "a", at=3)

    assert use(cache, store, "c")

    assert kept_bytes(cache) == 80
    assert use(cache, store, "a")
    assert store.opened == ["s3://b/a", "s3://b/b", "s3://b/c"]


def test_nothing_is_left_of_what_was_evicted(cache: InputCache, store: Kept) -> None:
    for name in "abc":
        use(cache, store, name)

    assert len(list(cache.folder.glob("*.lock"))) == 3  # two data sets, and the room
    assert not list(cache.folder.glob("*.draft"))


def test_what_is_in_use_is_not_evicted(cache: InputCache, store: Kept) -> None:
    with cache.held(store, store.data_set("a", "b")) as folder:
        assert folder is not None

        assert not use(cache, store, "c")

        assert (folder / "a").read_bytes() == b"a" * 40


def test_two_that_find_no_room_do_not_wait_for_each_other(cache: InputCache, store: Kept) -> None:
    with (
        cache.held(store, store.data_set("a", "b")),
        cache.held(store, store.data_set("c")) as one,
        cache.held(store, store.data_set("c")) as two,
    ):
        assert (one, two) == (None, None)


def test_a_data_set_larger_than_the_cache_is_not_kept_and_evicts_nothing(cache: InputCache, store: Kept) -> None:
    use(cache, store, "a")

    assert not use(cache, store, "a", "b", "c")

    assert kept_bytes(cache) == 40


def test_a_cache_without_room_keeps_nothing(tmp_path: Path, store: Kept) -> None:
    assert not use(InputCache(tmp_path / "cache", 0), store, "a")

    assert not (tmp_path / "cache").exists()


def test_another_version_is_another_data_set(cache: InputCache, store: Kept) -> None:
    use(cache, store, "a")
    store.put("s3://b/a", io.BytesIO(b"A" * 40))

    use(cache, store, "a")

    assert store.opened == ["s3://b/a", "s3://b/a"]


def test_half_a_fetch_is_no_data_set(cache: InputCache, store: Kept) -> None:
    wanted = store.data_set("a", "b")
    store.fault = ConnectionError("away")
    with pytest.raises(ConnectionError), cache.held(store, wanted):
        pytest.fail("it gave half")
    store.fault = None

    assert use(cache, store, "a", "b")


def test_half_a_fetch_of_a_dead_host_makes_room(cache: InputCache, store: Kept) -> None:
    store.fault = ConnectionError("away")
    with pytest.raises(ConnectionError), cache.held(store, store.data_set("a", "b")):
        pytest.fail("it gave half")
    store.fault = None

    assert use(cache, store, "c")
    assert use(cache, store, "a")
    assert not list(cache.folder.glob("*.draft"))


def test_an_object_that_changes_while_it_is_read_is_not_kept(cache: InputCache, store: Kept) -> None:
    wanted = store.data_set("a")
    store.put("s3://b/a", io.BytesIO(b"A" * 40))

    with pytest.raises(ObjectError, match="it changed while it was being read"), cache.held(store, wanted):
        pytest.fail("it gave another version")


def test_a_full_disk_is_said_and_nothing_stays_on_it(cache: InputCache, store: Kept) -> None:
    store.fault = OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(DiskFullError, match="the disk of this machine is full"), cache.held(store, store.data_set("a")):
        pytest.fail("it gave nothing")

    assert not list(cache.folder.glob("*.draft"))


def test_a_lock_of_an_evicted_data_set_is_not_taken_for_its_own(cache: InputCache, store: Kept) -> None:
    """One who waits for a lock while the data set is evicted holds a file without a name, and must look again."""
    use(cache, store, "a")
    (path,) = [each for each in cache.folder.glob("*.lock") if each.stem != "room"]
    with path.open("a+") as held:
        fcntl.flock(held, fcntl.LOCK_SH)
        path.unlink()

        assert use(cache, store, "a")

    assert path.exists()
