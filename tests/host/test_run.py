"""A training host's life, with a real sandbox and a real S3 server."""

import io
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from luthier.algorithms.catalogue import Catalogue
from luthier.clusters.workspace import workspace
from luthier.objects.s3 import S3Objects
from luthier.records.channel import Channel
from luthier.records.journal import MetricSeen, Outcome
from s3_server import an_object_store
from training_hosts import a_catalogue, a_host, a_spec, lived, phases, program, shell

TRAIN = Channel(name="train", uri="s3://data/train/")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Objects]:
    folder = tmp_path_factory.mktemp("store")
    (folder / "s3" / "data").mkdir(parents=True)
    with an_object_store(folder) as store:
        store.put("s3://data/train/a.csv", io.BytesIO(b"1\n2\n"))
        yield store


def archive(store: S3Objects, uri: str) -> dict[str, bytes]:
    """Give the files of an uploaded archive."""
    with store.open(uri) as body, tarfile.open(fileobj=io.BytesIO(body.read())) as tar:
        files = [(member, tar.extractfile(member)) for member in tar.getmembers()]
        return {member.name: file.read() for member, file in files if file is not None}


def exists(store: S3Objects, uri: str) -> bool:
    return any(each.uri == uri for each in store.list(uri))


def test_a_training_goes_through_its_phases_and_completes(store: S3Objects, tmp_path: Path) -> None:
    host = a_host(tmp_path, store, program("trainer"), a_spec(channels=(TRAIN,)))

    assert lived(host).outcome is Outcome.COMPLETED
    assert phases(host.workspace) == ["Starting", "Downloading", "Training", "Uploading"]


def test_the_model_is_uploaded_below_the_output_path(store: S3Objects, tmp_path: Path) -> None:
    spec = a_spec("Model-1", channels=(TRAIN,), output_path="s3://data/output/")

    lived(a_host(tmp_path, store, program("trainer"), spec))

    model = archive(store, "s3://data/output/Model-1/output/model.tar.gz")
    assert model == {"model.json": b'{"loss": 1.0}'}


def test_metrics_are_reported(store: S3Objects, tmp_path: Path) -> None:
    host = a_host(tmp_path, store, shell("echo loss=0.5; echo noise; echo loss=0.25 >&2; printf loss=0.125"))

    lived(host)

    seen = [each.value for each in host.workspace.entries() if isinstance(each, MetricSeen)]
    assert seen == [0.5, 0.25, 0.125]


def test_without_channels_nothing_is_downloaded(store: S3Objects, tmp_path: Path) -> None:
    host = a_host(tmp_path, store, shell("true"))

    lived(host)

    assert phases(host.workspace) == ["Starting", "Training", "Uploading"]


def test_other_output_is_uploaded_when_there_is_some(store: S3Objects, tmp_path: Path) -> None:
    lived(a_host(tmp_path, store, shell("echo 1 > /opt/ml/output/data/report"), a_spec("Out-1")))

    assert archive(store, "s3://data/output/Out-1/output/output.tar.gz") == {"report": b"1\n"}


def test_no_other_output_makes_no_archive(store: S3Objects, tmp_path: Path) -> None:
    lived(a_host(tmp_path, store, shell("true"), a_spec("Out-2")))

    assert not exists(store, "s3://data/output/Out-2/output/output.tar.gz")


def test_a_program_that_fails_without_a_word_fails_with_its_exit_code(store: S3Objects, tmp_path: Path) -> None:
    ended = lived(a_host(tmp_path, store, shell("exit 3")))

    assert (ended.outcome, ended.reason) == (Outcome.FAILED, "AlgorithmError: Exit Code: 3")


def test_a_failure_of_the_algorithm_is_not_worth_a_retry(store: S3Objects, tmp_path: Path) -> None:
    assert not lived(a_host(tmp_path, store, shell("exit 3"))).is_retryable


def test_the_failure_file_says_why(store: S3Objects, tmp_path: Path) -> None:
    script = "printf 'no rows in train\\0\\377' > /opt/ml/output/failure; exit 1"

    assert lived(a_host(tmp_path, store, shell(script))).reason == "AlgorithmError: no rows in train\ufffd\ufffd"


