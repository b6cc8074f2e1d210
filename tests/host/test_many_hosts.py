"""Training jobs on several hosts, with real sandboxes and a real S3 server."""

import io
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from luthier.objects.s3 import S3Objects
from luthier.records.channel import Channel, DataType, Distribution, InputMode
from luthier.records.journal import MetricSeen, Outcome
from s3_server import an_object_store
from training_hosts import a_host, a_spec, lived, program, shell

TRAIN = Channel(name="train", uri="s3://data/train/", distribution=Distribution.SHARDED_BY_S3_KEY)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Objects]:
    folder = tmp_path_factory.mktemp("store")
    (folder / "s3" / "data").mkdir(parents=True)
    with an_object_store(folder) as store:
        for name in "abcde":
            store.put(f"s3://data/train/{name}", io.BytesIO(name.encode()))
        yield store


def model(store: S3Objects, job: str) -> dict[str, str]:
    """Give what the hosts of a training job have left in its model."""
    with (
        store.open(f"s3://data/output/{job}/output/model.tar.gz") as body,
        tarfile.open(fileobj=io.BytesIO(body.read())) as tar,
    ):
        files = [(member.name, tar.extractfile(member)) for member in tar]
        return {name: file.read().decode() for name, file in files if file is not None}


def test_every_host_runs_the_algorithm(store: S3Objects, tmp_path: Path) -> None:
    spec = a_spec("All-1", instance_count=3)

    ended = lived(a_host(tmp_path, store, shell("hostname > /opt/ml/model/$CURRENT_HOST"), spec))

    assert ended.outcome is Outcome.COMPLETED
    assert model(store, "All-1") == {"algo-1": "algo-1\n", "algo-2": "algo-2\n", "algo-3": "algo-3\n"}


def test_hosts_reach_one_another_by_name_on_one_port(store: S3Objects, tmp_path: Path) -> None:
    ended = lived(a_host(tmp_path, store, program("peers"), a_spec("Peers-1", instance_count=3)))

    assert ended.outcome is Outcome.COMPLETED
    seen = {name: json.loads(text) for name, text in model(store, "Peers-1").items()}
    assert seen["algo-2.json"]["greeted"] == ["algo-1", "algo-3"]
    assert {each["host_name"] for each in seen.values()} == {"algo-1", "algo-2", "algo-3"}


def test_isolated_hosts_reach_one_another_too(store: S3Objects, tmp_path: Path) -> None:
    spec = a_spec("Peers-2", instance_count=2, is_isolated=True)

    assert lived(a_host(tmp_path, store, program("peers"), spec)).outcome is Outcome.COMPLETED


def test_a_sharded_channel_is_shared_out_among_the_hosts(store: S3Objects, tmp_path: Path) -> None:
    spec = a_spec("Shared-1", instance_count=2, channels=(TRAIN,))

    lived(a_host(tmp_path, store, program("peers"), spec))

    seen = {name: json.loads(text)["files"] for name, text in model(store, "Shared-1").items()}
    assert seen == {"algo-1.json": ["a", "c", "e"], "algo-2.json": ["b", "d"]}


def test_hosts_beyond_the_objects_get_nothing(store: S3Objects, tmp_path: Path) -> None:
    one = Channel(name="train", uri="s3://data/train/a", distribution=Distribution.SHARDED_BY_S3_KEY)

    lived(a_host(tmp_path, store, program("peers"), a_spec("Shared-2", instance_count=2, channels=(one,))))

    seen = {name: json.loads(text)["files"] for name, text in model(store, "Shared-2").items()}
    assert seen == {"algo-1.json": ["a"], "algo-2.json": []}


def test_the_shares_of_a_shuffled_pipe_change_from_epoch_to_epoch(store: S3Objects, tmp_path: Path) -> None:
    channel = Channel(
        name="train",
        uri="s3://data/train/",
        data_type=DataType.S3_PREFIX,
        distribution=Distribution.SHARDED_BY_S3_KEY,
        input_mode=InputMode.PIPE,
        shuffle_seed=7,
    )
    script = "cd /opt/ml/input/data; for n in 0 1 2 3; do cat train_$n; echo; done > /opt/ml/model/$CURRENT_HOST"

    lived(a_host(tmp_path, store, shell(script), a_spec("Shuffled-1", instance_count=2, channels=(channel,))))

    one, two = (text.split() for _, text in sorted(model(store, "Shuffled-1").items()))
    assert ["".join(sorted(a + b)) for a, b in zip(one, two, strict=True)] == ["abcde"] * 4
    assert len({frozenset(each) for each in one}) > 1


def test_one_host_that_fails_fails_the_training_job(store: S3Objects, tmp_path: Path) -> None:
    script = (
        'echo begun; if [ "$CURRENT_HOST" = algo-2 ]; then echo broken > /opt/ml/output/failure; exit 3; fi; sleep 64'
    )

    ended = lived(a_host(tmp_path, store, shell(script), a_spec("Fails-1", instance_count=2)))

    assert (ended.outcome, ended.reason) == (Outcome.FAILED, "AlgorithmError: algo-2: broken")


def test_every_host_has_its_log_and_reports_its_metrics(store: S3Objects, tmp_path: Path) -> None:
    host = a_host(tmp_path, store, shell("echo loss=${CURRENT_HOST#algo-}"), a_spec("Logs-1", instance_count=2))

    lived(host)

    assert [each.log.read_text() for each in host.workspace.hosts()] == ["loss=1\n", "loss=2\n"]
    assert {each.value for each in host.workspace.entries() if isinstance(each, MetricSeen)} == {1.0, 2.0}


def test_a_stop_reaches_every_host(store: S3Objects, tmp_path: Path) -> None:
    script = "trap 'echo > /opt/ml/model/$CURRENT_HOST; exit 0' TERM; echo ready; while :; do sleep 0.01; done"
    host = a_host(tmp_path, store, shell(script), a_spec("Stops-1", instance_count=2), grace_s=20)
    logs = [each.log for each in host.workspace.hosts()]

    def is_ready() -> bool:
        return all(each.exists() and "ready" in each.read_text() for each in logs)

    stopping = a_host(tmp_path, store, shell(script), a_spec("Stops-1", instance_count=2), is_ready, grace_s=20)

    assert lived(stopping).outcome is Outcome.STOPPED
    assert set(model(store, "Stops-1")) == {"algo-1", "algo-2"}


def test_a_program_that_starts_nowhere_fails_the_training_job(store: S3Objects, tmp_path: Path) -> None:
    ended = lived(a_host(tmp_path, store, ("/usr/bin/no-such-program",), a_spec("Never-1", instance_count=2)))

    assert ended.outcome is Outcome.FAILED
    assert ended.reason is not None
    assert "no-such-program" in ended.reason
