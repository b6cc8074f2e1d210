"""What every store promises of training jobs on their own, of deletions, and of tags."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from luthier.records.names import tuning_job_arn
from luthier.records.proposal import Proposal
from luthier.records.status import TrainingStatus, TuningStatus
from luthier.records.training_job import MetricPoint, TrainingJob
from luthier.records.tuning_job import TuningJob
from luthier.store import NameTaken
from luthier.store.engine import Store
from luthier.store.paging import TrainingJobQuery
from things import SCOPE, a_training_job, a_tuning_job

pytest_plugins = ["store.databases"]

OVER = (TrainingStatus.COMPLETED, TrainingStatus.FAILED, TrainingStatus.STOPPED)
THREADS = 8


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = Store.open(database_url)
    yield opened
    opened.close()


def alone(status: TrainingStatus = TrainingStatus.COMPLETED, name: str = "alone") -> TrainingJob:
    return a_training_job(status=status, name=name, tuning_job=None, ordinal=None, tuned={}, is_released=True)


def stored(store: Store, job: TrainingJob) -> TrainingJob:
    found = store.training_jobs.get(job.arn)
    assert found is not None
    return found


def deleting(store: Store, job: TrainingJob) -> TrainingJob:
    assert store.training_jobs.request_deletion(job.arn, 3000.0)
    return stored(store, job)


def test_a_training_job_on_its_own_comes_back_as_it_was_added(store: Store) -> None:
    job = alone()

    store.training_jobs.add(job, {"team": "north"})

    assert store.training_jobs.get(job.arn) == job
    assert store.tags.of(job.arn) == {"team": "north"}


def test_a_training_jobs_arn_cannot_be_added_twice(store: Store) -> None:
    store.training_jobs.add(alone(), {"team": "north"})

    with pytest.raises(NameTaken):
        store.training_jobs.add(alone(TrainingStatus.FAILED), {"team": "south"})

    assert stored(store, alone()).status is TrainingStatus.COMPLETED
    assert store.tags.of(alone().arn) == {"team": "north"}


@pytest.mark.parametrize("turn", range(3))
def test_of_many_callers_one_gets_the_training_jobs_name(store: Store, turn: int) -> None:
    barrier = Barrier(THREADS)

    def add(_: int) -> bool:
        barrier.wait()
        try:
            store.training_jobs.add(alone(name=f"alone-{turn}"))
        except NameTaken:
            return False
        return True

    with ThreadPoolExecutor(THREADS) as pool:
        assert sum(pool.map(add, range(THREADS))) == 1


@pytest.mark.parametrize("status", TrainingStatus)
def test_only_a_training_job_that_is_over_can_be_deleted(store: Store, status: TrainingStatus) -> None:
    store.training_jobs.add(alone(status))

    assert store.training_jobs.request_deletion(alone().arn, 3000.0) == (status in OVER)

    expected = TrainingStatus.DELETING if status in OVER else status
    assert stored(store, alone()).status is expected


def test_a_deletion_is_asked_for_once(store: Store) -> None:
    store.training_jobs.add(alone())
    asked = deleting(store, alone())

    assert not store.training_jobs.request_deletion(alone().arn, 4000.0)

    assert stored(store, alone()) == asked
    assert (asked.modified_at, asked.version, asked.is_released) == (3000.0, 2, False)


def test_a_training_job_that_is_being_deleted_is_worth_a_look(store: Store) -> None:
    store.training_jobs.add(alone())
    assert store.training_jobs.unreleased() == []

    deleting(store, alone())

    assert store.training_jobs.unreleased() == [alone().arn]


def test_a_training_job_that_is_being_deleted_is_no_child_any_more(store: Store) -> None:
    tuning = a_tuning_job()
    store.tuning_jobs.add(tuning)
    children = [a_training_job(1, TrainingStatus.COMPLETED), a_training_job(2, TrainingStatus.COMPLETED)]
    assert store.training_jobs.add_children(tuning, children)

    deleting(store, children[0])

    assert [each.ordinal for each in store.training_jobs.of_tuning_job(tuning.arn)] == [2]
    query = TrainingJobQuery(scope=SCOPE, tuning_job=tuning.arn, sort_by="Name", limit=10)
    assert [each.name for each in store.training_jobs.page(query).items] == [children[1].name]


def test_a_deleted_training_job_leaves_nothing(store: Store) -> None:
    job, other = alone(TrainingStatus.IN_PROGRESS), alone(name="other")
    store.training_jobs.add(job, {"team": "north"})
    store.training_jobs.add(other, {"team": "south"})
    point = MetricPoint(name="loss", value=1.0, at=1500.0, sequence=1)
    ended = a_training_job(name="alone", status=TrainingStatus.COMPLETED, tuning_job=None, ordinal=None)
    assert store.training_jobs.take_in(ended, [point])

    assert store.training_jobs.delete(deleting(store, job))

    assert store.training_jobs.get(job.arn) is None
    assert store.training_jobs.points(job.arn) == ()
    assert store.tags.of(job.arn) == {}
    assert store.training_jobs.get(other.arn) == other
    assert store.tags.of(other.arn) == {"team": "south"}


def test_a_namesake_outlives_a_late_deletion(store: Store) -> None:
    store.training_jobs.add(alone())
    first = deleting(store, alone())
    assert store.training_jobs.delete(first)
    later = replace(alone(), created_at=first.created_at + 1.0)
    store.training_jobs.add(later)
    second = deleting(store, later)

    assert second.version == first.version
    assert not store.training_jobs.delete(first)
    assert store.training_jobs.delete(second)


def test_a_deleted_name_is_free(store: Store) -> None:
    store.training_jobs.add(alone(), {"team": "north"})
    store.training_jobs.delete(deleting(store, alone()))

    store.training_jobs.add(alone(TrainingStatus.IN_PROGRESS))

    assert stored(store, alone()).status is TrainingStatus.IN_PROGRESS
    assert store.tags.of(alone().arn) == {}


def test_an_old_version_of_a_training_job_is_not_deleted(store: Store) -> None:
    store.training_jobs.add(alone())
    asked = deleting(store, alone())
    assert store.training_jobs.take_in(asked, [])

    assert not store.training_jobs.delete(asked)

    assert store.training_jobs.get(asked.arn) is not None


def test_what_nobody_asked_to_delete_is_not_deleted(store: Store) -> None:
    store.training_jobs.add(alone())

    with pytest.raises(ValueError, match="ask for its deletion first"):
        store.training_jobs.delete(alone())


def ended(store: Store, tags: dict[str, str]) -> TuningJob:
    """Store a tuning job that is over, with one training job."""
    tuning = a_tuning_job(status=TuningStatus.COMPLETED)
    store.tuning_jobs.add(tuning, tags)
    assert store.training_jobs.add_children(tuning, [a_training_job(1, TrainingStatus.COMPLETED)])
    found = store.tuning_jobs.get(tuning.arn)
    assert found is not None
    return found


def test_a_deleted_tuning_job_leaves_its_training_jobs(store: Store) -> None:
    tuning = ended(store, {"team": "north"})

    assert store.tuning_jobs.delete(tuning)

    assert store.tuning_jobs.get(tuning.arn) is None
    assert store.tags.of(tuning.arn) == {}
    child = stored(store, a_training_job(1))
    assert (child.ordinal, child.tuning_job) == (None, tuning.arn)
    assert store.tags.of(child.arn) == {"team": "north"}


def test_an_old_version_of_a_tuning_job_is_not_deleted(store: Store) -> None:
    tuning = ended(store, {"team": "north"})
    assert store.tuning_jobs.replace(tuning)

    assert not store.tuning_jobs.delete(tuning)

    assert store.tags.of(tuning.arn) == {"team": "north"}
    assert stored(store, a_training_job(1)).ordinal == 1


def test_a_new_tuning_job_does_not_have_the_old_ones_training_jobs(store: Store) -> None:
    store.tuning_jobs.delete(ended(store, {}))
    store.tuning_jobs.add(a_tuning_job())

    assert store.training_jobs.of_tuning_job(tuning_job_arn(SCOPE, "tune")) == []


def test_a_new_tuning_job_does_not_have_the_old_ones_proposals(store: Store) -> None:
    tuning = a_tuning_job(status=TuningStatus.COMPLETED)
    store.tuning_jobs.add(tuning)
    proposal = Proposal(
        tuning_job=tuning.arn, version=1, ordinal=1, asked=1, running=(), shown="0123456789abcdef", made_by="luthier 0"
    )
    assert store.training_jobs.add_children(tuning, [a_training_job(1, TrainingStatus.COMPLETED)], proposal)
    assert store.tuning_jobs.delete(replace(tuning, version=2))

    store.tuning_jobs.add(a_tuning_job())

    assert store.proposals.of_tuning_job(tuning.arn) == []


def test_nothing_is_added_to_a_tuning_job_that_was_deleted_meanwhile(store: Store) -> None:
    tuning = ended(store, {})
    store.tuning_jobs.delete(tuning)

    assert not store.training_jobs.add_children(tuning, [a_training_job(2)])
    assert not store.tuning_jobs.replace(tuning)


def test_tags_are_put_in_place_of_those_with_the_same_key(store: Store) -> None:
    store.training_jobs.add(alone(), {"team": "north", "stage": "late"})

    now = store.tags.put(alone().arn, {"team": "south", "\x7fodd é 字": ""}, most=50)

    assert now == store.tags.of(alone().arn) == {"stage": "late", "team": "south", "\x7fodd é 字": ""}


def test_more_tags_than_there_may_be_are_not_put(store: Store) -> None:
    store.training_jobs.add(alone(), {"a": "1"})

    assert store.tags.put(alone().arn, {"b": "2", "c": "3"}, most=2) is None

    assert store.tags.of(alone().arn) == {"a": "1"}


def test_nothing_is_tagged_that_is_not_there(store: Store) -> None:
    assert store.tags.put(alone().arn, {"a": "1"}, most=50) is None

    assert store.tags.of(alone().arn) == {}


def test_tags_of_many_are_read_at_once(store: Store) -> None:
    store.training_jobs.add(alone(), {"a": "1"})
    store.training_jobs.add(alone(name="other"), {"b": "2"})

    assert store.tags.of_each([alone().arn, "nothing", alone(name="other").arn]) == {
        alone().arn: {"a": "1"},
        "nothing": {},
        alone(name="other").arn: {"b": "2"},
    }


def test_children_get_the_tags_of_the_moment(store: Store) -> None:
    tuning = a_tuning_job()
    store.tuning_jobs.add(tuning, {"team": "north"})
    store.training_jobs.add_children(tuning, [a_training_job(1)])
    store.tags.put(tuning.arn, {"stage": "late"}, most=50)
    found = store.tuning_jobs.get(tuning.arn)
    assert found is not None

    store.training_jobs.add_children(found, [a_training_job(2)])

    assert store.tags.of(a_training_job(1).arn) == {"team": "north"}
    assert store.tags.of(a_training_job(2).arn) == {"stage": "late", "team": "north"}
