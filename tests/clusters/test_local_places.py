"""Places on this machine: who has one, as the workspaces tell, and what becomes of those of the dead."""

import os
import shutil
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from enclosed import until_says
from local_cluster import Site, a_job, a_site, agents_of, end_of
from luthier.clusters.capacity import Resources, Slots
from luthier.clusters.machine import GIB
from luthier.clusters.workspace import workspace
from luthier.records.allotment import Allotment
from luthier.records.journal import Observation, Outcome, Presence
from things import MACHINE

pytestmark = pytest.mark.slow  # real agents, each with a start of its own


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with a_site(tmp_path_factory.mktemp("site")) as site:
        yield site


def test_the_hosts_are_told_what_they_may_use(site: Site, tmp_path: Path) -> None:
    spec, cluster = a_job("told-1", "quick"), site.cluster(Slots(MACHINE), root=tmp_path)

    cluster.start(spec)

    assert workspace(tmp_path, spec.arn).spec().allotments == (Allotment(cpus=2.0, memory_bytes=8 * GIB),)
    end_of(cluster, spec.arn)


def test_a_new_server_knows_who_has_a_place(site: Site, tmp_path: Path) -> None:
    resources = Resources(replace(MACHINE, gpus=(0,)))
    first, second = (a_job(name, "sleeper", instance_type="ml.g4dn.xlarge") for name in ("gpu-1", "gpu-2"))
    site.cluster(resources, root=tmp_path).start(first)
    cluster = site.cluster(resources, root=tmp_path)

    cluster.start(second)

    assert cluster.observe(second.arn, 0).waiting == (
        "Waiting for ml.g4dn.xlarge: needs 4 vCPUs, 16 GiB and 1 GPU; free are 0 vCPUs, 0 GiB and 0 GPUs"
    )
    cluster.stop(second.arn)
    cluster.stop(first.arn)
    end_of(cluster, first.arn)


def test_a_new_server_counts_the_hosts_of_earlier_versions(site: Site, tmp_path: Path) -> None:
    before = a_job("old-1", "sleeper")  # a specification without allotments
    workspace(tmp_path, before.arn).write_spec(before)
    cluster = site.cluster(Slots(MACHINE, 1), root=tmp_path)
    spec = a_job("new-1", "quick")

    cluster.start(spec)

    assert cluster.observe(spec.arn, 0).waiting == "Waiting for a free place: 1 of 1 slot are in use"


def test_a_new_server_does_not_read_those_that_are_over(site: Site, tmp_path: Path) -> None:
    """There may be thousands of them."""
    over = workspace(tmp_path, a_job("over-1", "quick").arn)
    over.mark_stop()
    over.mark_removed()
    for name in ("spec.json", "journal.jsonl"):
        (over.folder / name).write_text("not to be read")

    cluster = site.cluster(Slots(MACHINE, 1), root=tmp_path)

    assert cluster.observe(a_job("over-2", "quick").arn, 0) == Observation(presence=Presence.ABSENT)


def test_a_place_whose_host_was_lost_is_free_again(site: Site, tmp_path: Path) -> None:
    lost, spec = a_job("lost-9", "sleeper"), a_job("next-1", "quick")
    cluster = site.cluster(Slots(MACHINE, 1), root=tmp_path)
    cluster.start(lost)
    until_says(workspace(tmp_path, lost.arn).host("algo-1").log, "ready")
    cluster.start(spec)

    for pid in agents_of(workspace(tmp_path, lost.arn)):
        os.kill(pid, signal.SIGKILL)

    assert end_of(cluster, spec.arn).outcome is Outcome.COMPLETED


def test_a_place_whose_workspace_was_deleted_is_free_again(site: Site, tmp_path: Path) -> None:
    gone, spec = a_job("gone-1", "sleeper"), a_job("next-2", "quick")
    cluster = site.cluster(Slots(MACHINE, 1), root=tmp_path)
    workspace(tmp_path, gone.arn).write_spec(gone)
    cluster = site.cluster(Slots(MACHINE, 1), root=tmp_path)
    cluster.start(spec)
    shutil.rmtree(workspace(tmp_path, gone.arn).folder)

    cluster.remove(gone.arn)

    assert end_of(cluster, spec.arn).outcome is Outcome.COMPLETED
