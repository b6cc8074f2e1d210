"""What the algorithm left, uploaded as plain files."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from luthier.host.plain_artifacts import upload_plain
from luthier.objects import ObjectInfo
from luthier.objects.s3 import S3Objects
from luthier.records.journal import Outcome
from s3_server import an_object_store
from training_hosts import a_host, a_spec, lived, shell


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Objects]:
    folder = tmp_path_factory.mktemp("store")
    (folder / "s3" / "data").mkdir(parents=True)
    with an_object_store(folder) as store:
        yield store


def objects(store: S3Objects, prefix: str) -> dict[str, bytes]:
    found: list[ObjectInfo] = list(store.list(prefix))
    bodies = {}
    for each in found:
        with store.open(each.uri) as body:
            bodies[each.uri.removeprefix(prefix)] = body.read()
    return bodies


def test_every_file_is_an_object(store: S3Objects, tmp_path: Path) -> None:
    (tmp_path / "sub" / "empty").mkdir(parents=True)
    (tmp_path / "model.bin").write_bytes(b"weights")
    (tmp_path / "sub" / "a b").write_bytes(b"more")

    upload_plain([tmp_path], "s3://data/one/", store)

    assert objects(store, "s3://data/one/") == {"model.bin": b"weights", "sub/a b": b"more"}


def test_of_several_hosts_the_first_one_s_file_counts(store: S3Objects, tmp_path: Path) -> None:
    for host in ("1", "2"):
        (tmp_path / host).mkdir()
        (tmp_path / host / "model").write_text(host)
        (tmp_path / host / f"of-{host}").write_text(host)

    upload_plain([tmp_path / "1", tmp_path / "2"], "s3://data/two/", store)

    assert objects(store, "s3://data/two/") == {"model": b"1", "of-1": b"1", "of-2": b"2"}


def test_what_cannot_be_an_object_is_said_and_left_out(
    store: S3Objects, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "link").symlink_to("/etc/passwd")
    (tmp_path / "system").symlink_to("/etc")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "a\nb").write_bytes(b"1")

    with caplog.at_level(logging.WARNING):
        upload_plain([tmp_path], "s3://data/three/", store)

    assert objects(store, "s3://data/three/") == {}
    assert len(caplog.messages) == 4
    assert "'link' is not stored below s3://data/three/: it is no file" in caplog.messages


def test_artifacts_that_are_not_compressed_are_plain_files(store: S3Objects, tmp_path: Path) -> None:
    script = "echo weights > /opt/ml/model/x; mkdir /opt/ml/output/data/sub; echo 1 > /opt/ml/output/data/sub/y"

    ended = lived(a_host(tmp_path, store, shell(script), a_spec("Plain-1", is_compressed=False)))

    assert ended.outcome is Outcome.COMPLETED
    assert objects(store, "s3://data/output/Plain-1/") == {"output/model/x": b"weights\n", "output/data/sub/y": b"1\n"}
