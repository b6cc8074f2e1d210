"""Input that lies in the cache once, however many training jobs read it."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from luthier.host.channels.cache import InputCache
from luthier.host.equipment import Equipment
from luthier.objects.s3 import S3Objects
from luthier.records.channel import Channel
from luthier.records.journal import Outcome
from luthier.runtimes.plain import Plain
from s3_server import an_object_store
from training_hosts import a_host, a_spec, lived, shell

TRAIN = Channel(name="train", uri="s3://data/train/")
SIZE = 3 << 20


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Objects]:
    folder = tmp_path_factory.mktemp("store")
    (folder / "s3" / "data").mkdir(parents=True)
    with an_object_store(folder) as store:
        store.put("s3://data/train/sub/a.bin", io.BytesIO(SIZE * b"x"))
        yield store


class Counting:
    """A store that counts what is fetched."""

    def __init__(self, store: S3Objects) -> None:
        self.list, self.put, self._open = store.list, store.put, store.open
        self.fetched: list[str] = []

    def open(self, uri: str) -> io.BufferedIOBase:
        self.fetched.append(uri)
        return self._open(uri)  # type: ignore[return-value]


def a_reader(tmp_path: Path, store: object, job: str, script: str, **changes: object) -> Equipment:
    spec = a_spec(job, channels=(TRAIN,), instance_count=changes.pop("instance_count", 1))
    return a_host(tmp_path, store, shell(script), spec, **changes)  # type: ignore[arg-type]


def test_many_training_jobs_fetch_a_data_set_once(store: S3Objects, tmp_path: Path) -> None:
    counting = Counting(store)

    for number in range(3):
        ended = lived(a_reader(tmp_path, counting, f"Once-{number}", "wc -c < /opt/ml/input/data/train/sub/a.bin"))
        assert ended.outcome is Outcome.COMPLETED

    assert counting.fetched == ["s3://data/train/sub/a.bin"]


def test_a_host_takes_up_no_room_for_what_it_shares(store: S3Objects, tmp_path: Path) -> None:
    host = a_reader(tmp_path, store, "Room-1", "stat -c %s /opt/ml/input/data/train/sub/a.bin", instance_count=2)

    lived(host)

    assert [each.log.read_text() for each in host.workspace.hosts()] == [f"{SIZE}\n"] * 2
    assert not list(host.workspace.folder.rglob("a.bin"))


def test_what_a_training_job_does_to_its_input_no_other_sees(store: S3Objects, tmp_path: Path) -> None:
    spoil = "cd /opt/ml/input/data/train; echo y > sub/a.bin; echo new > b"
    lived(a_reader(tmp_path, store, "Spoils-1", spoil))
    host = a_reader(tmp_path, store, "Spoils-2", "cd /opt/ml/input/data/train; stat -c %s sub/a.bin; ls")

    lived(host)

    assert host.workspace.host("algo-1").log.read_text() == f"{SIZE}\nsub\n"


def test_what_is_shared_counts_towards_the_volume(store: S3Objects, tmp_path: Path) -> None:
    script = "fallocate -l 1022M /tmp/x; sleep 64"  # with the 3 MiB of input more than 1 GiB

    ended = lived(a_host(tmp_path, store, shell(script), a_spec("Full-1", channels=(TRAIN,), volume_gb=1)))

    assert ended.reason is not None
    assert "VolumeSizeInGB" in ended.reason


@pytest.mark.parametrize("why", ["no layers", "no room"])
def test_where_nothing_can_be_shared_there_are_copies(store: S3Objects, tmp_path: Path, why: str) -> None:
    changes = {"runtime": Plain()} if why == "no layers" else {"cache": InputCache(tmp_path / "cache", 0)}
    host = a_reader(tmp_path, store, "Copies-1", "cat /opt/ml/input/data/train/sub/a.bin | wc -c", **changes)

    lived(host)

    assert host.workspace.host("algo-1").log.read_text() == f"{SIZE}\n"
    assert len(list(host.workspace.folder.rglob("a.bin"))) == 1


def test_what_is_read_is_not_evicted(store: S3Objects, tmp_path: Path) -> None:
    """The cache has room for one data set: the second training job gets copies while the first reads."""
    store.put("s3://data/other/b.bin", io.BytesIO(SIZE * b"y"))
    cache = InputCache(tmp_path / "cache", SIZE)
    others = Channel(name="train", uri="s3://data/other/")

    def evicting() -> bool:
        lived(a_host(tmp_path, store, shell("true"), a_spec("Evicts-2", channels=(others,)), cache=cache))
        return True

    first = a_reader(tmp_path, store, "Evicts-1", "echo ready; sleep 64", cache=cache)
    log = first.workspace.host("algo-1").log
    done: list[bool] = []

    def is_stop_requested() -> bool:
        if log.exists() and "ready" in log.read_text() and not done:
            done.append(evicting())
        return bool(done)

    reading = a_host(
        tmp_path, store, shell("echo ready; sleep 64"), first.workspace.spec(), is_stop_requested, cache=cache
    )

    assert lived(reading).outcome is Outcome.STOPPED
    assert [each.name for each in (tmp_path / "cache").rglob("*.bin")] == ["a.bin"]
