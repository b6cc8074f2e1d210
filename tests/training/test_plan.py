"""What a training job needs next."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luthier.records.journal import Ended, JournalEntry, MetricSeen, Observation, Outcome, PhaseEntered, Presence
from luthier.records.status import SecondaryStatus, TrainingStatus
from luthier.records.training_job import TrainingJob
from luthier.training.plan import plan
from luthier.training.transitions import take_in, usage_in, wait
from luthier.training.view import Forget, Record, Remove, Start, Stop, Tell, TrainingView
from things import a_definition, a_training_job, a_usage

STARTED = PhaseEntered(status=SecondaryStatus.STARTING, at=1001.0, message="Preparing the instances for training.")
TRAINING = PhaseEntered(status=SecondaryStatus.TRAINING, at=1002.0, message="Training in progress.")
COMPLETED = Ended(outcome=Outcome.COMPLETED, at=1003.0)
ABSENT = Observation(presence=Presence.ABSENT)
PRESENT = Observation(presence=Presence.PRESENT)
WAITING = Observation(presence=Presence.ABSENT, waiting="Waiting for a free place")


def a_view(job: TrainingJob, observation: Observation) -> TrainingView:
    return TrainingView(job=job, observation=observation, now=2000.0)


def test_a_row_that_no_cluster_knows_is_started() -> None:
    [step] = plan(a_view(a_training_job(), ABSENT))

    assert isinstance(step, Start)


def test_a_start_carries_the_hyperparameters_of_the_row() -> None:
    job = a_training_job()

    [step] = plan(a_view(job, ABSENT))

    assert isinstance(step, Start)
    assert dict(step.spec.hyperparameters) == job.hyperparameters


def test_a_name_without_a_first_word_is_started_again() -> None:
    [step] = plan(a_view(a_training_job(), PRESENT))

    assert isinstance(step, Start)


def test_who_waits_need_not_be_asked_again_and_says_what_for() -> None:
    job = a_training_job()

    assert plan(a_view(job, WAITING)) == [Tell(message="Waiting for a free place")]


def test_what_has_been_said_is_not_said_again() -> None:
    job = wait(a_training_job(), "Waiting for a free place", 1500.0)

    assert plan(a_view(job, WAITING)) == []


def test_waiting_changes_the_words_of_the_latest_transition_alone() -> None:
    before = a_training_job()

    job = wait(before, "Waiting for a free place", 1500.0)

    [was], [now] = before.transitions, job.transitions
    assert now == replace(was, message="Waiting for a free place")
    assert job.modified_at == 1500.0


def test_a_stop_request_ends_the_waiting() -> None:
    job = a_training_job(stop_requested_at=1500.0)

    assert plan(a_view(job, WAITING)) == [Stop(arn=job.arn)]


def test_an_accelerated_training_job_waits_no_longer_than_it_may() -> None:
    job = a_training_job(definition=a_definition(instance_type="ml.p3.2xlarge", max_pending_s=1800), created_at=200.0)

    assert plan(a_view(job, WAITING)) == [
        Tell(
            message="Training job pending time exceeded MaxPendingTimeInSeconds provided, 1800 seconds. Waiting for a "
            "free place"
        ),
        Stop(arn=job.arn),
    ]


@pytest.mark.parametrize(
    ("instance_type", "limit", "created_at"),
    [("ml.p3.2xlarge", 1801, 200.0), ("ml.m5.large", 1800, 0.0), ("ml.p3.2xlarge", None, 0.0)],
)
def test_others_go_on_waiting(instance_type: str, limit: int | None, created_at: float) -> None:
    """MaxPendingTimeInSeconds has no effect on types without accelerators, on AWS as here."""
    definition = a_definition(instance_type=instance_type, max_pending_s=limit)
    job = wait(a_training_job(definition=definition, created_at=created_at), "Waiting for a free place", 1500.0)

    assert plan(a_view(job, WAITING)) == []


def test_a_start_says_when_the_training_job_was_asked_for() -> None:
    [step] = plan(a_view(a_training_job(created_at=1234.0), ABSENT))

    assert isinstance(step, Start)
    assert step.spec.asked_at == 1234.0


def test_a_training_job_under_way_is_left_alone() -> None:
    assert plan(a_view(a_training_job(journal_read=2), PRESENT)) == []


def test_a_training_job_whose_hosts_were_lost_is_started_again_where_it_is_to_be_retried() -> None:
    [step] = plan(a_view(a_training_job(journal_read=2), replace(PRESENT, awaits_restart=True)))

    assert isinstance(step, Start)


def test_a_training_job_that_is_to_stop_is_not_started_again() -> None:
    job = a_training_job(journal_read=2, stop_requested_at=1500.0)

    assert plan(a_view(job, replace(PRESENT, awaits_restart=True))) == [Stop(arn=job.arn)]


def test_a_training_job_whose_cluster_has_forgotten_it_is_lost() -> None:
    job = a_training_job(journal_read=2)

    [step] = plan(a_view(job, ABSENT))

    assert isinstance(step, Record)
    [end] = step.entries
    assert isinstance(end, Ended)
    assert (end.outcome, end.is_retryable) == (Outcome.FAILED, True)


def test_new_journal_entries_are_recorded_before_anything_else() -> None:
    job = a_training_job(stop_requested_at=1500.0)

    assert plan(a_view(job, replace(PRESENT, entries=(STARTED,)))) == [Record(entries=(STARTED,))]


def test_a_stop_request_reaches_the_cluster() -> None:
    job = a_training_job(journal_read=2, stop_requested_at=1500.0)

    assert plan(a_view(job, PRESENT)) == [Stop(arn=job.arn)]


def test_a_stop_request_before_the_start_is_the_cluster_s_to_remember() -> None:
    job = a_training_job(stop_requested_at=1500.0)

    assert plan(a_view(job, ABSENT)) == [Stop(arn=job.arn)]


def test_a_stop_is_asked_once() -> None:
    job = a_training_job(journal_read=2, stop_requested_at=1500.0)

    assert plan(a_view(job, replace(PRESENT, is_stopping=True))) == []


def test_an_ended_training_job_is_cleared_away() -> None:
    job = a_training_job(status=TrainingStatus.COMPLETED)

    assert plan(a_view(job, PRESENT)) == [Remove(arn=job.arn)]


@pytest.mark.parametrize("is_released", [True, False])
@pytest.mark.parametrize("presence", Presence)
def test_a_deleted_training_job_is_forgotten_whatever_the_cluster_says(presence: Presence, is_released: bool) -> None:
    job = a_training_job(status=TrainingStatus.DELETING, is_released=is_released)

    assert plan(a_view(job, Observation(presence=presence, entries=(STARTED,)))) == [Forget(arn=job.arn)]


def test_a_training_job_hears_of_its_end() -> None:
    job, _ = take_in(a_training_job(), [STARTED, TRAINING, COMPLETED])

    assert (job.status, job.started_at, job.ended_at) == (TrainingStatus.COMPLETED, 1002.0, 1003.0)


def test_an_exceeded_runtime_is_a_stop_not_a_failure() -> None:
    job, _ = take_in(a_training_job(), [Ended(outcome=Outcome.MAX_RUNTIME_EXCEEDED, at=1003.0)])

    assert job.status is TrainingStatus.STOPPED
    assert job.transitions[-1].status is SecondaryStatus.MAX_RUNTIME_EXCEEDED


def test_a_failure_keeps_its_reason() -> None:
    job, _ = take_in(a_training_job(), [Ended(outcome=Outcome.FAILED, at=1003.0, reason="AlgorithmError: no")])

    assert (job.status, job.failure_reason) == (TrainingStatus.FAILED, "AlgorithmError: no")


def test_a_metric_point_is_numbered_by_its_journal_line() -> None:
    _, [point] = take_in(a_training_job(journal_read=4), [TRAINING, MetricSeen(name="loss", value=0.5, at=1002.5)])

    assert point.sequence == 6


def test_what_was_used_is_numbered_by_its_journal_line() -> None:
    assert usage_in(a_training_job(journal_read=4), [TRAINING, a_usage()]) == {6: a_usage()}


def test_what_was_used_is_a_journal_line_and_no_change() -> None:
    job, points = take_in(a_training_job(journal_read=4), [a_usage()])

    assert (job, points) == (a_training_job(journal_read=5), [])


entries: st.SearchStrategy[JournalEntry] = st.sampled_from(
    [STARTED, TRAINING, MetricSeen(name="loss", value=0.5, at=1002.5), a_usage()]
)
views = st.builds(
    lambda presence, seen, has_ended, stop, read: a_view(
        a_training_job(stop_requested_at=stop, journal_read=read),
        Observation(presence=presence, entries=(*seen, COMPLETED) if has_ended else tuple(seen)),
    ),
    st.sampled_from([Presence.ABSENT, Presence.PRESENT]),
    st.lists(entries, max_size=3),
    st.booleans(),
    st.none() | st.just(1500.0),
    st.integers(0, 3),
) | st.builds(
    lambda stop, limit: a_view(
        a_training_job(
            stop_requested_at=stop, definition=a_definition(instance_type="ml.p3.2xlarge", max_pending_s=limit)
        ),
        WAITING,
    ),
    st.none() | st.just(1500.0),
    st.none() | st.sampled_from([500, 1800]),
)


@given(views)
def test_quiet_it_soon_asks_for_nothing_in_a_frozen_world(view: TrainingView) -> None:
    for _ in range(5):
        view = after(view)

    assert plan(view) == []


@given(views)
def test_final_a_released_training_job_is_never_touched_again(view: TrainingView) -> None:
    assert plan(replace(view, job=replace(view.job, is_released=True))) == []


def after(view: TrainingView) -> TrainingView:
    """Do the steps of a plan, in a world where a start or stop is heard of and nothing else moves."""
    for step in plan(view):
        seen = view.observation
        match step:
            case Start():
                view = replace(view, observation=Observation(presence=Presence.PRESENT, entries=(STARTED,)))
            case Record():
                job, _ = take_in(view.job, step.entries)
                view = replace(view, job=job, observation=replace(seen, entries=()))
            case Stop():
                stopping = replace(seen, presence=Presence.PRESENT, is_stopping=True, waiting=None)
                ended = () if seen.waiting is None else (Ended(outcome=Outcome.STOPPED, at=2000.0),)
                view = replace(view, observation=replace(stopping, entries=ended))
            case Tell():
                view = replace(view, job=wait(view.job, step.message, view.now))
            case Remove():
                view = replace(view, job=replace(view.job, is_released=True))
    return view
