"""What every cluster promises, with real agents and a real sandbox."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from local_cluster import Site, a_job, a_site, end_of
from luthier.clusters import Cluster
from luthier.clusters.capacity import Slots
from luthier.records.journal import ClusterSpec, Ended, Observation, Outcome, PhaseEntered, Presence
from luthier.records.names import TrainingJobArn
from things import MACHINE
from training_hosts import until


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with a_site(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(scope="module", params=["local"])
def cluster(site: Site) -> Cluster:
    """Each cluster that there is."""
    return site.cluster()


@pytest.fixture(params=["local"])
def narrow(site: Site, tmp_path: Path) -> Cluster:
    """Each cluster, with room for one instance, and nothing on it."""
    return site.cluster(Slots(MACHINE, 1), root=tmp_path)


@pytest.fixture
def busy(narrow: Cluster) -> Iterator[ClusterSpec]:
    """A training job that has the only place, until it is stopped."""
    spec = a_job("busy-1", "sleeper")
    narrow.start(spec)
    until(lambda: "Training" in phases(narrow, spec.arn))
    yield spec
    narrow.stop(spec.arn)
    end_of(narrow, spec.arn)


def phases(cluster: Cluster, arn: TrainingJobArn) -> list[str]:
    return [str(each.status) for each in cluster.observe(arn, 0).entries if isinstance(each, PhaseEntered)]


def test_a_training_job_runs_to_its_end(cluster: Cluster) -> None:
    spec = a_job("run-1", "quick")

    cluster.start(spec)

    assert end_of(cluster, spec.arn).outcome is Outcome.COMPLETED
    assert phases(cluster, spec.arn) == ["Starting", "Training", "Uploading"]


def test_a_name_that_was_never_started_is_absent(cluster: Cluster) -> None:
    assert cluster.observe(a_job("nobody", "quick").arn, 0) == Observation(presence=Presence.ABSENT)


def test_a_name_that_was_just_started_is_present(cluster: Cluster) -> None:
    spec = a_job("present-1", "quick")

    cluster.start(spec)

    assert cluster.observe(spec.arn, 0).presence is Presence.PRESENT
    end_of(cluster, spec.arn)


def test_starting_again_and_again_is_starting_once(cluster: Cluster) -> None:
    spec = a_job("again-1", "quick")

    while not any(isinstance(each, Ended) for each in cluster.observe(spec.arn, 0).entries):
        cluster.start(spec)
    cluster.start(spec)

    assert phases(cluster, spec.arn) == ["Starting", "Training", "Uploading"]


def test_two_servers_that_start_a_name_at_once_start_it_once(site: Site) -> None:
    spec = a_job("twins-1", "quick")
    twins = [site.cluster() for _ in range(3)]

    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda each: each.start(spec), twins))

    end_of(twins[0], spec.arn)
    assert phases(twins[0], spec.arn) == ["Starting", "Training", "Uploading"]


def test_names_that_differ_in_case_are_one_name(cluster: Cluster) -> None:
    cluster.start(a_job("Case-1", "quick"))
    cluster.start(a_job("case-1", "sleeper"))

    assert end_of(cluster, a_job("CASE-1", "quick").arn).outcome is Outcome.COMPLETED


def test_entries_already_known_are_left_out(cluster: Cluster) -> None:
    spec = a_job("known-1", "quick")
    cluster.start(spec)
    end_of(cluster, spec.arn)

    every = cluster.observe(spec.arn, 0).entries

    assert cluster.observe(spec.arn, 2).entries == every[2:]


def test_a_running_training_job_can_be_stopped(cluster: Cluster) -> None:
    spec = a_job("stop-1", "sleeper")
    cluster.start(spec)
    until(lambda: "Training" in phases(cluster, spec.arn))

    cluster.stop(spec.arn)
    cluster.stop(spec.arn)

    assert cluster.observe(spec.arn, 0).is_stopping
    assert end_of(cluster, spec.arn).outcome is Outcome.STOPPED


def test_a_training_job_that_was_just_started_can_be_stopped(cluster: Cluster) -> None:
    spec = a_job("stop-2", "sleeper")
    cluster.start(spec)

    cluster.stop(spec.arn)

    assert end_of(cluster, spec.arn).outcome is Outcome.STOPPED
    assert "Training" not in phases(cluster, spec.arn)


def test_a_name_that_is_stopped_first_has_ended_as_stopped(cluster: Cluster) -> None:
    arn = a_job("stop-3", "quick").arn

    cluster.stop(arn)

    assert end_of(cluster, arn).outcome is Outcome.STOPPED


def test_a_name_that_was_stopped_first_never_starts(cluster: Cluster) -> None:
    spec = a_job("stop-4", "quick")
    cluster.stop(spec.arn)

    cluster.start(spec)

    assert phases(cluster, spec.arn) == []


def test_a_stop_that_comes_too_late_changes_nothing(cluster: Cluster) -> None:
    spec = a_job("stop-5", "quick")
    cluster.start(spec)
    end_of(cluster, spec.arn)
    before = cluster.observe(spec.arn, 0).entries

    cluster.stop(spec.arn)

    assert cluster.observe(spec.arn, 0).entries == before


def test_a_removed_name_keeps_its_journal_and_never_starts_again(cluster: Cluster) -> None:
    spec = a_job("remove-1", "quick")
    cluster.start(spec)
    end_of(cluster, spec.arn)
    before = cluster.observe(spec.arn, 0).entries

    cluster.remove(spec.arn)
    cluster.remove(spec.arn)
    cluster.start(spec)

    assert cluster.observe(spec.arn, 0) == Observation(presence=Presence.REMOVED, entries=before)


def test_a_training_job_that_is_not_over_is_not_removed(cluster: Cluster) -> None:
    spec = a_job("remove-2", "sleeper")
    cluster.start(spec)
    until(lambda: "Training" in phases(cluster, spec.arn))

    cluster.remove(spec.arn)

    assert cluster.observe(spec.arn, 0).presence is Presence.PRESENT
    cluster.stop(spec.arn)
    end_of(cluster, spec.arn)


def test_a_forgotten_name_is_absent(cluster: Cluster) -> None:
    spec = a_job("forget-1", "quick")
    cluster.start(spec)
    end_of(cluster, spec.arn)

    assert cluster.forget(spec.arn)

    assert cluster.observe(spec.arn, 0) == Observation(presence=Presence.ABSENT)


def test_a_forgotten_name_starts_anew(cluster: Cluster) -> None:
    spec = a_job("forget-2", "quick")
    cluster.start(spec)
    end_of(cluster, spec.arn)
    cluster.remove(spec.arn)
    cluster.forget(spec.arn)

    def is_training_again() -> bool:
        cluster.start(a_job("forget-2", "sleeper"))  # as the controller does, until it has begun
        return "Training" in phases(cluster, spec.arn)

    until(is_training_again)

    cluster.stop(spec.arn)
    assert end_of(cluster, spec.arn).outcome is Outcome.STOPPED


def test_a_name_that_was_stopped_first_starts_once_it_is_forgotten(cluster: Cluster) -> None:
    spec = a_job("forget-3", "quick")
    cluster.stop(spec.arn)
    cluster.forget(spec.arn)

    cluster.start(spec)

    assert end_of(cluster, spec.arn).outcome is Outcome.COMPLETED


def test_forgetting_twice_is_forgetting_once(cluster: Cluster) -> None:
    spec = a_job("forget-4", "quick")
    cluster.start(spec)
    end_of(cluster, spec.arn)
    cluster.forget(spec.arn)

    assert cluster.forget(spec.arn)

    assert cluster.observe(spec.arn, 0).presence is Presence.ABSENT


def test_a_training_job_that_is_not_over_is_not_forgotten(cluster: Cluster) -> None:
    spec = a_job("forget-5", "sleeper")
    cluster.start(spec)
    until(lambda: "Training" in phases(cluster, spec.arn))

    assert not cluster.forget(spec.arn)

    assert "Training" in phases(cluster, spec.arn)
    cluster.stop(spec.arn)
    end_of(cluster, spec.arn)


def test_many_servers_that_forget_a_name_at_once_forget_it_once(site: Site) -> None:
    spec = a_job("forget-6", "quick")
    twins = [site.cluster() for _ in range(4)]
    twins[0].start(spec)
    end_of(twins[0], spec.arn)

    with ThreadPoolExecutor() as pool:
        assert all(pool.map(lambda each: each.forget(spec.arn), twins))

    assert twins[0].observe(spec.arn, 0).presence is Presence.ABSENT


def test_forgetting_a_name_that_never_was_leaves_it_absent(cluster: Cluster) -> None:
    arn = a_job("forget-7", "quick").arn

    assert cluster.forget(arn)

    assert cluster.observe(arn, 0).presence is Presence.ABSENT


def test_removing_a_name_that_never_was_leaves_it_absent(cluster: Cluster) -> None:
    arn = a_job("remove-3", "quick").arn

    cluster.remove(arn)

    assert cluster.observe(arn, 0).presence is Presence.ABSENT


def test_who_finds_no_room_waits_and_says_for_what(narrow: Cluster, busy: ClusterSpec) -> None:
    spec = a_job("wait-1", "quick")

    narrow.start(spec)

    assert narrow.observe(spec.arn, 0) == Observation(
        presence=Presence.ABSENT, waiting="Waiting for a free place: 1 of 1 slot are in use"
    )


def test_who_waits_starts_when_there_is_room_without_being_asked_again(narrow: Cluster, busy: ClusterSpec) -> None:
    spec = a_job("wait-2", "quick")
    narrow.start(spec)

    narrow.stop(busy.arn)
    end_of(narrow, busy.arn)

    assert end_of(narrow, spec.arn).outcome is Outcome.COMPLETED


def test_who_waits_starts_when_there_is_room_though_nobody_looks_at_the_others(
    narrow: Cluster, busy: ClusterSpec
) -> None:
    spec = a_job("wait-3", "quick")
    narrow.start(spec)

    narrow.stop(busy.arn)

    assert end_of(narrow, spec.arn).outcome is Outcome.COMPLETED


def test_of_those_who_wait_the_first_is_who_was_asked_for_first(narrow: Cluster, busy: ClusterSpec) -> None:
    late, early = (replace(a_job(f"wait-{at}", "sleeper"), asked_at=at) for at in (5, 4))
    narrow.start(late)
    narrow.start(early)

    narrow.stop(busy.arn)

    until(lambda: narrow.observe(late.arn, 0).waiting is not None and "Training" in phases(narrow, early.arn))
    narrow.stop(late.arn)
    narrow.stop(early.arn)
    end_of(narrow, early.arn)


def test_who_is_stopped_while_it_waits_has_ended_as_stopped_and_never_starts(
    narrow: Cluster, busy: ClusterSpec
) -> None:
    spec = a_job("wait-6", "quick")
    narrow.start(spec)

    narrow.stop(spec.arn)

    assert narrow.observe(spec.arn, 0).waiting is None
    assert end_of(narrow, spec.arn).outcome is Outcome.STOPPED
    narrow.stop(busy.arn)
    end_of(narrow, busy.arn)
    narrow.start(spec)
    assert phases(narrow, spec.arn) == []


def test_who_is_stopped_while_it_waits_holds_nobody_up(narrow: Cluster, busy: ClusterSpec) -> None:
    first, second = a_job("wait-7", "quick"), a_job("wait-8", "quick")
    narrow.start(first)
    narrow.start(second)
    narrow.stop(first.arn)

    narrow.stop(busy.arn)

    assert end_of(narrow, second.arn).outcome is Outcome.COMPLETED


def test_all_hosts_of_a_training_job_start_or_none(site: Site, tmp_path: Path) -> None:
    cluster = site.cluster(Slots(MACHINE, 2), root=tmp_path)
    one, two = a_job("one-1", "sleeper"), a_job("two-1", "sleeper", instance_count=2)
    cluster.start(one)

    cluster.start(two)

    assert cluster.observe(two.arn, 0).waiting == "Waiting for 2 free places: 1 of 2 slots are in use"
    cluster.stop(two.arn)
    cluster.stop(one.arn)
    end_of(cluster, one.arn)


def test_many_who_start_at_once_are_never_too_many(site: Site, tmp_path: Path) -> None:
    cluster = site.cluster(Slots(MACHINE, 2), root=tmp_path)
    specs = [a_job(f"crowd-{number}", "sleeper") for number in range(6)]

    with ThreadPoolExecutor() as pool:
        list(pool.map(cluster.start, specs))

    seen = [cluster.observe(each.arn, 0) for each in specs]
    assert [each.waiting is None for each in seen].count(True) == 2
    for each in specs:
        cluster.stop(each.arn)
    for each in specs:
        end_of(cluster, each.arn)
