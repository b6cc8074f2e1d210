"""Checkpoints of training jobs, with a real sandbox and a real S3 server."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from luthier.objects import ObjectError
from luthier.objects.s3 import S3Objects
from luthier.records.checkpoints import Checkpoints
from luthier.records.journal import Outcome
from s3_server import an_object_store
from training_hosts import a_host, a_spec, lived, phases, shell


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Objects]:
    folder = tmp_path_factory.mktemp("store")
    (folder / "s3" / "data").mkdir(parents=True)
    with an_object_store(folder) as store:
        yield store


def objects(store: S3Objects, prefix: str) -> dict[str, str]:
    found = {}
    for each in store.list(prefix):
        with store.open(each.uri) as body:
            found[each.uri.removeprefix(prefix)] = body.read().decode()
    return found


def test_what_the_algorithm_leaves_is_in_s3_and_what_is_there_is_its_own(store: S3Objects, tmp_path: Path) -> None:
    store.put("s3://data/run-1/step", io.BytesIO(b"7\n"))
    script = "cd /opt/ml/checkpoints; read step < step; echo $((step + 1)) > step; mkdir deep; echo 1 > deep/new"
    spec = a_spec("Run-1", checkpoints=Checkpoints(uri="s3://data/run-1"))
    host = a_host(tmp_path, store, shell(script), spec)

    assert lived(host).outcome is Outcome.COMPLETED
    assert objects(store, "s3://data/run-1/") == {"step": "8\n", "deep/new": "1\n"}
    assert phases(host.workspace) == ["Starting", "Downloading", "Training", "Uploading"]


@pytest.mark.parametrize("path", ["/opt/ml/mine/deep", "/data/run", "/tmp/run"])
def test_checkpoints_may_lie_in_a_folder_of_one_s_own_choice(store: S3Objects, tmp_path: Path, path: str) -> None:
    prefix = f"s3://data/own{path}/"
    store.put(f"{prefix}before", io.BytesIO(b"1"))
    spec = a_spec("Own-1", checkpoints=Checkpoints(uri=prefix, local_path=path))

    ended = lived(a_host(tmp_path, store, shell(f"cat {path}/before > {path}/after && rm {path}/before"), spec))

    assert ended.outcome is Outcome.COMPLETED, ended.reason
    assert objects(store, prefix) == {"after": "1"}


def test_the_algorithm_is_told_where_its_checkpoints_are(store: S3Objects, tmp_path: Path) -> None:
    spec = a_spec("Told-1", checkpoints=Checkpoints(uri="s3://data/told/"))
    host = a_host(tmp_path, store, shell("cat /opt/ml/input/config/checkpointconfig.json"), spec)

    lived(host)

    told = json.loads(host.workspace.hosts()[0].log.read_text())
    assert told == {"S3Uri": "s3://data/told/", "LocalPath": "/opt/ml/checkpoints"}


def test_an_algorithm_without_checkpoints_is_told_of_none(store: S3Objects, tmp_path: Path) -> None:
    host = a_host(tmp_path, store, shell("ls /opt/ml /opt/ml/input/config"), a_spec("Told-2"))

    lived(host)

    assert "checkpoint" not in host.workspace.hosts()[0].log.read_text()


def test_a_failed_training_s_last_checkpoints_are_kept(store: S3Objects, tmp_path: Path) -> None:
    spec = a_spec("Failed-1", checkpoints=Checkpoints(uri="s3://data/failed/"))

    ended = lived(a_host(tmp_path, store, shell("echo 1 > /opt/ml/checkpoints/last; exit 3"), spec))

    assert ended.reason == "AlgorithmError: Exit Code: 3"
    assert objects(store, "s3://data/failed/") == {"last": "1\n"}


def test_a_stopped_training_s_last_checkpoints_are_kept(store: S3Objects, tmp_path: Path) -> None:
    script = "trap 'echo last > /opt/ml/checkpoints/x; exit' TERM; echo ready; while :; do sleep 0.01; done"
    spec = a_spec("Stopped-1", checkpoints=Checkpoints(uri="s3://data/stopped/"))

    def is_ready() -> bool:
        log = host.workspace.hosts()[0].log
        return log.exists() and "ready" in log.read_text()

    host = a_host(tmp_path, store, shell(script), spec, lambda: is_ready(), grace_s=10)

    assert lived(host).outcome is Outcome.STOPPED
    assert objects(store, "s3://data/stopped/") == {"x": "last\n"}


def test_every_host_starts_with_all_checkpoints_and_adds_its_own(store: S3Objects, tmp_path: Path) -> None:
    store.put("s3://data/two/before", io.BytesIO(b"1"))
    script = "cd /opt/ml/checkpoints; cat before > $CURRENT_HOST; [ $CURRENT_HOST = algo-2 ] || rm before"
    spec = a_spec("Two-1", instance_count=2, checkpoints=Checkpoints(uri="s3://data/two/"))

    assert lived(a_host(tmp_path, store, shell(script), spec)).outcome is Outcome.COMPLETED
    assert objects(store, "s3://data/two/") == {"algo-1": "1", "algo-2": "1"}


def test_checkpoints_count_towards_the_volume(store: S3Objects, tmp_path: Path) -> None:
    script = "truncate -s 1100M /data/run/x; sleep 60"
    spec = a_spec("Large-1", volume_gb=1, checkpoints=Checkpoints(uri="s3://data/large/", local_path="/data/run"))

    ended = lived(a_host(tmp_path, Slow(store), shell(script), spec))

    assert ended.reason is not None
    assert "VolumeSizeInGB" in ended.reason


def test_a_bucket_that_is_not_there_is_a_client_error(store: S3Objects, tmp_path: Path) -> None:
    spec = a_spec("Nowhere-1", checkpoints=Checkpoints(uri="s3://nowhere/x"))

    reason = lived(a_host(tmp_path, store, shell("true"), spec)).reason

    assert reason is not None
    assert reason.startswith("ClientError: CheckpointConfig: s3://nowhere/x/: there is no such bucket")


def test_checkpoints_that_s3_refuses_end_the_training(store: S3Objects, tmp_path: Path) -> None:
    spec = a_spec("Denied-1", checkpoints=Checkpoints(uri="s3://data/denied/"))

    reason = lived(a_host(tmp_path, Closed(store), shell("echo 1 > /opt/ml/checkpoints/x; sleep 60"), spec)).reason

    assert reason == "ClientError: CheckpointConfig: s3://data/denied/x: access denied"


def test_a_failed_training_whose_checkpoints_s3_refuses_tells_both(store: S3Objects, tmp_path: Path) -> None:
    spec = a_spec("Denied-2", checkpoints=Checkpoints(uri="s3://data/denied/"))

    reason = lived(a_host(tmp_path, Closed(store), shell("echo 1 > /opt/ml/checkpoints/x; exit 3"), spec)).reason

    assert reason == (
        "AlgorithmError: Exit Code: 3; nor were its checkpoints kept: "
        "CheckpointConfig: s3://data/denied/x: access denied"
    )


def test_a_link_in_place_of_the_folder_gives_nothing_away(store: S3Objects, tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key").write_text("key")
    script = f"rmdir /opt/ml/checkpoints; ln -s {tmp_path}/secret /opt/ml/checkpoints"
    spec = a_spec("Link-1", checkpoints=Checkpoints(uri="s3://data/link/"))

    assert lived(a_host(tmp_path, store, shell(script), spec)).outcome is Outcome.COMPLETED
    assert objects(store, "s3://data/link/") == {}


class Closed:
    """A store that lets nobody upload."""

    def __init__(self, store: S3Objects) -> None:
        self.list, self.open, self.delete = store.list, store.open, store.delete

    def put(self, uri: str, body: BinaryIO) -> None:
        raise ObjectError(f"{uri}: access denied")


class Slow:
    """A store that takes no checkpoint's bytes."""

    def __init__(self, store: S3Objects) -> None:
        self.list, self.open, self.delete = store.list, store.open, store.delete

    def put(self, uri: str, body: BinaryIO) -> None:
        """Take note of nothing."""
