"""Agents: forks of one nursery, each with a life of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from enclosed import is_alive, until_gone, until_says
from local_cluster import Site, a_job, a_site, agents_of, end_of
from luthier.clusters.agents import Agents
from luthier.clusters.local import LocalCluster
from luthier.clusters.workspace import LOST, Workspace, workspace
from luthier.records.algorithm import MetricDefinition
from luthier.records.journal import ClusterSpec, Outcome
from training_hosts import until

pytestmark = pytest.mark.slow  # real agents


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with a_site(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(scope="module")
def cluster(site: Site) -> LocalCluster:
    """A cluster that has its nursery."""
    return warmed(site, "shared-1")


@pytest.fixture
def mortal(site: Site, request: pytest.FixtureRequest) -> LocalCluster:
    """A cluster whose nursery may be killed."""
    return warmed(site, request.node.name.replace("_", "-")[:60])


def warmed(site: Site, name: str) -> LocalCluster:
    cluster, spec = site.cluster(), a_job(name, "quick")
    cluster.start(spec)
    end_of(cluster, spec.arn)
    return cluster


def nursery_of(cluster: LocalCluster) -> int:
    nursery = cluster._agents._nursery
    assert nursery is not None
    return nursery.process.pid


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])


def place_of(site: Site, spec: ClusterSpec) -> Workspace:
    return workspace(site.settings.training_folder, spec.arn)


def at_work(site: Site, cluster: LocalCluster, name: str) -> tuple[ClusterSpec, int]:
    """Have an agent at work, with an algorithm that takes its time."""
    spec = a_job(name, "sleeper")
    cluster.start(spec)
    until_says(place_of(site, spec).host("algo-1").log, "ready")
    (agent,) = agents_of(place_of(site, spec))
    return spec, agent


def test_agents_come_from_one_nursery(site: Site, cluster: LocalCluster) -> None:
    (first, one), (second, other) = at_work(site, cluster, "one-1"), at_work(site, cluster, "other-1")

    assert [parent_of(one), parent_of(other)] == [nursery_of(cluster)] * 2
    for spec, agent in ((first, one), (second, other)):
        cluster.stop(spec.arn)
        assert end_of(cluster, spec.arn).outcome is Outcome.STOPPED
        until_gone([agent])


def test_a_nursery_has_one_thread(site: Site, cluster: LocalCluster) -> None:
    """Or its forks would be of one thread among several."""
    spec, _ = at_work(site, cluster, "thread-1")

    assert len(list(Path(f"/proc/{nursery_of(cluster)}/task").iterdir())) == 1
    cluster.stop(spec.arn)
    end_of(cluster, spec.arn)


def test_an_agent_leads_a_session_of_its_own(site: Site, cluster: LocalCluster) -> None:
    """A signal to the nursery's group is not for it."""
    spec, agent = at_work(site, cluster, "session-1")

    assert os.getsid(agent) == agent
    cluster.stop(spec.arn)
    end_of(cluster, spec.arn)


def test_starting_twice_is_starting_once(site: Site, cluster: LocalCluster) -> None:
    spec = a_job("twice-1", "sleeper")
    place = place_of(site, spec)
    cluster.start(spec)

    cluster._agents.start(place)

    until_says(place.host("algo-1").log, "ready")
    assert len(agents_of(place)) == 1
    cluster.stop(spec.arn)
    end_of(cluster, spec.arn)


def test_an_agent_that_has_died_is_forgotten(site: Site, cluster: LocalCluster) -> None:
    spec, agent = at_work(site, cluster, "forgotten-1")
    os.kill(agent, signal.SIGKILL)
    until_gone([agent])

    cluster._agents.reap()

    assert place_of(site, spec).folder not in cluster._agents._running


def test_a_nursery_that_has_died_is_replaced(mortal: LocalCluster) -> None:
    spec, dead = a_job("dead-1", "quick"), nursery_of(mortal)
    os.kill(dead, signal.SIGKILL)
    until_gone([dead])

    mortal.start(spec)

    assert nursery_of(mortal) != dead
    assert end_of(mortal, spec.arn).outcome is Outcome.COMPLETED


def test_a_nursery_that_dies_takes_no_agent_with_it(site: Site, mortal: LocalCluster) -> None:
    spec, agent = at_work(site, mortal, "orphan-1")

    os.kill(nursery_of(mortal), signal.SIGKILL)

    until_gone([nursery_of(mortal)])
    assert is_alive(agent)
    mortal.stop(spec.arn)
    assert end_of(mortal, spec.arn).outcome is Outcome.STOPPED


def test_a_nursery_that_dies_before_it_has_heard_costs_nothing_but_time(mortal: LocalCluster) -> None:
    """Who starts a training job says so until something happens."""
    spec, nursery = a_job("deaf-1", "quick"), nursery_of(mortal)
    os.kill(nursery, signal.SIGSTOP)
    mortal.start(spec)
    os.kill(nursery, signal.SIGKILL)

    def has_begun() -> bool:
        mortal.start(spec)
        return bool(mortal.observe(spec.arn, 0).entries)

    until(has_begun)
    assert end_of(mortal, spec.arn).outcome is Outcome.COMPLETED


def test_a_nursery_that_cannot_start_says_why_in_the_training_jobs_log(site: Site) -> None:
    place = place_of(site, a_job("broken-1", "quick"))
    place.folder.mkdir(parents=True)

    Agents({"PYTHONHOME": "/nowhere"}).start(place)

    until(lambda: "/nowhere" in place.agent_log.read_text())


def test_an_agent_that_is_killed_at_work_is_a_lost_host(site: Site, cluster: LocalCluster) -> None:
    spec, agent = at_work(site, cluster, "lost-1")

    os.kill(agent, signal.SIGKILL)

    assert end_of(cluster, spec.arn).reason == LOST


def test_a_nursery_ends_with_its_server_and_an_agent_does_not(site: Site) -> None:
    spec = a_job("server-1", "sleeper")
    code = (
        "import sys; sys.path[:0] = sys.argv[1].split(':')\n"
        "from local_cluster import *; from luthier.settings import read_settings; import time\n"
        "cluster = a_cluster(read_settings())\n"
        "cluster.start(a_job('server-1', 'sleeper'))\n"
        "print(cluster._agents._nursery.process.pid, flush=True); time.sleep(60)\n"
    )
    environment = {**os.environ, **site.settings.for_agents()}
    with subprocess.Popen(
        [sys.executable, "-c", code, ":".join(sys.path)], env=environment, stdout=subprocess.PIPE
    ) as server:
        assert server.stdout is not None
        nursery = int(server.stdout.readline())
        until_says(place_of(site, spec).host("algo-1").log, "ready")
        (agent,) = agents_of(place_of(site, spec))

        server.kill()

    until_gone([nursery])
    assert is_alive(agent)
    site.cluster().stop(spec.arn)
    assert end_of(site.cluster(), spec.arn).outcome is Outcome.STOPPED


def test_an_agent_writes_to_its_own_log(site: Site, cluster: LocalCluster) -> None:
    spec = a_job("log-1", "quick", metrics=(MetricDefinition(name="broken", regex="("),))

    cluster.start(spec)

    end_of(cluster, spec.arn)
    until(lambda: "not looked for" in place_of(site, spec).agent_log.read_text())
