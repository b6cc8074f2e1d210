"""Named pipes, read by real training programs in a real sandbox, from a real S3 server."""

import io
import json
import os
import stat
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from luthier.host.channels.data_set import Stream
from luthier.host.channels.manifests import Reference
from luthier.host.channels.pipe_mode import Feeding, Place, feeding
from luthier.objects import ObjectInfo
from luthier.objects.s3 import S3Objects
from luthier.records.channel import Channel, DataType, InputMode
from luthier.records.journal import Outcome
from s3_server import an_object_store
from training_hosts import a_host, a_spec, lived, phases, shell, until

PIPED = Channel(name="train", uri="s3://data/train", input_mode=InputMode.PIPE)
CONTENT = b"1\n" + b"x" * 300_000 + b"\n2\n"
READ = "cat /opt/ml/input/data/train_0"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Objects]:
    folder = tmp_path_factory.mktemp("store")
    (folder / "s3" / "data").mkdir(parents=True)
    with an_object_store(folder) as store:
        store.put("s3://data/train/a", io.BytesIO(CONTENT[:200_000]))
        store.put("s3://data/train/b", io.BytesIO(CONTENT[200_000:]))
        yield store


def run(tmp_path: Path, store: S3Objects, script: str, *channels: Channel) -> tuple[Outcome, str | None, Path]:
    """Run a shell script as the algorithm; gives how it ended, why, and the folder that it saw as /opt/ml."""
    host = a_host(tmp_path, store, shell(script), a_spec(channels=channels or (PIPED,), volume_gb=1))
    ended = lived(host)
    return ended.outcome, ended.reason, host.workspace.host("algo-1").ml


def test_an_epoch_is_all_objects_one_after_the_other(store: S3Objects, tmp_path: Path) -> None:
    outcome, _, ml = run(tmp_path, store, f"{READ} > /opt/ml/model/read")

    assert outcome is Outcome.COMPLETED
    assert (ml / "model/read").read_bytes() == CONTENT


def test_a_pipe_is_there_for_each_epoch(store: S3Objects, tmp_path: Path) -> None:
    script = "set -e; for n in 0 1 2 3 4; do cat /opt/ml/input/data/train_$n | md5sum; done > /opt/ml/model/sums"

    outcome, _, ml = run(tmp_path, store, script)

    assert outcome is Outcome.COMPLETED
    assert len(set((ml / "model/sums").read_text().splitlines())) == 1
    assert len((ml / "model/sums").read_text().splitlines()) == 5


def test_a_reader_may_close_an_epoch_early(store: S3Objects, tmp_path: Path) -> None:
    script = (
        "set -e; head -c 1 /opt/ml/input/data/train_0; until [ -p /opt/ml/input/data/train_1 ]; do sleep 0.01; done"
    )

    outcome, _, ml = run(tmp_path, store, f"{script}; cat /opt/ml/input/data/train_1 > /opt/ml/model/read")

    assert outcome is Outcome.COMPLETED
    assert (ml / "model/read").read_bytes() == CONTENT


def test_pipes_that_nobody_reads_do_no_harm(store: S3Objects, tmp_path: Path) -> None:
    assert run(tmp_path, store, "true")[0] is Outcome.COMPLETED


def test_a_reader_in_the_middle_of_an_epoch_may_end(store: S3Objects, tmp_path: Path) -> None:
    outcome, _, _ = run(tmp_path, store, "exec 3< /opt/ml/input/data/train_0; head -c 10 <&3")

    assert outcome is Outcome.COMPLETED


def test_a_pipe_takes_the_place_of_a_folder(store: S3Objects, tmp_path: Path) -> None:
    outcome, _, ml = run(tmp_path, store, "ls /opt/ml/input/data > /opt/ml/model/names")

    assert outcome is Outcome.COMPLETED
    assert (ml / "model/names").read_text().split() == ["train_0"]


def test_pipes_and_files_stand_side_by_side(store: S3Objects, tmp_path: Path) -> None:
    files = Channel(name="check", uri="s3://data/train/b")

    outcome, _, ml = run(tmp_path, store, "ls /opt/ml/input/data > /opt/ml/model/names", PIPED, files)

    assert outcome is Outcome.COMPLETED
    assert (ml / "model/names").read_text().split() == ["check", "train_0"]


def test_with_pipes_alone_nothing_is_downloaded(store: S3Objects, tmp_path: Path) -> None:
    host = a_host(tmp_path, store, shell(READ), a_spec(channels=(PIPED,)))

    lived(host)

    assert phases(host.workspace) == ["Starting", "Training", "Uploading"]


def test_the_algorithm_is_told_of_the_mode(store: S3Objects, tmp_path: Path) -> None:
    _, _, ml = run(tmp_path, store, "true")

    told = json.loads((ml / "input/config/inputdataconfig.json").read_text())
    assert told["train"]["TrainingInputMode"] == "Pipe"


def test_an_object_that_is_gone_fails_the_training_with_its_name(store: S3Objects, tmp_path: Path) -> None:
    store.put("s3://data/gone", io.BytesIO(b'[{"prefix": "s3://data/"}, "train/a", "absent"]'))
    channel = Channel(name="train", uri="s3://data/gone", data_type=DataType.MANIFEST_FILE, input_mode=InputMode.PIPE)

    outcome, reason, _ = run(tmp_path, store, f"{READ} > /dev/null; sleep 60", channel)

    assert outcome is Outcome.FAILED
    assert reason is not None
    assert reason.startswith("ClientError: channel 'train': s3://data/absent: ")


