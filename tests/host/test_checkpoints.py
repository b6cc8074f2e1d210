"""Checkpoints on a real S3 server."""

import io
import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

import pytest

from luthier.host.checkpoint_folder import CheckpointFolder
from luthier.host.checkpoints import CheckpointError, Keeping, Kept, fetch_checkpoints, kept
from luthier.objects import ObjectError, ObjectInfo, ObjectStore
from luthier.objects.s3 import S3Objects
from s3_server import an_object_store
from training_hosts import until

NOW = 1_900_000_000.0  # long after anything was written


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Objects]:
    folder = tmp_path_factory.mktemp("store")
    (folder / "s3" / "data").mkdir(parents=True)
    with an_object_store(folder) as store:
        yield store


@pytest.fixture
def store(server: S3Objects) -> Iterator[S3Objects]:
    for each in list(server.list("s3://data/")):
        server.delete(each.uri)
    return server


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "ml" / "checkpoints").mkdir(parents=True)
    return tmp_path / "ml" / "checkpoints"


@contextmanager
def keeping(
    place: Path, store: ObjectStore, *more: Path, pace_s: float = 0.01, clock: Callable[[], float] = lambda: NOW
) -> Iterator[Kept]:
    """Keep folders in S3 below s3://data/run."""
    with CheckpointFolder.opened_below(place.parent, (place.name,)) as folder:
        others = [CheckpointFolder(os.open(each, os.O_RDONLY), ()) for each in more]
        aim = Keeping(uri="s3://data/run", store=store, clock=clock, pace_s=pace_s)
        with kept([folder, *others], aim) as checkpoints:
            yield checkpoints


def write(place: Path, name: str, content: bytes = b"1") -> None:
    """Make a file that is whole at every moment."""
    draft = place.parent / "draft"
    draft.write_bytes(content)
    draft.replace(place / name)


def objects(store: S3Objects) -> dict[str, bytes]:
    found = {}
    for each in store.list("s3://data/run/"):
        with suppress(ObjectError), store.open(each.uri) as body:  # it may be deleted at this moment
            found[each.uri.removeprefix("s3://data/run/")] = body.read()
    return found


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


class Counting:
    """An object store that notes what is done, and may be away or refuse."""

    def __init__(self, store: S3Objects) -> None:
        self.list, self.open, self._store = store.list, store.open, store
        self.done: list[str] = []
        self.absences = 0
        self.refusal: ObjectError | None = None
        self.gate, self.is_waiting = threading.Event(), threading.Event()
        self.gate.set()

    def put(self, uri: str, body: BinaryIO) -> None:
        self._note(f"put {uri.rpartition('/')[2]}")
        self._store.put(uri, body)

    def delete(self, uri: str) -> None:
        self._note(f"delete {uri.rpartition('/')[2]}")
        self._store.delete(uri)

    def _note(self, what: str) -> None:
        self.is_waiting.set()
        self.gate.wait()
        self.absences -= 1
        if self.absences >= 0:
            raise OSError("away")
        if self.refusal is not None:
            raise self.refusal
        self.done.append(what)


def test_objects_become_files(store: S3Objects, place: Path) -> None:
    store.put("s3://data/run/step 1/model.bin", io.BytesIO(b"1"))
    store.put("s3://data/run/latest", io.BytesIO(b"step 1"))
    store.put("s3://data/run-2/other", io.BytesIO(b"2"))

    fetch_checkpoints("s3://data/run", store, place)

    assert files(place) == {"latest": b"step 1", "step 1/model.bin": b"1"}


def test_without_objects_there_are_no_files(store: S3Objects, place: Path) -> None:
    fetch_checkpoints("s3://data/run/", store, place)

    assert files(place) == {}


def test_whoever_the_algorithm_is_it_may_change_what_was_fetched(store: S3Objects, place: Path) -> None:
    store.put("s3://data/run/a/b/x", io.BytesIO(b"1"))

    fetch_checkpoints("s3://data/run", store, place)

    modes = [oct((place / each).stat().st_mode & 0o777) for each in ("a", "a/b", "a/b/x")]
    assert modes == ["0o777", "0o777", "0o666"]


class Listed:
    """An object store that lists what is not there, or is no file."""

    def __init__(self, *keys: str) -> None:
        self._lists = iter([keys, ()])

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        return (ObjectInfo(uri=f"{prefix}{key}", size=1, etag="e") for key in next(self._lists))

    def open(self, uri: str) -> BinaryIO:
        raise ObjectError(f"{uri}: there is no such object")

    def put(self, uri: str, body: BinaryIO) -> None:
        raise NotImplementedError(f"{uri} {body}")

    def delete(self, uri: str) -> None:
        raise NotImplementedError(uri)


