"""Encrypted volumes, with a real gocryptfs."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from enclosed import an_enclosure, run, shell
from local_cluster import AMPLE
from luthier.clusters import encrypted_volume
from luthier.clusters.encrypted_volume import VolumeError, encrypted_folder, opened, release, trouble
from luthier.clusters.local import LocalCluster
from luthier.clusters.workspace import workspace
from luthier.records.journal import Ended, Outcome
from luthier.records.names import TrainingJobArn
from luthier.runtimes.choice import choose
from training_hosts import a_spec, until

PASSWORD = b"a drawn key"

pytestmark = pytest.mark.skipif(trouble() is not None, reason=f"encrypted volumes: {trouble()}")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "a b" / "algo-1"


@pytest.fixture(autouse=True)
def _closed(folder: Path) -> object:
    folder.parent.mkdir()
    yield
    release(folder)


def on_disk(folder: Path) -> bytes:
    """Give the names and contents of all files that are on the disk."""
    found = list(encrypted_folder(folder).rglob("*"))
    return b"\n".join([os.fsencode(path.name) for path in found] + [p.read_bytes() for p in found if p.is_file()])


def test_what_is_written_is_read_again(folder: Path) -> None:
    with opened(folder, PASSWORD):
        (folder / "ml").mkdir()
        (folder / "ml" / "model").write_bytes(b"weights")

        assert (folder / "ml" / "model").read_bytes() == b"weights"


def test_nothing_readable_is_on_the_disk(folder: Path) -> None:
    with opened(folder, PASSWORD):
        (folder / "confidential").write_bytes(100 * b"weights")
        (folder / "link").symlink_to("confidential")

        assert b"weights" not in on_disk(folder)
        assert b"confidential" not in on_disk(folder)
        assert len(on_disk(folder)) > 700


def test_a_volume_is_closed_at_the_end(folder: Path) -> None:
    with opened(folder, PASSWORD):
        (folder / "x").touch()

    assert list(folder.iterdir()) == []


def test_a_volume_in_use_is_closed_all_the_same(folder: Path) -> None:
    with opened(folder, PASSWORD):
        file = os.open(folder / "x", os.O_WRONLY | os.O_CREAT)

    assert list(folder.iterdir()) == []
    with pytest.raises(OSError, match="not connected"):
        os.close(file)


def test_the_password_is_not_on_a_command_line(folder: Path) -> None:
    with opened(folder, PASSWORD):
        lines = subprocess.run(["ps", "axwwe"], capture_output=True, check=True).stdout

    assert str(folder).encode() in lines
    assert PASSWORD not in lines


def test_a_named_pipe_can_be_moved_and_used(folder: Path) -> None:
    with opened(folder, PASSWORD):
        (folder / "pipes").mkdir()
        (folder / "ml").mkdir()
        os.mkfifo(folder / "pipes" / "train_0")
        made = (folder / "pipes" / "train_0").stat()
        (folder / "pipes" / "train_0").rename(folder / "ml" / "train_0")
        writer = threading.Thread(target=lambda: (folder / "ml" / "train_0").write_bytes(b"data"))
        writer.start()

        with (folder / "ml" / "train_0").open("rb") as pipe:
            assert os.path.samestat(made, os.fstat(pipe.fileno()))
            assert pipe.read() == b"data"
        writer.join()


def test_an_algorithm_in_the_sandbox_works_in_a_volume(folder: Path, tmp_path: Path) -> None:
    runtime, _ = choose("bubblewrap")
    with opened(folder, PASSWORD):
        around = an_enclosure(folder)
        ended = run(runtime, shell("echo weights > /opt/ml/model/x && cat /opt/ml/model/x"), around, hidden=(tmp_path,))

        assert (ended.code, ended.log) == (0, "weights\n")
        assert (folder / "ml" / "model" / "x").read_bytes() == b"weights\n"


OPENER = """
import signal, sys
from pathlib import Path
from luthier.clusters.encrypted_volume import opened
with opened(Path(sys.argv[1]), bytes.fromhex(sys.argv[2])):
    Path(sys.argv[1], 'ready').touch()
    signal.pause()
"""


def test_a_volume_whose_opener_was_killed_is_closed(folder: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", OPENER, folder, PASSWORD.hex()]) as opener:
        until((folder / "ready").exists)

        opener.kill()

    until(lambda: not folder.is_mount())


def test_a_volume_whose_gocryptfs_was_killed_too_can_be_released(folder: Path) -> None:
    with opened(folder, PASSWORD):
        found = subprocess.run(["pgrep", "-f", f"gocryptfs.*{folder}"], capture_output=True, check=True)
        for each in found.stdout.split():
            os.kill(int(each), signal.SIGKILL)

    assert list(folder.iterdir()) == []


def test_volumes_further_down_are_released(folder: Path, tmp_path: Path) -> None:
    with opened(folder, PASSWORD):
        release(tmp_path)

        assert list(folder.iterdir()) == []


def test_a_machine_without_gocryptfs_has_none(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(VolumeError, match="gocryptfs is missing; apt-get install gocryptfs fuse3"), opened(folder, b""):
        raise AssertionError("it opened")


def test_a_machine_without_fuse_has_none(folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(encrypted_volume, "DEVICE", tmp_path / "nothing")

    with pytest.raises(VolumeError, match="load the kernel's module fuse"), opened(folder, b""):
        raise AssertionError("it opened")


def test_a_mount_that_fails_says_why(folder: Path) -> None:
    folder.mkdir()
    (folder / "something").touch()

    with pytest.raises(VolumeError, match=r"gocryptfs opens no volume: .*not empty"), opened(folder, PASSWORD):
        raise AssertionError("it opened")


@pytest.mark.parametrize("clear", [LocalCluster.remove, LocalCluster.forget])
def test_a_lost_training_job_s_volumes_are_closed_and_cleared_away(
    tmp_path: Path, clear: Callable[[LocalCluster, TrainingJobArn], object]
) -> None:
    spec = a_spec("Lost-1", instance_count=2)
    place = workspace(tmp_path, spec.arn)
    place.write_spec(spec)
    place.append([Ended(outcome=Outcome.FAILED, at=1.0)])
    with ExitStack() as stack:
        for host in place.hosts():
            stack.enter_context(opened(host.folder, PASSWORD))
            (host.folder / "x").write_bytes(b"weights")

        clear(LocalCluster(tmp_path, {}, AMPLE), spec.arn)

        assert not [path for path in place.folder.rglob("*") if "algo" in path.name]
