"""Agents on this machine: what happens when they, or who started them, die."""

import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from enclosed import processes_saying, until_gone, until_says
from local_cluster import AMPLE, Site, a_cluster, a_job, a_site, agents_of, end_of
from luthier.app.agent import TOO_OLD
from luthier.clusters.local import LocalCluster
from luthier.clusters.workspace import LOST, workspace
from luthier.records.channel import Channel
from luthier.records.journal import ClusterSpec, Outcome
from training_hosts import until

pytestmark = pytest.mark.slow  # real agents, each with a start of its own


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with a_site(tmp_path_factory.mktemp("site")) as site:
        yield site


def agents(site: Site, spec: ClusterSpec) -> list[int]:
    return agents_of(workspace(site.settings.training_folder, spec.arn))


def log(site: Site, spec: ClusterSpec) -> Path:
    return workspace(site.settings.training_folder, spec.arn).host("algo-1").log


def test_an_agent_that_is_killed_takes_its_algorithm_with_it(site: Site) -> None:
    spec, cluster = a_job("kill-1", "stubborn"), site.cluster()
    cluster.start(spec)
    until_says(log(site, spec), "ready")
    algorithm = processes_saying("63.5")

    for pid in agents(site, spec):
        os.kill(pid, signal.SIGKILL)

    until_gone(algorithm)


def test_a_training_job_whose_agent_was_killed_has_failed_and_may_be_tried_again(site: Site) -> None:
    spec, cluster = a_job("kill-2", "sleeper"), site.cluster()
    cluster.start(spec)
    until_says(log(site, spec), "ready")

    for pid in agents(site, spec):
        os.kill(pid, signal.SIGKILL)

    ended = end_of(cluster, spec.arn)
    assert (ended.outcome, ended.reason, ended.is_retryable) == (Outcome.FAILED, LOST, True)


def test_the_end_of_a_lost_host_is_written_once(site: Site) -> None:
    spec, cluster = a_job("kill-3", "sleeper"), site.cluster()
    cluster.start(spec)
    until_says(log(site, spec), "ready")
    for pid in agents(site, spec):
        os.kill(pid, signal.SIGKILL)
    end_of(cluster, spec.arn)

    first, second = (site.cluster().observe(spec.arn, 0) for _ in range(2))

    assert first == second


def test_a_lost_host_is_not_started_again(site: Site) -> None:
    spec, cluster = a_job("kill-4", "sleeper"), site.cluster()
    cluster.start(spec)
    until_says(log(site, spec), "ready")
    for pid in agents(site, spec):
        os.kill(pid, signal.SIGKILL)

    cluster.start(spec)

    assert end_of(cluster, spec.arn).reason == LOST


def test_a_name_whose_server_died_before_there_was_an_agent_starts(site: Site) -> None:
    spec, cluster = a_job("half-1", "quick"), site.cluster()
    workspace(site.settings.training_folder, spec.arn).write_spec(spec)

    cluster.start(spec)

    assert end_of(cluster, spec.arn).outcome is Outcome.COMPLETED


def test_an_agent_outlives_the_process_that_started_it(site: Site) -> None:
    spec = a_job("orphan-1", "sleeper")
    code = (
        "import sys; sys.path[:0] = sys.argv[1].split(':')\n"
        "from pathlib import Path; from local_cluster import *; from luthier.settings import read_settings\n"
        "settings = read_settings()\n"
        "a_cluster(settings).start(a_job('orphan-1', 'sleeper'))\n"
    )
    environment = {**os.environ, **site.settings.for_agents()}
    subprocess.run([sys.executable, "-c", code, ":".join(sys.path)], env=environment, check=True)
    until_says(log(site, spec), "ready")

    site.cluster().stop(spec.arn)

    assert end_of(site.cluster(), spec.arn).outcome is Outcome.STOPPED


def test_an_agent_that_is_terminated_is_a_lost_host(site: Site) -> None:
    """As when the machine shuts down: nobody has asked the training job to stop."""
    spec, cluster = a_job("term-1", "sleeper"), site.cluster()
    cluster.start(spec)
    until_says(log(site, spec), "ready")

    for pid in agents(site, spec):
        os.kill(pid, signal.SIGTERM)

    ended = end_of(cluster, spec.arn)
    assert (ended.outcome, ended.reason, ended.is_retryable) == (Outcome.FAILED, LOST, True)


