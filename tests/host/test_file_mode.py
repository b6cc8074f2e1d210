"""Channels in File mode, on a real S3 server."""

import io
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from luthier.host.channels import ChannelError
from luthier.host.channels.cache import InputCache
from luthier.host.channels.file_mode import fill, local_paths
from luthier.objects import ObjectInfo
from luthier.objects.s3 import S3Objects
from luthier.records.channel import Channel
from s3_server import an_object_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[S3Objects]:
    (tmp_path / "s3" / "data").mkdir(parents=True)
    with an_object_store(tmp_path) as store:
        store.put("s3://data/train/a.csv", io.BytesIO(b"1"))
        store.put("s3://data/train/sub/b.csv", io.BytesIO(b"2"))
        yield store


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("uri", ["s3://data/train/", "s3://data/train"])
def test_a_folder_s_objects_keep_their_sub_folders(store: S3Objects, tmp_path: Path, uri: str) -> None:
    fill(Channel(name="train", uri=uri), store, tmp_path / "input", InputCache(tmp_path / "cache", 1 << 30))

    assert files(tmp_path / "input") == {"a.csv": b"1", "sub/b.csv": b"2"}


def test_a_single_object_is_one_file(store: S3Objects, tmp_path: Path) -> None:
    fill(
        Channel(name="train", uri="s3://data/train/a.csv"),
        store,
        tmp_path / "input",
        InputCache(tmp_path / "cache", 1 << 30),
    )

    assert files(tmp_path / "input") == {"a.csv": b"1"}


def test_a_plain_prefix_keeps_what_follows_its_last_slash(store: S3Objects, tmp_path: Path) -> None:
    store.put("s3://data/trial", io.BytesIO(b"3"))

    fill(Channel(name="train", uri="s3://data/tr"), store, tmp_path / "input", InputCache(tmp_path / "cache", 1 << 30))

    assert files(tmp_path / "input") == {"train/a.csv": b"1", "train/sub/b.csv": b"2", "trial": b"3"}


def test_no_object_is_an_error_that_names_the_uri(store: S3Objects, tmp_path: Path) -> None:
    channel = Channel(name="train", uri="s3://data/nothing/")

    with pytest.raises(ChannelError, match="channel 'train': No S3 objects found under S3 URL 's3://data/nothing/'"):
        fill(channel, store, tmp_path / "input", InputCache(tmp_path / "cache", 1 << 30))


def test_a_missing_bucket_is_an_error_that_names_it(store: S3Objects, tmp_path: Path) -> None:
    channel = Channel(name="train", uri="s3://nowhere/x")

    with pytest.raises(ChannelError, match="channel 'train': s3://nowhere/x: there is no such bucket"):
        fill(channel, store, tmp_path / "input", InputCache(tmp_path / "cache", 1 << 30))


class Counting:
    """An object store that counts what is read from it."""

    def __init__(self, store: S3Objects) -> None:
        self.list, self.put, self._store, self.opened = store.list, store.put, store, 0

    def open(self, uri: str) -> object:
        self.opened += 1
        return self._store.open(uri)


def test_an_input_is_fetched_once_however_many_training_jobs_want_it(store: S3Objects, tmp_path: Path) -> None:
    counted = Counting(store)
    channel = Channel(name="train", uri="s3://data/train/")
    jobs = [
        threading.Thread(
            target=fill, args=(channel, counted, tmp_path / f"input{job}", InputCache(tmp_path / "cache", 1 << 30))
        )
        for job in range(4)
    ]

    for job in jobs:
        job.start()
    for job in jobs:
        job.join()

    assert counted.opened == 2


def test_an_algorithm_that_writes_to_its_input_harms_nobody(store: S3Objects, tmp_path: Path) -> None:
    channel = Channel(name="train", uri="s3://data/train/")
    fill(channel, store, tmp_path / "one", InputCache(tmp_path / "cache", 1 << 30))

    (tmp_path / "one" / "a.csv").write_bytes(b"spoilt")

    fill(channel, store, tmp_path / "two", InputCache(tmp_path / "cache", 1 << 30))
    assert files(tmp_path / "two")["a.csv"] == b"1"


def test_an_object_that_changed_is_fetched_again(store: S3Objects, tmp_path: Path) -> None:
    channel = Channel(name="train", uri="s3://data/train/a.csv")
    fill(channel, store, tmp_path / "one", InputCache(tmp_path / "cache", 1 << 30))

    store.put("s3://data/train/a.csv", io.BytesIO(b"9"))

    fill(channel, store, tmp_path / "two", InputCache(tmp_path / "cache", 1 << 30))
    assert files(tmp_path / "two") == {"a.csv": b"9"}


def test_half_a_fetch_is_never_taken_for_the_whole(store: S3Objects, tmp_path: Path) -> None:
    channel = Channel(name="train", uri="s3://data/train/")
    fill(channel, store, tmp_path / "one", InputCache(tmp_path / "cache", 1 << 30))
    [whole] = [path for path in (tmp_path / "cache").iterdir() if path.is_dir()]
    whole.rename(whole.with_suffix(".draft"))
    (whole.with_suffix(".draft") / "a.csv").unlink()

    fill(channel, store, tmp_path / "two", InputCache(tmp_path / "cache", 1 << 30))

    assert files(tmp_path / "two") == {"a.csv": b"1", "sub/b.csv": b"2"}


@pytest.mark.parametrize("key", ["../../etc/passwd", "a/../../b", "/absolute", "a//b", "a/./b", "nul\0", "x" * 300])
def test_a_hostile_key_goes_nowhere(key: str) -> None:
    found = [ObjectInfo(uri=f"s3://data/p/{key}", size=1, etag="e")]

    with pytest.raises(ChannelError, match="makes no file name"):
        local_paths(Channel(name="train", uri="s3://data/p/"), found)


def test_a_key_that_is_file_and_folder_at_once_is_refused() -> None:
    found = [ObjectInfo(uri=f"s3://data/p/{key}", size=1, etag="e") for key in ("a", "a/b")]

    with pytest.raises(ChannelError, match="both an object and a folder"):
        local_paths(Channel(name="train", uri="s3://data/p/"), found)