@pytest.mark.parametrize("key", ["../../x", "a//x", "/etc/x"])
def test_a_key_that_leads_elsewhere_is_named(place: Path, key: str) -> None:
    with pytest.raises(CheckpointError, match=r"CheckpointConfig: s3://data/run/.*x: this key makes no file name"):
        fetch_checkpoints("s3://data/run", Listed(key), place)


def test_a_file_that_is_a_folder_too_is_named(place: Path) -> None:
    with pytest.raises(CheckpointError, match="s3://data/run/a is both an object and a folder of s3://data/run/a/x"):
        fetch_checkpoints("s3://data/run", Listed("a", "a/x"), place)


def test_an_object_that_another_training_job_has_just_deleted_is_none(place: Path) -> None:
    fetch_checkpoints("s3://data/run", Listed("x"), place)

    assert files(place) == {}


def test_a_bucket_that_is_not_there_is_named(store: S3Objects, place: Path) -> None:
    with pytest.raises(CheckpointError, match="CheckpointConfig: s3://nowhere/run/: there is no such bucket"):
        fetch_checkpoints("s3://nowhere/run", store, place)


def test_new_files_are_uploaded_while_the_algorithm_runs(store: S3Objects, place: Path) -> None:
    with keeping(place, store):
        (place / "a b").mkdir()
        (place / "a b" / "ü+1.bin").write_bytes(b"1")

        until(lambda: objects(store) == {"a b/ü+1.bin": b"1"})


def test_a_file_that_changes_is_uploaded_again(store: S3Objects, place: Path) -> None:
    (place / "x").write_bytes(b"half")
    with keeping(place, store), (place / "x").open("ab") as file:
        file.write(b" whole")
        file.flush()
        until(lambda: objects(store) == {"x": b"half whole"})

        (place / "draft").write_bytes(b"another")
        (place / "draft").replace(place / "x")

        until(lambda: objects(store) == {"x": b"another"})


def test_what_is_gone_is_deleted(store: S3Objects, place: Path) -> None:
    store.put("s3://data/run/old", io.BytesIO(b"1"))
    fetch_checkpoints("s3://data/run", store, place)
    with keeping(place, store):
        (place / "old").unlink()

        until(lambda: objects(store) == {})


def test_what_others_put_into_s3_is_neither_fetched_nor_deleted(store: S3Objects, place: Path) -> None:
    with keeping(place, store):
        store.put("s3://data/run/other", io.BytesIO(b"2"))
        (place / "x").write_bytes(b"1")
        until(lambda: "x" in objects(store))

    assert objects(store) == {"other": b"2", "x": b"1"}
    assert files(place) == {"x": b"1"}


def test_what_has_not_changed_is_uploaded_once(store: S3Objects, place: Path) -> None:
    store.put("s3://data/run/fetched", io.BytesIO(b"0"))
    fetch_checkpoints("s3://data/run", store, place)
    counted = Counting(store)
    with keeping(place, counted):
        for name in ("x", "y", "z"):
            write(place, name)
            until(lambda: f"put {name}" in counted.done)  # noqa: B023  # asked at once

    assert counted.done == ["put x", "put y", "put z"]


def test_a_file_that_was_just_written_is_not_trusted_to_stand_still(store: S3Objects, place: Path) -> None:
    """A second write within a tick of the file system's clock leaves no trace."""
    counted = Counting(store)
    moments = [0.0]
    with keeping(place, counted, clock=lambda: moments[0]):
        (place.parent / "x").write_bytes(b"1")
        moments[0] = (place.parent / "x").stat().st_mtime + 0.01
        (place.parent / "x").rename(place / "x")

        until(lambda: len(counted.done) > 1)


def test_the_last_state_is_uploaded_whenever_it_was_written(store: S3Objects, place: Path) -> None:
    with keeping(place, store, pace_s=60):
        (place / "x").write_bytes(b"last")

    assert objects(store) == {"x": b"last"}


def test_the_last_state_waits_for_a_store_that_is_away(store: S3Objects, place: Path) -> None:
    counted = Counting(store)
    with keeping(place, counted, pace_s=60):
        counted.absences = 3
        (place / "x").write_bytes(b"last")

    assert objects(store) == {"x": b"last"}