def test_a_training_that_took_a_broken_epoch_for_a_whole_one_fails_all_the_same(
    store: S3Objects, tmp_path: Path
) -> None:
    store.put("s3://data/gone", io.BytesIO(b'[{"prefix": "s3://data/"}, "absent"]'))
    channel = Channel(name="train", uri="s3://data/gone", data_type=DataType.MANIFEST_FILE, input_mode=InputMode.PIPE)

    assert run(tmp_path, store, READ, channel)[0] is Outcome.FAILED


@pytest.mark.parametrize(
    "instead",
    [
        "ln -s /opt/ml/model/target other; mv -T other train_0",
        "touch other; mv -T other train_0",
        "mkfifo other; mv -T other train_0; cat train_0 > /dev/null",
    ],
)
def test_nothing_is_written_to_what_an_algorithm_puts_in_a_pipes_place(
    store: S3Objects, tmp_path: Path, instead: str
) -> None:
    outcome, reason, ml = run(
        tmp_path, store, f"touch /opt/ml/model/target; cd /opt/ml/input/data; {instead}; sleep 60"
    )

    assert outcome is Outcome.FAILED
    assert reason is not None
    assert "is not the pipe that was put there" in reason
    assert (ml / "model/target").read_bytes() == b""


def test_a_folder_that_is_swapped_for_a_link_leads_nowhere(store: S3Objects, tmp_path: Path) -> None:
    """The next pipe goes into the folder that was there at the start."""
    script = f"{READ} > /dev/null; cd /opt/ml/input; mv data old; ln -s /opt/ml/model data; cat old/train_1 > /dev/null"

    outcome, _, ml = run(tmp_path, store, f"{script}; ls -A /opt/ml/model")

    assert outcome is Outcome.COMPLETED
    assert list((ml / "model").iterdir()) == []


def test_a_pipe_that_was_removed_is_put_there_again(store: S3Objects, tmp_path: Path) -> None:
    script = "cd /opt/ml/input/data; rm train_0; until [ -p train_0 ]; do sleep 0.01; done; cat train_0"

    outcome, _, ml = run(tmp_path, store, f"{script} > /opt/ml/model/read")

    assert outcome is Outcome.COMPLETED
    assert (ml / "model/read").read_bytes() == CONTENT


class Endless:
    """A store with one object that never ends."""

    def __init__(self) -> None:
        self.given = 0

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        yield ObjectInfo(uri=prefix, size=0, etag="e")

    def open(self, uri: str) -> Any:
        self.uri = uri
        return self

    def read(self, size: int = -1) -> bytes:
        self.given += size
        return b"\0" * size

    def close(self) -> None:
        self.uri = ""

    def put(self, uri: str, body: Any, key: str | None = None) -> None:
        raise NotImplementedError(f"{uri} {body}")


def fed(tmp_path: Path, store: Any) -> Any:
    data, workshop = tmp_path / "data", tmp_path / "workshop"
    data.mkdir()
    workshop.mkdir()

    def streams(store: Any, check: Any) -> list[Stream]:
        return [Stream(channel=PIPED, parts=[(Reference("s3://data/endless"),)], store=store, check=check)]

    return feeding(streams, Place(folder=data, workshop=workshop, store=store))


def test_what_is_read_ahead_is_bounded(tmp_path: Path) -> None:
    store = Endless()
    with fed(tmp_path, store), (tmp_path / "data/train_0").open("rb", buffering=0) as pipe:
        until(lambda: store.given > 1 << 20)
        settled = -1
        while settled != store.given:
            settled = store.given
            threading.Event().wait(0.2)
        pipe.read(1)

    assert store.given <= 8 << 20


def test_everything_ends_with_the_training(tmp_path: Path) -> None:
    """With a reader that does not read on, and no thread left."""
    before = threading.active_count()
    with fed(tmp_path, Endless()):
        pipe = os.open(tmp_path / "data/train_0", os.O_RDONLY)

    os.close(pipe)
    assert threading.active_count() == before


def test_a_pipe_can_be_read_by_any_user(tmp_path: Path) -> None:
    with fed(tmp_path, Endless()) as feeds:
        assert isinstance(feeds, Feeding)
        assert stat.S_IMODE((tmp_path / "data/train_0").stat().st_mode) == 0o666


def test_a_store_that_breaks_off_is_taken_up_where_it_broke(tmp_path: Path) -> None:
    content = os.urandom(1_000_000)

    class Breaking(Endless):
        opened = 0

        def open(self, uri: str) -> Any:
            self.opened += 1
            outer, body = self, io.BytesIO(content)

            class Body:
                def read(self, size: int = -1) -> bytes:
                    if outer.opened < 4 and body.tell() >= 250_000 * outer.opened:
                        raise ConnectionResetError(f"{uri}: cut")
                    return body.read(min(size, 50_000))

                def close(self) -> None:
                    body.close()

            return Body()

    with fed(tmp_path, Breaking()):
        read = subprocess.run(["cat", tmp_path / "data/train_0"], capture_output=True, check=True, timeout=30).stdout

    assert read == content
