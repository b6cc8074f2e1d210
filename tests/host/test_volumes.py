"""The volumes of a training job's hosts, with real encryption, real sandboxes and a real S3 server."""

import io
import tarfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from luthier.clusters import encrypted_volume
from luthier.clusters.encrypted_volume import encrypted_folder, release, trouble
from luthier.clusters.host_folder import HostFolder
from luthier.host.volumes import volumes
from luthier.objects import ObjectError
from luthier.objects.s3 import S3Objects
from luthier.records.channel import Channel, InputMode
from luthier.records.checkpoints import Checkpoints
from luthier.records.journal import Outcome
from s3_server import an_object_store
from training_hosts import a_host, a_spec, lived, shell

KEY = "arn:aws:kms:us-east-1:000000000000:key/1234abcd-12ab-34cd-56ef-1234567890ab"
TRAIN = Channel(name="train", uri="s3://data/train/")
SECRET = "confidential"

pytestmark = pytest.mark.skipif(trouble() is not None, reason=f"encrypted volumes: {trouble()}")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Objects]:
    folder = tmp_path_factory.mktemp("store")
    (folder / "s3" / "data").mkdir(parents=True)
    with an_object_store(folder) as store:
        store.put("s3://data/train/rows", io.BytesIO(f"{SECRET}\n".encode()))
        yield store


@pytest.fixture(autouse=True)
def _released(tmp_path: Path) -> Iterator[None]:
    yield
    release(tmp_path)


def model(store: S3Objects, job: str) -> dict[str, bytes]:
    with (
        store.open(f"s3://data/output/{job}/output/model.tar.gz") as body,
        tarfile.open(fileobj=io.BytesIO(body.read())) as tar,
    ):
        files = [(member.name, tar.extractfile(member)) for member in tar]
        return {name: file.read() for name, file in files if file is not None}


def readable(folder: Path) -> list[str]:
    """Name the files below a folder, beside logs, in which the secret can be read."""
    files = [each for each in folder.rglob("*") if each.is_file() and each.suffix != ".log"]
    return [str(each) for each in files if SECRET.encode() in each.read_bytes()]


def test_every_host_has_an_empty_volume_in_place_of_what_an_earlier_try_has_left(tmp_path: Path) -> None:
    hosts = [HostFolder(tmp_path, name) for name in ("algo-1", "algo-2")]
    hosts[1].folder.mkdir()
    (hosts[1].folder / "half").touch()

    with volumes(hosts, None):
        assert [list(each.folder.iterdir()) for each in hosts] == [[], []]


def test_an_earlier_try_s_volume_is_closed_and_cleared_away(tmp_path: Path) -> None:
    host = HostFolder(tmp_path, "algo-1")
    keys = (bytes([number]) for number in count())
    with volumes([host], lambda: next(keys)):
        (host.folder / "half").touch()

        with volumes([host], lambda: next(keys)):
            assert list(host.folder.iterdir()) == []


def test_every_host_s_volume_has_a_key_of_its_own(tmp_path: Path) -> None:
    hosts = [HostFolder(tmp_path, name) for name in ("algo-1", "algo-2")]
    drawn = list[int]()

    def draw() -> bytes:
        drawn.append(len(drawn))
        return bytes(drawn)

    with volumes(hosts, draw):
        assert all(each.folder.is_mount() for each in hosts)
    assert len(drawn) == 2


def test_what_an_algorithm_does_in_an_encrypted_volume_is_as_anywhere(store: S3Objects, tmp_path: Path) -> None:
    pipe = Channel(name="pipe", uri="s3://data/train/", input_mode=InputMode.PIPE)
    checkpoints = Checkpoints(uri="s3://data/kept/", local_path="/data/run")
    script = """
        cat /opt/ml/input/data/train/rows /opt/ml/input/data/pipe_0 > /opt/ml/model/$CURRENT_HOST
        cp /opt/ml/model/$CURRENT_HOST /data/run/
        mkdir /tmp/x && ln -s x /tmp/y && mv /tmp/x /tmp/z && ! cat /tmp/y
    """
    spec = a_spec("Sealed-1", instance_count=2, volume_key=KEY, channels=(TRAIN, pipe), checkpoints=checkpoints)

    ended = lived(a_host(tmp_path, store, shell(script), spec))

    assert ended.outcome is Outcome.COMPLETED, ended.reason
    assert model(store, "Sealed-1") == {name: 2 * f"{SECRET}\n".encode() for name in ("algo-1", "algo-2")}
    assert [each.uri for each in store.list("s3://data/kept/")] == ["s3://data/kept/algo-1", "s3://data/kept/algo-2"]


def test_nothing_readable_of_a_training_job_with_a_volume_key_is_on_the_disk(store: S3Objects, tmp_path: Path) -> None:
    """While it runs, what is at rest is ciphertext; the files that are seen are those of the volume."""
    script = f"""
        cd /opt/ml; cat input/data/train/rows > model/x; cp model/x /tmp/; cp model/x checkpoints/
        touch /opt/ml/model/{SECRET}; echo ready; sleep 60
    """
    spec = a_spec("Sealed-2", volume_key=KEY, channels=(TRAIN,), checkpoints=Checkpoints(uri="s3://data/kept-2/"))
    seen: dict[str, Any] = {}

    def is_stopped() -> bool:
        log = host.workspace.hosts()[0].log
        if not seen and log.exists() and "ready" in log.read_text():
            place = host.workspace.hosts()[0].folder
            hidden = encrypted_folder(place)
            seen["in the volume"] = len(readable(place))
            seen["beside it"] = [each for each in readable(tmp_path) if not each.startswith(f"{place}/")]
            seen["names"] = [each.name for each in hidden.rglob("*") if SECRET in each.name]
        return bool(seen)

    host = a_host(tmp_path, store, shell(script), spec, is_stopped)

    assert lived(host).outcome is Outcome.STOPPED
    assert seen == {"in the volume": 4, "beside it": [], "names": []}
    assert model(store, "Sealed-2")["x"] == f"{SECRET}\n".encode()


def test_an_encrypted_volume_is_as_large_as_wanted(store: S3Objects, tmp_path: Path) -> None:
    spec = a_spec("Sealed-3", volume_key=KEY, volume_gb=1)

    ended = lived(a_host(tmp_path, store, shell("truncate -s 1100M /opt/ml/model/x; sleep 60"), spec))

    assert ended.reason is not None
    assert "VolumeSizeInGB" in ended.reason


def test_a_key_that_the_role_may_not_use_is_a_client_error(store: S3Objects, tmp_path: Path) -> None:
    def refuse(arn: str) -> bytes:
        raise ObjectError(f"{arn}: not authorized")

    ended = lived(a_host(tmp_path, store, shell("true"), a_spec("Sealed-4", volume_key=KEY), draw_key=refuse))

    assert ended.reason == f"ClientError: VolumeKmsKeyId: {KEY}: not authorized"


def test_a_machine_that_cannot_encrypt_any_more_fails_the_training_job(
    store: S3Objects, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encrypted_volume, "DEVICE", tmp_path / "nothing")

    ended = lived(a_host(tmp_path, store, shell("true"), a_spec("Sealed-5", volume_key=KEY)))

    assert (ended.outcome, ended.is_retryable) == (Outcome.FAILED, True)
    assert ended.reason is not None
    assert ended.reason.startswith("InternalServerError: VolumeKmsKeyId: volumes cannot be encrypted here: ")