def test_files_go_up_in_the_order_in_which_they_were_written_before_any_is_deleted(
    store: S3Objects, place: Path
) -> None:
    store.put("s3://data/run/old", io.BytesIO(b"1"))
    fetch_checkpoints("s3://data/run", store, place)
    counted = Counting(store)
    counted.gate.clear()
    with keeping(place, counted):
        write(place, "first")
        until(counted.is_waiting.is_set)
        (place / "old").unlink()
        for written, name in enumerate(("a", "c", "b")):
            (place / name).write_bytes(b"1")
            os.utime(place / name, (written, written))
        counted.gate.set()

    assert counted.done == ["put first", "put a", "put c", "put b", "delete old"]


@pytest.mark.parametrize(("before", "after"), [("a", "a/x"), ("a/x", "a")])
def test_a_name_may_be_a_file_s_and_then_a_folder_s(store: S3Objects, place: Path, before: str, after: str) -> None:
    store.put(f"s3://data/run/{before}", io.BytesIO(b"1"))
    fetch_checkpoints("s3://data/run", store, place)
    with keeping(place, store):
        (place / "a").rename(place.parent / "away")
        (place / after).parent.mkdir(exist_ok=True)
        (place / after).write_bytes(b"2")

    assert objects(store) == {after: b"2"}


def test_every_host_keeps_its_own_files(store: S3Objects, place: Path, tmp_path: Path) -> None:
    second = tmp_path / "second"
    second.mkdir()
    with keeping(place, store, second):
        (place / "of-1").write_bytes(b"1")
        (second / "of-2").write_bytes(b"2")

    assert objects(store) == {"of-1": b"1", "of-2": b"2"}


def test_a_large_file_that_grows_and_shrinks_meanwhile_ends_whole(store: S3Objects, place: Path) -> None:
    over = threading.Event()

    def write() -> None:
        while not over.is_set():
            for size in (40_000_000, 1000):
                (place / "x").write_bytes(size * b"1")

    writer = threading.Thread(target=write)
    counted = Counting(store)
    with keeping(place, counted):
        writer.start()
        until(lambda: len(counted.done) >= 5)
        over.set()
        writer.join()

    assert objects(store) == {"x": 1000 * b"1"}


def test_what_is_no_file_is_said_and_left_out(store: S3Objects, place: Path, caplog: pytest.LogCaptureFixture) -> None:
    os.mkfifo(place / "pipe")
    (place / "link").symlink_to("/etc/passwd")
    (place / os.fsdecode(b"\xff")).write_bytes(b"1")
    (place / "a\nb").write_bytes(b"1")

    with caplog.at_level(logging.WARNING), keeping(place, store, pace_s=60):
        pass

    assert objects(store) == {}
    assert set(caplog.messages) == {
        "the checkpoint 'a\\nb' is not stored in S3: its name has a control character",
        "the checkpoint 'link' is not stored in S3: it is a link",
        "the checkpoint 'pipe' is not stored in S3: it is a named pipe",
        "the checkpoint '\\udcff' is not stored in S3: its name is not UTF-8",
    }


def test_the_log_is_nobody_s_dump(store: S3Objects, place: Path, caplog: pytest.LogCaptureFixture) -> None:
    for number in range(200):
        os.mkfifo(place / f"pipe{number}")

    with caplog.at_level(logging.WARNING), keeping(place, store):
        pass

    assert len(caplog.messages) == 100


def test_a_refusal_is_told_while_the_algorithm_runs(store: S3Objects, place: Path) -> None:
    counted = Counting(store)
    counted.refusal = ObjectError("s3://data/run/x: access denied")
    with keeping(place, counted) as checkpoints:
        (place / "x").write_bytes(b"1")

        until(lambda: checkpoints.failure() == "CheckpointConfig: s3://data/run/x: access denied")


def test_a_refusal_at_the_last_moment_is_told_too(store: S3Objects, place: Path) -> None:
    counted = Counting(store)
    counted.refusal = ObjectError("s3://data/run/x: access denied")
    with keeping(place, counted, pace_s=60) as checkpoints:
        (place / "x").write_bytes(b"1")

    assert checkpoints.failure() == "CheckpointConfig: s3://data/run/x: access denied"


def test_a_folder_that_was_replaced_by_a_link_costs_no_checkpoint(store: S3Objects, place: Path) -> None:
    store.put("s3://data/run/old", io.BytesIO(b"1"))
    fetch_checkpoints("s3://data/run", store, place)
    with keeping(place, store):
        place.rename(place.with_name("away"))
        place.symlink_to("/etc")

    assert objects(store) == {"old": b"1"}
