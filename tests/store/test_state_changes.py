"""Changes of states, written down with the changes themselves, on both engines."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from luthier.records.outbox import WEBHOOK, Outbox
from luthier.records.state_change import JobKind, StateChange
from luthier.records.status import SecondaryStatus, TrainingStatus, TuningStatus
from luthier.records.training_job import TrainingJob, Transition
from luthier.store.engine import Store
from luthier.store.state_changes import LINES, Waiting, line_of
from things import a_training_job, a_tuning_job

pytest_plugins = ["store.databases"]

JOB = a_tuning_job()
CHILD = a_training_job(1)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = Store.open(database_url, outboxes=[Outbox(name=WEBHOOK)])
    yield opened
    opened.close()


def all_of(store: Store) -> list[Waiting]:
    return sorted(
        (each for line in store.state_changes.lines() for each in store.state_changes.waiting(line, 1000)),
        key=lambda each: each.sequence,
    )


def told(store: Store) -> list[StateChange]:
    """Give every change that waits, and let go of it."""
    found = all_of(store)
    for each in found:
        store.state_changes.told(each.sequence)
    return [each.change for each in found]


def entered(job: TrainingJob, *statuses: SecondaryStatus, **changes: object) -> TrainingJob:
    more = tuple(Transition(status=each, at=2000.0 + place, message="") for place, each in enumerate(statuses))
    return replace(job, transitions=(*job.transitions, *more), **changes)  # type: ignore[arg-type]


def test_a_tuning_jobs_creation_is_a_change(store: Store) -> None:
    store.tuning_jobs.add(JOB)

    (change,) = told(store)
    assert (change.arn, change.name, change.status, change.at) == (JOB.arn, "tune", "InProgress", 1000.0)


def test_of_a_job_whose_name_is_taken_nothing_is_told(store: Store) -> None:
    store.tuning_jobs.add(JOB)
    told(store)

    with pytest.raises(Exception, match="tune"):
        store.tuning_jobs.add(JOB)

    assert told(store) == []


def test_a_write_that_changes_no_status_is_no_change(store: Store) -> None:
    store.tuning_jobs.add(JOB)
    told(store)

    assert store.tuning_jobs.replace(replace(JOB, completing_at=5.0))

    assert told(store) == []


def test_a_write_that_came_too_late_is_no_change(store: Store) -> None:
    store.tuning_jobs.add(JOB)
    told(store)

    assert not store.tuning_jobs.replace(replace(JOB, status=TuningStatus.FAILED, version=9))

    assert told(store) == []


def test_a_tuning_jobs_end_is_told_with_its_reason(store: Store) -> None:
    store.tuning_jobs.add(JOB)
    store.tuning_jobs.request_stop(JOB.arn, 1500.0)
    store.tuning_jobs.replace(
        replace(JOB, status=TuningStatus.FAILED, version=2, failure_reason="why", modified_at=1600.0)
    )

    assert [(each.status, each.at, each.reason) for each in told(store)] == [
        ("InProgress", 1000.0, None),
        ("Stopping", 1500.0, None),
        ("Failed", 1600.0, "why"),
    ]


def test_every_transition_of_a_training_job_is_told_also_of_several_at_once(store: Store) -> None:
    store.tuning_jobs.add(JOB)
    store.training_jobs.add_children(JOB, [CHILD])
    told(store)

    ended = entered(
        CHILD,
        SecondaryStatus.DOWNLOADING,
        SecondaryStatus.TRAINING,
        SecondaryStatus.FAILED,
        status=TrainingStatus.FAILED,
        failure_reason="AlgorithmError: why",
    )
    assert store.training_jobs.take_in(ended, [])

    assert [(each.status, each.secondary, each.transitions, each.at, each.reason) for each in told(store)] == [
        ("InProgress", "Downloading", 2, 2000.0, None),
        ("InProgress", "Training", 3, 2001.0, None),
        ("Failed", "Failed", 4, 2002.0, "AlgorithmError: why"),
    ]


def test_all_children_are_told_of(store: Store) -> None:
    store.tuning_jobs.add(JOB)
    told(store)

    store.training_jobs.add_children(JOB, [CHILD, a_training_job(2)])

    assert [(each.name, each.secondary) for each in told(store)] == [
        ("tune-001-00000001", "Starting"),
        ("tune-002-00000002", "Starting"),
    ]


def test_a_stop_and_a_deletion_are_changes_of_a_training_job(store: Store) -> None:
    job = a_training_job(None, tuning_job=None, name="alone")
    store.training_jobs.add(job)
    store.training_jobs.request_stop(job.arn, 1500.0)
    stored = store.training_jobs.get(job.arn)
    assert stored is not None
    store.training_jobs.take_in(entered(stored, SecondaryStatus.STOPPED, status=TrainingStatus.STOPPED), [])
    store.training_jobs.request_deletion(job.arn, 3000.0)

    assert [(each.status, each.secondary) for each in told(store)] == [
        ("InProgress", "Starting"),
        ("Stopping", "Starting"),
        ("Stopped", "Stopped"),
        ("Deleting", "Stopped"),
    ]


def test_a_change_outlives_its_job(store: Store) -> None:
    ended = a_tuning_job(status=TuningStatus.COMPLETED)
    store.tuning_jobs.add(ended)

    store.tuning_jobs.delete(ended)

    assert [each.status for each in told(store)] == ["Completed"]


def test_a_namesake_that_was_made_later_has_other_events(store: Store) -> None:
    ended = a_tuning_job(status=TuningStatus.COMPLETED)
    store.tuning_jobs.add(ended)
    store.tuning_jobs.delete(ended)
    store.tuning_jobs.add(replace(ended, created_at=1001.0))

    assert len({each.id for each in told(store)}) == 2


def test_without_a_listener_nothing_is_written_down(database_url: str) -> None:
    store = Store.open(database_url)
    store.tuning_jobs.add(JOB)

    assert store.state_changes.count() == 0


def test_a_transaction_that_fails_leaves_no_change(store: Store) -> None:
    store.tuning_jobs.add(JOB)
    store.training_jobs.add_children(JOB, [CHILD])
    told(store)

    assert not store.training_jobs.add_children(replace(JOB, version=2), [a_training_job(2), a_training_job(1)])

    assert told(store) == []


def test_those_whose_turn_it_is_not_are_left_out(store: Store) -> None:
    store.tuning_jobs.add(JOB)
    line = line_of(JOB.arn)

    assert store.state_changes.waiting(line, 10, {JOB.arn}) == []
    assert store.state_changes.lines() == [line]


def test_the_oldest_are_given_up_where_too_many_wait(store: Store) -> None:
    for number in range(5):
        store.tuning_jobs.add(a_tuning_job(f"tune-{number}"))

    assert store.state_changes.keep_newest(2) == 3
    assert [each.name for each in told(store)] == ["tune-3", "tune-4"]
    assert store.state_changes.keep_newest(2) == 0


def test_lines_are_used_evenly() -> None:
    lines = [
        line_of(f"arn:aws:sagemaker:us-east-1:000000000000:training-job/tune-{number:03d}") for number in range(400)
    ]

    assert all(60 < lines.count(line) < 140 for line in range(LINES))


def test_changes_that_wait_are_counted(store: Store) -> None:
    store.tuning_jobs.add(JOB)

    assert store.census.take(0.0).untold == {WEBHOOK: 1}


def test_two_who_write_at_once_note_each_change_once(store: Store) -> None:
    """One takes in a transition while the other asks for a stop; in between, both have looked at the same row."""
    for number in range(10):
        job = a_training_job(None, tuning_job=None, name=f"alone-{number}")
        store.training_jobs.add(job)
        told(store)
        barrier = Barrier(2)

        def take_in(job: TrainingJob = job, barrier: Barrier = barrier) -> None:
            barrier.wait()
            store.training_jobs.take_in(entered(job, SecondaryStatus.TRAINING), [])

        def stop(job: TrainingJob = job, barrier: Barrier = barrier) -> None:
            barrier.wait()
            store.training_jobs.request_stop(job.arn, 1500.0)

        with ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(take_in), pool.submit(stop)]:
                done.result()

        changes = told(store)
        stored = store.training_jobs.get(job.arn)
        assert stored is not None
        assert len(changes) == stored.version - 1
        assert len({each.id for each in changes}) == len(changes)


def test_a_change_is_written_down_for_each_destination_that_wants_it(database_url: str) -> None:
    outboxes = [
        Outbox(name=WEBHOOK),
        Outbox(name="mine", tuning_jobs=["tune"], kinds=[JobKind.TRAINING]),
        Outbox(name="theirs", tuning_jobs=["other-*"]),
    ]
    opened = Store.open(database_url, outboxes=outboxes)
    opened.tuning_jobs.add(JOB)
    opened.training_jobs.add_children(JOB, [CHILD])
    counted = opened.census.take(0.0).untold
    opened.close()

    assert counted == {WEBHOOK: 2, "mine": 1}


def test_a_change_that_one_destination_was_told_waits_for_the_other(database_url: str) -> None:
    opened = Store.open(database_url, outboxes=[Outbox(name=WEBHOOK), Outbox(name="chat")])
    opened.tuning_jobs.add(JOB)
    (line,) = opened.state_changes.lines("chat")
    (first,) = opened.state_changes.waiting(line, 10, destination="chat")
    opened.state_changes.told(first.sequence)
    left = opened.state_changes.lines("chat"), opened.state_changes.waiting(line, 10)
    opened.close()

    assert left[0] == []
    assert [each.change for each in left[1]] == [first.change]
