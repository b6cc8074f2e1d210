"""Where tuning jobs come from, and what comes of them, over a real store."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from luthier.records.names import tuning_job_arn
from luthier.records.status import TuningStatus
from luthier.records.tuning_job import TuningJob, WarmStart, WarmStartType
from luthier.store.engine import Store
from luthier.tuning import lineage
from luthier.tuning.lineage import GENERATIONS, MOST, Ancestor, lineage_of
from things import SCOPE, a_tuning_job


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path / 'luthier.db'}")
    yield opened
    opened.close()


def add(store: Store, name: str, *parents: str, at: float) -> TuningJob:
    """Store a tuning job that was created *at*, and was over a second later."""
    arns = tuple(tuning_job_arn(SCOPE, each) for each in parents)
    start = WarmStart(type=WarmStartType.TRANSFER_LEARNING, parents=arns) if arns else None
    times = {"created_at": at, "modified_at": at, "ended_at": at + 1.0, "status": TuningStatus.COMPLETED}
    job = a_tuning_job(name, specification={"warm_start": start}, **times)
    store.tuning_jobs.add(job)
    return job


def names(parents: tuple[Ancestor, ...]) -> dict[str, object]:
    """Give the names of ancestors, nested as they are."""
    return {each.name: names(each.parents) for each in parents}


def test_ancestors_are_told_over_generations(store: Store) -> None:
    add(store, "winter", at=10.0)
    add(store, "spring", "winter", at=20.0)
    add(store, "other", at=25.0)
    summer = add(store, "summer", "spring", "other", at=30.0)

    assert names(lineage_of(store, summer).parents) == {"spring": {"winter": {}}, "other": {}}


def test_successors_are_those_that_named_it_a_parent(store: Store) -> None:
    spring = add(store, "spring", at=10.0)
    add(store, "autumn", "spring", at=30.0)
    add(store, "summer", "spring", at=20.0)
    add(store, "winter", "autumn", at=40.0)

    assert [each.name for each in lineage_of(store, spring).successors] == ["summer", "autumn"]


def test_a_name_that_is_the_beginning_of_another_has_not_its_successors(store: Store) -> None:
    add(store, "spring-2", at=10.0)
    spring = add(store, "spring", at=10.0)
    add(store, "summer", "spring-2", at=20.0)

    assert lineage_of(store, spring).successors == ()


def test_a_parent_that_was_deleted_is_told_by_its_name(store: Store) -> None:
    job = add(store, "job", "gone", at=10.0)

    (parent,) = lineage_of(store, job).parents
    assert (parent.name, parent.job) == ("gone", None)


def test_one_made_anew_under_a_parents_name_is_no_relative(store: Store) -> None:
    job = add(store, "job", "parent", at=10.0)
    anew = add(store, "parent", at=20.0)

    assert lineage_of(store, job).parents[0].job is None
    assert lineage_of(store, anew).successors == ()


def test_an_ancestor_that_is_reached_on_two_ways_has_its_parents_told_once(store: Store) -> None:
    add(store, "root", at=0.0)
    add(store, "old", "root", at=10.0)
    add(store, "left", "old", at=20.0)
    add(store, "right", "old", at=20.0)
    job = add(store, "job", "left", "right", at=30.0)

    left, right = lineage_of(store, job).parents
    assert names((left, right)) == {"left": {"old": {"root": {}}}, "right": {"old": {}}}
    assert right.parents[0].is_repeated


def test_of_very_many_generations_the_nearest_are_told(store: Store) -> None:
    add(store, "job-0", at=0.0)
    for number in range(1, 51):
        last = add(store, f"job-{number}", f"job-{number - 1}", at=10.0 * number)

    (each,) = lineage_of(store, last).parents
    told = [each]
    while each.parents:
        (each,) = each.parents
        told.append(each)
    assert len(told) == GENERATIONS
    assert [each.has_more for each in told] == [False] * (GENERATIONS - 1) + [True]


def test_of_very_many_ancestors_some_are_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lineage, "MOST", 3)
    for name in "abcd":
        add(store, name, at=0.0)
    add(store, "left", "a", "b", at=10.0)
    add(store, "right", "c", "d", at=10.0)
    job = add(store, "job", "left", "right", at=20.0)

    left, right = lineage_of(store, job).parents
    assert names((left, right)) == {"left": {"a": {}}, "right": {}}
    assert (left.has_more, right.has_more) == (True, True)


def test_of_very_many_successors_the_first_are_told(store: Store) -> None:
    job = add(store, "job", at=0.0)
    for number in range(MOST + 1):
        add(store, f"child-{number:03d}", "job", at=10.0 + number)

    told = lineage_of(store, job)
    assert (len(told.successors), told.has_more_successors) == (MOST, True)
