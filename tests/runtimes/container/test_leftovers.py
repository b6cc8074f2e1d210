"""What a dead agent has left behind, and who clears it away."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from container_image import contained, training_image
from enclosed import a_group, an_enclosure, run, shell, until_says
from luthier.runtimes import HostGroup
from luthier.runtimes.container.containers import Containers
from luthier.runtimes.container.engine import Engine
from luthier.runtimes.container.leftovers import sweep

pytestmark = pytest.mark.slow

AGENT = """
import sys
from functools import partial
from pathlib import Path
from luthier.records.algorithm import Algorithm
from luthier.runtimes import Enclosure, HostGroup
from luthier.runtimes.container.containers import Containers
from luthier.runtimes.container.engine import connect
socket, owner, name, image, folder = sys.argv[1:]
place = Path(folder)
named = {"TRAINING_JOB_ARN": name}
host = Enclosure(host_name="algo-1", ml=place / "ml", tmp=place / "tmp", log=place / "log", environment=named)
group = HostGroup(name=name, hosts=(host,), front_door="http://127.0.0.1:9")
algorithm = Algorithm(image="test", command=("/bin/sh", "-c", "echo ready; sleep 600"), container=image)
with Containers(connect=partial(connect, socket), owner=owner).started(algorithm, group) as (running,):
    running.wait(600)
"""


@contextmanager
def lost(engine: Engine, folder: Path, owner: str) -> Iterator[HostGroup]:
    """Have the containers of an agent that was killed; gives their group."""
    enclosure = an_enclosure(folder)
    group = a_group(enclosure)
    words = (str(engine.socket), owner, group.name, training_image(engine), str(folder))
    agent = subprocess.Popen([sys.executable, "-c", AGENT, *words])
    until_says(enclosure.log, "ready")
    os.kill(agent.pid, signal.SIGKILL)
    agent.wait()
    yield group
    Containers(connect=lambda: engine, owner=owner).clear(group.name)


def left(engine: Engine, group: HostGroup) -> int:
    """Count what there is of a group."""
    return len(engine.containers({"luthier.group": group.name})) + len(engine.networks({"luthier.group": group.name}))


def test_what_a_killed_agent_has_left_is_cleared_by_its_name_and_twice_is_once(engine: Engine, tmp_path: Path) -> None:
    with lost(engine, tmp_path, "/tests") as group:
        before = left(engine, group)
        for _ in range(2):
            Containers(connect=lambda: engine, owner="/tests").clear(group.name)

        assert (before, left(engine, group)) == (3, 0)


def test_a_group_starts_though_a_killed_agent_has_left_one_of_its_name(engine: Engine, tmp_path: Path) -> None:
    with lost(engine, tmp_path, "/tests"):
        assert run(contained(engine), shell("exit 3"), an_enclosure(tmp_path)).code == 3


def test_a_sweep_clears_what_is_over_and_nothing_else(engine: Engine, tmp_path: Path) -> None:
    owner = str(tmp_path)
    with lost(engine, tmp_path / "a", owner) as over, lost(engine, tmp_path / "b", owner) as under_way:
        swept = sweep(engine, owner, lambda name: name == over.name)

        assert (swept, left(engine, over), left(engine, under_way)) == ([over.name], 0, 3)


def test_a_sweep_leaves_other_installations_alone(engine: Engine, tmp_path: Path) -> None:
    with lost(engine, tmp_path, "/tests") as group:
        sweep(engine, str(tmp_path), lambda _: True)

        assert left(engine, group) == 3