def test_a_training_job_that_is_to_be_retried_begins_anew_after_its_agent_was_terminated(site: Site) -> None:
    spec, cluster = a_job("term-2", "sleeper", max_retries=1), site.cluster()
    cluster.start(spec)
    until_says(log(site, spec), "ready")

    for pid in agents(site, spec):
        os.kill(pid, signal.SIGTERM)

    until(lambda: cluster.observe(spec.arn, 0).awaits_restart)

    def has_begun_anew() -> bool:
        cluster.start(spec)
        return log(site, spec).read_text() == "ready\nready\n"

    until(has_begun_anew)
    cluster.stop(spec.arn)
    assert end_of(cluster, spec.arn).outcome is Outcome.STOPPED


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_an_agent_takes_no_notice_of_the_terminal(site: Site, number: signal.Signals) -> None:
    spec, cluster = a_job(f"tty-{number}", "sleeper"), site.cluster()
    cluster.start(spec)
    until_says(log(site, spec), "ready")

    for pid in agents(site, spec):
        os.kill(pid, number)

    cluster.stop(spec.arn)
    assert end_of(cluster, spec.arn).outcome is Outcome.STOPPED


def test_an_agent_that_crashes_leaves_its_traceback_and_a_lost_host(site: Site, tmp_path: Path) -> None:
    spec = a_job("crash-1", "quick")
    settings = replace(site.settings, data_folder=tmp_path)
    (tmp_path / "luthier.toml").write_text("colour = 1")
    cluster = a_cluster(settings)

    cluster.start(spec)

    assert end_of(cluster, spec.arn).reason == LOST
    until_says(workspace(settings.training_folder, spec.arn).agent_log, "there is no setting 'colour'")


def test_a_training_job_of_a_version_without_credentials_fails_and_is_worth_a_retry(site: Site) -> None:
    spec = replace(a_job("old-1", "quick"), credentials_token=None)
    cluster = site.cluster()

    cluster.start(spec)

    end = end_of(cluster, spec.arn)
    assert (end.outcome, end.reason, end.is_retryable) == (Outcome.FAILED, TOO_OLD, True)


def test_a_training_job_with_input_goes_all_the_way(site: Site) -> None:
    site.store.put("s3://data/train/a.csv", io.BytesIO(b"1\n2\n3\n"))
    spec = a_job("input-1", "trainer", channels=(Channel(name="train", uri="s3://data/train/"),))
    cluster = site.cluster()

    cluster.start(spec)

    assert end_of(cluster, spec.arn).outcome is Outcome.COMPLETED
    assert log(site, spec).read_text() == "loss=1.5\n"


def test_what_the_algorithm_left_goes_when_it_is_removed_and_its_log_stays(site: Site) -> None:
    spec, cluster = a_job("remove-1", "sleeper"), site.cluster()
    cluster.start(spec)
    until_says(log(site, spec), "ready")
    cluster.stop(spec.arn)
    end_of(cluster, spec.arn)

    cluster.remove(spec.arn)

    place = workspace(site.settings.training_folder, spec.arn)
    host = place.host("algo-1")
    assert [each.exists() for each in (host.folder, host.log)] == [False, True]


def test_what_a_group_has_left_on_the_machine_is_cleared_when_its_training_job_is_removed(site: Site) -> None:
    spec, cleared = a_job("cleared-1", "quick"), list[str]()
    cluster = LocalCluster(site.settings.training_folder, site.settings.for_agents(), AMPLE, clear=cleared.append)
    cluster.start(spec)
    end_of(cluster, spec.arn)

    for _ in range(2):
        cluster.remove(spec.arn)

    assert cleared == [workspace(site.settings.training_folder, spec.arn).group_name]


def test_ended_agents_are_reaped(site: Site) -> None:
    spec, cluster = a_job("reap-1", "quick"), site.cluster()
    cluster.start(spec)
    pids = agents(site, spec)
    end_of(cluster, spec.arn)

    def is_reaped() -> bool:
        cluster.observe(spec.arn, 0)
        return not any(Path(f"/proc/{pid}").exists() for pid in pids)

    until(is_reaped)
