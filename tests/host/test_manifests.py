"""Manifests in File mode and as what a pipe streams, on a real S3 server."""

import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from host.test_recordio import records
from luthier.host.channels import ChannelError, data_set, file_mode
from luthier.host.channels.cache import InputCache
from luthier.host.channels.data_set import Stream, parts_of
from luthier.host.channels.file_mode import fill
from luthier.objects.s3 import S3Objects
from luthier.records.channel import Channel, Compression, DataType, InputMode, RecordWrapper
from s3_server import an_object_store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Objects]:
    folder = tmp_path_factory.mktemp("store")
    (folder / "s3" / "data").mkdir(parents=True)
    with an_object_store(folder) as store:
        for key, content in (("train/a.csv", b"1\n"), ("train/sub/b.csv", b"2\n"), ("train/c.csv", b"3\n")):
            store.put(f"s3://data/{key}", io.BytesIO(content))
        yield store


def put(store: S3Objects, content: object) -> str:
    uri = "s3://data/manifest"
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    store.put(uri, io.BytesIO(text))
    return uri


def listed(uri: str = "s3://data/manifest", **changes: object) -> Channel:
    return Channel(name="train", uri=uri, data_type=DataType.MANIFEST_FILE, **changes)  # type: ignore[arg-type]


def augmented(*attributes: str, **changes: object) -> Channel:
    return Channel(
        name="train",
        uri="s3://data/manifest",
        data_type=DataType.AUGMENTED_MANIFEST_FILE,
        input_mode=InputMode.PIPE,
        attributes=attributes,
        **changes,  # type: ignore[arg-type]
    )


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def streamed(channel: Channel, store: S3Objects, epoch: int = 0) -> bytes:
    stream = Stream(channel=channel, parts=parts_of(channel, store), store=store, check=lambda: None)
    return b"".join(stream.epoch(epoch))


def complaint(channel: Channel, store: S3Objects) -> str:
    with pytest.raises(ChannelError) as caught:
        streamed(channel, store)
    return str(caught.value)


def test_a_manifest_s_objects_are_placed_below_its_prefix(store: S3Objects, tmp_path: Path) -> None:
    put(store, [{"prefix": "s3://data/train/"}, "a.csv", "sub/b.csv"])

    fill(listed(), store, tmp_path / "input", InputCache(tmp_path / "cache", 1 << 30))

    assert files(tmp_path / "input") == {"a.csv": b"1\n", "sub/b.csv": b"2\n"}


def test_a_prefix_may_end_in_the_middle_of_a_name(store: S3Objects, tmp_path: Path) -> None:
    put(store, [{"prefix": "s3://data/tr"}, "ain/a.csv", "ain/c.csv"])

    fill(listed(), store, tmp_path / "input", InputCache(tmp_path / "cache", 1 << 30))

    assert files(tmp_path / "input") == {"train/a.csv": b"1\n", "train/c.csv": b"3\n"}


def test_objects_of_a_long_manifest_are_found_by_listing(
    store: S3Objects, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_mode, "FEW", 1)
    put(store, [{"prefix": "s3://data/train/"}, "c.csv", "a.csv", "c.csv"])

    fill(listed(), store, tmp_path / "input", InputCache(tmp_path / "cache", 1 << 30))

    assert files(tmp_path / "input") == {"a.csv": b"1\n", "c.csv": b"3\n"}


@pytest.mark.parametrize("few", [0, 100])
def test_an_object_that_is_not_there_is_named(
    store: S3Objects, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(file_mode, "FEW", few)
    put(store, [{"prefix": "s3://data/train/"}, "a.csv", "gone.csv"])

    with pytest.raises(ChannelError, match=r"'train'.*there is no object s3://data/train/gone\.csv"):
        fill(listed(), store, tmp_path / "input", InputCache(tmp_path / "cache", 1 << 30))


@pytest.mark.parametrize("name", ["../../x", "sub/../../x", "/x", "a//b"])
def test_names_that_leave_the_folder_go_nowhere(store: S3Objects, tmp_path: Path, name: str) -> None:
    put(store, [{"prefix": "s3://data/train/"}, name])

    with pytest.raises(ChannelError):
        fill(listed(), store, tmp_path / "input", InputCache(tmp_path / "cache", 1 << 30))

    assert not (tmp_path / "input").exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "it is no JSON"),
        (b"[" * 100_000, "it is no JSON"),
        (b"\xff\xfe\x00", "it is no JSON"),
        ([], "it must be a JSON list"),
        ({"prefix": "s3://data/"}, "it must be a JSON list"),
        (["a.csv"], "its first element must be"),
        ([{"prefix": ""}, "a.csv"], "its first element must be"),
        ([{"prefix": "s3://data/", "more": 1}, "a.csv"], "its first element must be"),
        ([{"prefix": "s3://data/"}, 3], "element 1 must be the rest of an object's URI"),
        ([{"prefix": "s3://data/"}, "a", ""], "element 2 must be"),
        ([{"prefix": "s3://data"}, "-two"], "is no object's URI"),
    ],
)
def test_what_is_no_manifest_is_told_with_its_place(store: S3Objects, content: object, message: str) -> None:
    put(store, content)

    said = complaint(listed(input_mode=InputMode.PIPE), store)

    assert message in said
    assert said.startswith("channel 'train': the manifest s3://data/manifest: ")


