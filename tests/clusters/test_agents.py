"""The spare agent: ready before it is needed, and never left behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from enclosed import is_alive, until_gone, until_says
from local_cluster import Site, a_job, a_site, end_of
from luthier.clusters.local import LocalCluster
from luthier.clusters.workspace import LOST, Workspace, workspace
from luthier.records.algorithm import MetricDefinition
from luthier.records.journal import ClusterSpec, Outcome
from training_hosts import until

pytestmark = pytest.mark.slow  # real agents, each with a start of its own


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with a_site(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def cluster(site: Site, request: pytest.FixtureRequest) -> LocalCluster:
    """A cluster that has its spare agent."""
    cluster, spec = site.cluster(), a_job(request.node.name.replace("_", "-")[:60], "quick")
    cluster.start(spec)
    end_of(cluster, spec.arn)
    return cluster


def spare_of(cluster: LocalCluster) -> int:
    spare = cluster._agents._spare
    assert spare is not None
    return spare.pid


def place_of(site: Site, spec: ClusterSpec) -> Workspace:
    return workspace(site.settings.training_folder, spec.arn)


def test_the_spare_agent_does_the_next_training(site: Site, cluster: LocalCluster) -> None:
    spec, spare = a_job("next-1", "sleeper"), spare_of(cluster)

    cluster.start(spec)

    until_says(place_of(site, spec).host("algo-1").log, "ready")
    assert is_alive(spare)
    cluster.stop(spec.arn)
    assert end_of(cluster, spec.arn).outcome is Outcome.STOPPED
    until_gone([spare])


def test_there_is_a_spare_agent_again(cluster: LocalCluster) -> None:
    spec, spare = a_job("again-1", "quick"), spare_of(cluster)

    cluster.start(spec)

    assert spare_of(cluster) != spare
    end_of(cluster, spec.arn)


def test_a_spare_agent_that_has_died_does_no_harm(cluster: LocalCluster) -> None:
    """It may hear of its work while it dies; who starts a training job says so until something happens."""
    spec, spare = a_job("dead-1", "quick"), spare_of(cluster)
    os.kill(spare, signal.SIGKILL)
    until_gone([spare])

    def has_begun() -> bool:
        cluster.start(spec)
        return bool(cluster.observe(spec.arn, 0).entries)

    until(has_begun)
    assert end_of(cluster, spec.arn).outcome is Outcome.COMPLETED


def test_a_spare_agent_that_is_killed_at_work_is_a_lost_host(site: Site, cluster: LocalCluster) -> None:
    spec, spare = a_job("lost-1", "sleeper"), spare_of(cluster)
    cluster.start(spec)
    until_says(place_of(site, spec).host("algo-1").log, "ready")

    os.kill(spare, signal.SIGKILL)

    assert end_of(cluster, spec.arn).reason == LOST


def test_a_spare_agent_ends_with_its_server_and_one_at_work_does_not(site: Site) -> None:
    spec = a_job("server-1", "sleeper")
    code = (
        "import sys; sys.path[:0] = sys.argv[1].split(':')\n"
        "from local_cluster import *; from luthier.settings import read_settings; import time\n"
        "settings = read_settings()\n"
        "cluster = a_cluster(settings)\n"
        "first = a_job('server-0', 'quick'); cluster.start(first); end_of(cluster, first.arn)\n"
        "at_work = cluster._agents._spare.pid\n"
        "cluster.start(a_job('server-1', 'sleeper'))\n"
        "print(at_work, cluster._agents._spare.pid, flush=True); time.sleep(60)\n"
    )
    environment = {**os.environ, **site.settings.for_agents()}
    with subprocess.Popen(
        [sys.executable, "-c", code, ":".join(sys.path)], env=environment, stdout=subprocess.PIPE
    ) as server:
        assert server.stdout is not None
        at_work, spare = map(int, server.stdout.readline().split())

        server.kill()

    until_gone([spare])
    until_says(place_of(site, spec).host("algo-1").log, "ready")
    assert is_alive(at_work)
    site.cluster().stop(spec.arn)
    assert end_of(site.cluster(), spec.arn).outcome is Outcome.STOPPED


def test_a_spare_agent_that_is_at_work_writes_to_its_own_log(site: Site, cluster: LocalCluster) -> None:
    spec = a_job("log-1", "quick", metrics=(MetricDefinition(name="broken", regex="("),))

    cluster.start(spec)

    end_of(cluster, spec.arn)
    until(lambda: "not looked for" in place_of(site, spec).agent_log.read_text())