def test_a_failure_reason_has_at_most_1024_characters(store: S3Objects, tmp_path: Path) -> None:
    script = "head -c 100000 /dev/zero | tr '\\0' x > /opt/ml/output/failure; exit 1"

    reason = lived(a_host(tmp_path, store, shell(script))).reason

    assert reason == ("AlgorithmError: " + 2000 * "x")[:1024]


def test_a_program_that_was_killed_fails_with_the_signals_name(store: S3Objects, tmp_path: Path) -> None:
    reason = lived(a_host(tmp_path, store, shell("kill -9 $$"))).reason

    assert reason == "AlgorithmError: Exit Code: 137 (SIGKILL; the machine may have run out of memory)"


def test_a_failed_training_uploads_its_other_output_and_no_model(store: S3Objects, tmp_path: Path) -> None:
    script = "echo 1 > /opt/ml/output/data/x; echo 1 > /opt/ml/model/x; exit 1"

    lived(a_host(tmp_path, store, shell(script), a_spec("Failed-1")))

    assert exists(store, "s3://data/output/Failed-1/output/output.tar.gz")
    assert not exists(store, "s3://data/output/Failed-1/output/model.tar.gz")


def test_a_stopped_training_uploads_what_there_is_of_a_model(store: S3Objects, tmp_path: Path) -> None:
    script = "echo 1 > /opt/ml/model/half; echo ready; sleep 60"
    spec = a_spec("Stopped-1")
    log = workspace(tmp_path / "training", spec.arn).host("algo-1").log
    host = a_host(tmp_path, store, shell(script), spec, lambda: log.exists() and "ready" in log.read_text())

    assert lived(host).outcome is Outcome.STOPPED
    assert archive(store, "s3://data/output/Stopped-1/output/model.tar.gz") == {"half": b"1\n"}


def test_a_training_that_runs_too_long_ends_as_such_and_uploads(store: S3Objects, tmp_path: Path) -> None:
    spec = a_spec("Long-1", max_runtime_s=1)

    assert lived(a_host(tmp_path, store, shell("sleep 60"), spec)).outcome is Outcome.MAX_RUNTIME_EXCEEDED
    assert exists(store, "s3://data/output/Long-1/output/model.tar.gz")


def test_a_stop_before_the_training_keeps_it_from_starting(store: S3Objects, tmp_path: Path) -> None:
    host = a_host(tmp_path, store, shell("true"), None, lambda: True)

    assert lived(host).outcome is Outcome.STOPPED
    assert phases(host.workspace) == ["Starting"]


def test_a_stop_while_the_object_store_is_away_ends_the_waiting(tmp_path: Path) -> None:
    spec = a_spec(channels=(TRAIN,))
    place = workspace(tmp_path / "training", spec.arn)
    host = a_host(tmp_path, NOWHERE, shell("true"), spec, lambda: "Downloading" in phases(place))

    assert lived(host).outcome is Outcome.STOPPED


def test_an_image_that_nobody_knows_is_a_client_error(store: S3Objects, tmp_path: Path) -> None:
    host = a_host(tmp_path, store, (), catalogue=Catalogue(entries=()))

    ended = lived(host)

    assert ended.outcome is Outcome.FAILED
    assert ended.reason == f"ClientError: no image here matches {a_spec().definition.image}; add it to the catalogue"


def test_a_program_that_is_not_there_is_a_client_error(store: S3Objects, tmp_path: Path) -> None:
    reason = lived(a_host(tmp_path, store, (), catalogue=a_catalogue("/usr/bin/no-such-program"))).reason

    assert reason is not None
    assert reason.startswith("ClientError: ")
    assert "no-such-program" in reason


def test_input_that_is_not_there_is_a_client_error(store: S3Objects, tmp_path: Path) -> None:
    channel = Channel(name="train", uri="s3://data/nothing/")

    reason = lived(a_host(tmp_path, store, shell("true"), a_spec(channels=(channel,)))).reason

    assert reason is not None
    assert reason.startswith("ClientError: channel 'train': No S3 objects found")


def test_a_channel_named_like_a_parent_folder_is_a_client_error(store: S3Objects, tmp_path: Path) -> None:
    channel = Channel(name="..", uri="s3://data/train/")

    reason = lived(a_host(tmp_path, store, shell("true"), a_spec(channels=(channel,)))).reason

    assert reason is not None
    assert reason.startswith("ClientError: channel '..'")


