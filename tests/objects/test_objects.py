"""S3 objects on the embedded server, through the front door's own way to it."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from luthier.objects import ObjectError, ObjectInfo
from luthier.objects.s3 import S3Objects, split
from s3_server import an_object_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[S3Objects]:
    (tmp_path / "s3" / "data").mkdir(parents=True)
    with an_object_store(tmp_path) as store:
        yield store


def test_what_was_put_is_read_back(store: S3Objects) -> None:
    store.put("s3://data/a b/ü+1.csv", io.BytesIO(b"1,2\n"))

    with store.open("s3://data/a b/ü+1.csv") as body:
        assert body.read() == b"1,2\n"


def test_an_object_is_a_plain_file(store: S3Objects, tmp_path: Path) -> None:
    store.put("s3://data/train/x.csv", io.BytesIO(b"1"))

    assert (tmp_path / "s3" / "data" / "train" / "x.csv").read_bytes() == b"1"


def test_a_large_object_arrives_whole(store: S3Objects) -> None:
    store.put("s3://data/large", io.BytesIO(b"0123456789" * 4_000_000))

    [info] = store.list("s3://data/large")
    assert info.size == 40_000_000


def test_a_listing_takes_a_plain_prefix_in_the_order_of_keys(store: S3Objects) -> None:
    for key in ("train2/b", "train/a", "test/c"):
        store.put(f"s3://data/{key}", io.BytesIO(b"x"))

    assert [each.uri for each in store.list("s3://data/train")] == ["s3://data/train/a", "s3://data/train2/b"]


def test_an_etag_changes_with_the_content(store: S3Objects) -> None:
    def etag(content: bytes) -> ObjectInfo:
        store.put("s3://data/x", io.BytesIO(content))
        [info] = store.list("s3://data/x")
        return info

    assert etag(b"1").etag != etag(b"2").etag


def test_a_file_changed_by_hand_is_another_object_at_once(store: S3Objects, tmp_path: Path) -> None:
    store.put("s3://data/x", io.BytesIO(b"first"))
    [before] = store.list("s3://data/x")

    (tmp_path / "s3" / "data" / "x").write_bytes(b"2nd")

    [after] = store.list("s3://data/x")
    assert (after.size, after.etag != before.etag) == (3, True)


def test_what_was_deleted_is_gone(store: S3Objects) -> None:
    store.put("s3://data/a b/x", io.BytesIO(b"1"))
    store.put("s3://data/a b/y", io.BytesIO(b"2"))

    store.delete("s3://data/a b/x")

    assert [each.uri for each in store.list("s3://data/a b/")] == ["s3://data/a b/y"]


def test_what_is_not_there_is_deleted_already(store: S3Objects) -> None:
    store.delete("s3://data/nothing/at/all")


def test_a_deletion_in_a_missing_bucket_names_it(store: S3Objects) -> None:
    with pytest.raises(ObjectError, match="s3://nowhere/x: there is no such bucket"):
        store.delete("s3://nowhere/x")


def test_a_missing_bucket_is_named(store: S3Objects) -> None:
    with pytest.raises(ObjectError, match="s3://nowhere/x: there is no such bucket"):
        store.open("s3://nowhere/x")


def test_a_missing_object_is_named(store: S3Objects) -> None:
    with pytest.raises(ObjectError, match="s3://data/nothing: there is no such object"):
        store.open("s3://data/nothing")


def test_a_store_that_is_away_is_an_oserror() -> None:
    away = S3Objects("http://127.0.0.1:1", "key", "secret", "us-east-1")

    with pytest.raises(OSError, match="cannot be reached"):
        list(away.list("s3://data/x"))


@pytest.mark.parametrize("uri", ["data/x", "http://data/x", "s3:///x"])
def test_what_is_no_s3_uri_is_refused(uri: str) -> None:
    with pytest.raises(ObjectError, match="not an S3 URI"):
        split(uri)


def test_a_question_mark_belongs_to_the_key() -> None:
    assert split("s3://data/a?b#c") == ("data", "a?b#c")
