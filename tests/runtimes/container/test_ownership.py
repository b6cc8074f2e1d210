"""An agent that is an ordinary user, and files of whoever the image runs as."""

import os
import shutil
import tempfile
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from container_image import contained, training_image
from enclosed import an_enclosure, run, shell
from luthier.clusters.removal import remove_tree
from luthier.runtimes import Layer
from luthier.runtimes.container.engine import Engine, connect

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")]

USER = 65534


@pytest.fixture
def place() -> Iterator[Path]:
    """Have a folder of an ordinary user's."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    os.chown(folder, USER, USER)
    yield folder
    shutil.rmtree(folder)


def as_ordinary_user(socket: Path, act: Callable[[], None]) -> int:
    """Do something in a process of a user who may use the engine's socket; gives its exit code."""
    if socket.stat().st_mode & 0o060 != 0o060:
        pytest.skip("only root may use this engine")
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([socket.stat().st_gid])
            os.setresgid(USER, USER, USER)
            os.setresuid(USER, USER, USER)
            os.umask(0o022)
            act()
        except (Exception, pytest.fail.Exception):  # noqa: BLE001  # it ends this process, not the tests
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_files_of_another_user_belong_to_the_agents_user_when_the_algorithm_has_ended(
    engine: Engine, place: Path
) -> None:
    script = (
        "mkdir -p /opt/ml/model/deep/er /tmp/locked; touch /opt/ml/model/deep/er/file /tmp/locked/file; "
        "ln -s /etc/passwd /opt/ml/model/link; chmod 0 /tmp/locked"
    )

    image = training_image(engine)

    def act() -> None:
        assert run(contained(connect(str(engine.socket)), image), shell(script), an_enclosure(place)).code == 0
        shutil.rmtree(place / "ml" / "model" / "deep")
        (place / "tmp" / "locked").chmod(0o700)
        shutil.rmtree(place / "tmp" / "locked")

    assert as_ordinary_user(engine.socket, act) == 0
    assert (place / "ml" / "model" / "link").lstat().st_uid == USER
    assert Path("/etc/passwd").stat().st_uid == 0


def test_what_a_layer_leaves_can_be_deleted_by_the_agents_user(engine: Engine, place: Path) -> None:
    """The kernel keeps a locked folder of root's in the scratch folder of an overlay."""
    image = training_image(engine)

    def act() -> None:
        layer = Layer(below=place / "below", above=place / "above", scratch=place / "scratch")
        for folder in (layer.below, layer.above, layer.scratch):
            folder.mkdir()
        (layer.below / "rows").write_text("1,2\n")
        enclosure = replace(an_enclosure(place), layers={"/opt/ml/input/data/train": layer})
        script = shell("cat /opt/ml/input/data/train/rows; touch /opt/ml/input/data/train/more")
        assert run(contained(connect(str(engine.socket)), image), script, enclosure).log == "1,2\n"
        for folder in (layer.above, layer.scratch):
            remove_tree(folder)

    assert as_ordinary_user(engine.socket, act) == 0
    assert sorted(each.name for each in place.iterdir()) == ["below", "log", "ml", "tmp"]


def test_an_ordinary_user_has_the_front_door_at_its_own_address(engine: Engine, place: Path) -> None:
    image = training_image(engine)

    def act() -> None:
        assert run(contained(connect(str(engine.socket)), image), shell("exit 3"), an_enclosure(place)).code == 3

    assert as_ordinary_user(engine.socket, act) == 0