def test_a_manifest_that_is_not_there_is_named(store: S3Objects) -> None:
    assert "s3://data/no/manifest" in complaint(listed("s3://data/no/manifest"), store)


def test_a_manifest_is_streamed_in_its_order_and_as_often_as_it_says(store: S3Objects) -> None:
    put(store, [{"prefix": "s3://data/train/"}, "c.csv", "a.csv", "c.csv"])

    assert streamed(listed(input_mode=InputMode.PIPE), store) == b"3\n1\n3\n"


def test_a_prefix_is_streamed_in_the_order_of_keys(store: S3Objects) -> None:
    assert streamed(Channel(name="train", uri="s3://data/train"), store) == b"1\n3\n2\n"


LINES = (
    b'{"source-ref": "s3://data/train/a.csv", "label": 3, "name": "\xc3\xa9", "box": {"x": [1, 2.5]}, "no": null}\n'
    b'\n{"source-ref": "s3://data/train/c.csv", "label": 4, "name": "b", "box": true, "no": null}'
)


@pytest.mark.parametrize(
    ("attributes", "bytes_"),
    [
        (("source-ref", "label"), b"1\n33\n4"),
        (("label", "source-ref"), b"31\n43\n"),
        (("name",), b"\xc3\xa9b"),
        (("box",), b'{"x": [1, 2.5]}true'),
        (("no",), b"nullnull"),
    ],
)
def test_the_attributes_of_each_line_are_streamed_in_their_order(
    store: S3Objects, attributes: tuple[str, ...], bytes_: bytes
) -> None:
    put(store, LINES)

    assert streamed(augmented(*attributes), store) == bytes_


def test_every_attribute_is_a_record(store: S3Objects) -> None:
    put(store, LINES)
    channel = augmented("source-ref", "label", record_wrapper=RecordWrapper.RECORD_IO)

    assert records(streamed(channel, store)) == [b"1\n", b"3", b"3\n", b"4"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"source-ref": "s3://data/train/a.csv"}\n{"label": 1}', "line 2 has no attribute 'source-ref'"),
        (b'{"source-ref": 3}', "line 1: the attribute 'source-ref' must be an S3 URI"),
        (b'{"source-ref": "file:///etc/passwd"}', "'file:///etc/passwd' is no object's URI"),
        (b'["s3://data/a"]', "line 1 must be a JSON object"),
        (b'{"source-ref": "s3://data/train/a.csv"', "line 1 is no JSON"),
        (b'{"source-ref": "s3://data/gone"}', "s3://data/gone"),
    ],
)
def test_a_bad_line_is_told_with_its_number(store: S3Objects, content: bytes, message: str) -> None:
    put(store, content)

    assert message in complaint(augmented("source-ref"), store)


def test_every_object_is_a_record(store: S3Objects) -> None:
    channel = Channel(name="train", uri="s3://data/train", record_wrapper=RecordWrapper.RECORD_IO)

    assert records(streamed(channel, store)) == [b"1\n", b"3\n", b"2\n"]


def test_a_large_object_is_a_record_that_is_never_held(store: S3Objects, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_set, "HELD", 100)
    monkeypatch.setattr(data_set, "PIECE", 64)
    payload = bytes(range(256)) * 4
    store.put("s3://data/large", io.BytesIO(payload))
    channel = Channel(name="train", uri="s3://data/large", record_wrapper=RecordWrapper.RECORD_IO)

    assert records(streamed(channel, store)) == [payload]


def test_a_pipe_decompresses(store: S3Objects) -> None:
    for name in ("one", "two"):
        store.put(f"s3://data/zipped/{name}.gz", io.BytesIO(gzip.compress(f"{name}\n".encode())))
    channel = Channel(name="train", uri="s3://data/zipped/", compression=Compression.GZIP)

    assert streamed(channel, store) == b"one\ntwo\n"
    assert records(
        streamed(
            Channel(
                name="train",
                uri="s3://data/zipped/",
                compression=Compression.GZIP,
                record_wrapper=RecordWrapper.RECORD_IO,
            ),
            store,
        )
    ) == [b"one\n", b"two\n"]


def test_what_is_no_gzip_is_named(store: S3Objects) -> None:
    channel = Channel(name="train", uri="s3://data/train/a.csv", compression=Compression.GZIP)

    assert "s3://data/train/a.csv: it is no whole gzip" in complaint(channel, store)


def test_a_shuffled_pipe_has_another_order_in_each_epoch(store: S3Objects) -> None:
    put(store, b"".join(b'{"n": %d}\n' % number for number in range(10)))
    channel = augmented("n", shuffle_seed=5)

    first, second = (streamed(channel, store, epoch) for epoch in range(2))

    assert sorted(first) == sorted(second) == sorted(b"0123456789")
    assert first != second != b"0123456789"


def test_nothing_under_the_prefix_is_told(store: S3Objects) -> None:
    assert "No S3 objects found under S3 URL 's3://data/nothing'" in complaint(
        Channel(name="train", uri="s3://data/nothing"), store
    )