def test_an_output_bucket_that_is_not_there_is_a_client_error(store: S3Objects, tmp_path: Path) -> None:
    reason = lived(a_host(tmp_path, store, shell("true"), a_spec(output_path="s3://nowhere/x"))).reason

    assert reason is not None
    assert reason.startswith("ClientError: s3://nowhere/x/Tune-001/output/model.tar.gz")


def test_more_than_the_volume_holds_is_a_client_error(store: S3Objects, tmp_path: Path) -> None:
    script = "truncate -s 0 /tmp/x; fallocate -l 1100M /tmp/x; sleep 60"

    ended = lived(a_host(tmp_path, store, shell(script), a_spec(volume_gb=1)))

    assert ended.outcome is Outcome.FAILED
    assert ended.reason is not None
    assert "VolumeSizeInGB" in ended.reason


def test_a_link_in_place_of_the_failure_file_gives_nothing_away(store: S3Objects, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("key")

    reason = lived(a_host(tmp_path, store, shell(f"ln -s {secret} /opt/ml/output/failure; exit 1"))).reason

    assert reason == "AlgorithmError: Exit Code: 1"


def test_a_link_in_place_of_the_output_folder_gives_nothing_away(store: S3Objects, tmp_path: Path) -> None:
    (tmp_path / "secret" / "data").mkdir(parents=True)
    (tmp_path / "secret" / "failure").write_text("key")
    (tmp_path / "secret" / "data" / "key").write_text("key")
    script = f"rm -r /opt/ml/output; ln -s {tmp_path}/secret /opt/ml/output; exit 1"

    reason = lived(a_host(tmp_path, store, shell(script), a_spec("Link-1"))).reason

    assert reason == "AlgorithmError: Exit Code: 1"
    assert not exists(store, "s3://data/output/Link-1/output/output.tar.gz")


@pytest.mark.parametrize("name", ["model", "output/data"])
def test_a_link_in_place_of_a_folder_to_upload_gives_nothing_away(store: S3Objects, tmp_path: Path, name: str) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key").write_text("key")
    job = f"Link-2-{name.replace('/', '-')}"
    script = f"rm -r /opt/ml/{name}; ln -s {tmp_path}/secret /opt/ml/{name}"

    lived(a_host(tmp_path, store, shell(script), a_spec(job)))

    assert archive(store, f"s3://data/output/{job}/output/model.tar.gz") == {}
    assert not exists(store, f"s3://data/output/{job}/output/output.tar.gz")


def test_a_pipe_in_place_of_the_failure_file_does_not_hold_the_host_up(store: S3Objects, tmp_path: Path) -> None:
    reason = lived(a_host(tmp_path, store, shell("mkfifo /opt/ml/output/failure; exit 1"))).reason

    assert reason == "AlgorithmError: Exit Code: 1"


def test_the_algorithm_cannot_see_the_data_folder(store: S3Objects, tmp_path: Path) -> None:
    host = a_host(tmp_path, store, shell(f"ls {tmp_path}"))

    lived(host)

    assert "No such file" in host.workspace.host("algo-1").log.read_text()


def test_an_upload_waits_for_the_object_store_to_come_back(store: S3Objects, tmp_path: Path) -> None:
    flaky = Flaky(store, absences=2)

    assert lived(a_host(tmp_path, flaky, shell("true"), a_spec("Flaky-1"))).outcome is Outcome.COMPLETED
    assert exists(store, "s3://data/output/Flaky-1/output/model.tar.gz")


def test_hyperparameters_are_text(store: S3Objects, tmp_path: Path) -> None:
    spec = a_spec(hyperparameters={"a": '"4"', "b": "1e-3", "c": "\ud800\N{SNOWMAN}"})
    host = a_host(tmp_path, store, shell("cat /opt/ml/input/config/hyperparameters.json"), spec)

    lived(host)

    assert json.loads(host.workspace.host("algo-1").log.read_text()) == dict(spec.hyperparameters)


class Flaky:
    """A store that is away for the first few uploads."""

    def __init__(self, store: S3Objects, *, absences: int) -> None:
        self.list = store.list
        self.open = store.open
        self._store = store
        self._absences = absences

    def put(self, uri: str, body: io.BufferedReader, key: str | None = None) -> None:
        self._absences -= 1
        if self._absences >= 0:
            raise OSError("away")
        self._store.put(uri, body)


NOWHERE = S3Objects("http://127.0.0.1:9", "key", "secret", "us-east-1")
