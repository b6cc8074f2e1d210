"""Counters and best training job."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luthier.records.names import TrainingJobArn
from luthier.records.status import ObjectiveStatus, TrainingStatus
from luthier.records.training_job import FinalMetric
from luthier.records.tuning_job import Objective, ObjectiveType, TuningSpecification
from luthier.tuning.progress import objective_status, objective_values, progress
from things import a_specification, a_training_job, a_tuning_definition

STATUSES = [each for each in TrainingStatus if each is not TrainingStatus.DELETING]  # which is of no tuning job


def a_goal(direction: ObjectiveType = ObjectiveType.MAXIMIZE) -> TuningSpecification:
    return a_specification(objective=Objective(type=direction, metric="auc"))


def two_goals() -> TuningSpecification:
    return a_specification(
        definitions=tuple(
            a_tuning_definition(name=name, objective=Objective(type=ObjectiveType.MAXIMIZE, metric=metric))
            for name, metric in (("a", "auc"), ("b", "loss"))
        )
    )


def finals(values: Mapping[int, float]) -> dict[TrainingJobArn, float]:
    return {a_training_job(ordinal).arn: value for ordinal, value in values.items()}


@pytest.mark.parametrize(
    ("status", "is_retryable", "counter"),
    [
        (TrainingStatus.COMPLETED, False, "completed"),
        (TrainingStatus.IN_PROGRESS, False, "in_progress"),
        (TrainingStatus.STOPPING, False, "in_progress"),
        (TrainingStatus.STOPPED, False, "stopped"),
        (TrainingStatus.FAILED, True, "retryable_error"),
        (TrainingStatus.FAILED, False, "non_retryable_error"),
    ],
)
def test_every_status_has_its_counter(status: TrainingStatus, is_retryable: bool, counter: str) -> None:
    seen = progress(a_goal(), [a_training_job(1, status, is_retryable=is_retryable)], {})

    assert getattr(seen, counter) == 1


@pytest.mark.parametrize(
    ("status", "final", "expected"),
    [
        (TrainingStatus.IN_PROGRESS, None, ObjectiveStatus.PENDING),
        (TrainingStatus.IN_PROGRESS, 0.5, ObjectiveStatus.PENDING),
        (TrainingStatus.STOPPING, 0.5, ObjectiveStatus.PENDING),
        (TrainingStatus.COMPLETED, 0.5, ObjectiveStatus.SUCCEEDED),
        (TrainingStatus.COMPLETED, None, ObjectiveStatus.FAILED),
        (TrainingStatus.STOPPED, 0.5, ObjectiveStatus.SUCCEEDED),
        (TrainingStatus.STOPPED, None, ObjectiveStatus.FAILED),
        (TrainingStatus.FAILED, 0.5, ObjectiveStatus.FAILED),
        (TrainingStatus.FAILED, None, ObjectiveStatus.FAILED),
    ],
)
def test_an_objective_succeeds_when_the_training_job_ended_well_and_has_a_value(
    status: TrainingStatus, final: float | None, expected: ObjectiveStatus
) -> None:
    assert objective_status(a_training_job(1, status), final) is expected


def test_the_objective_is_the_metric_of_a_training_jobs_own_definition() -> None:
    """Whatever else it has reported."""
    metrics = [FinalMetric(name=name, value=value, at=1.0) for name, value in (("auc", 0.5), ("loss", 0.25))]
    of_a, of_b = (a_training_job(ordinal, definition_name=name) for ordinal, name in ((1, "a"), (2, "b")))
    silent = a_training_job(3, definition_name="a")

    values = objective_values(two_goals(), [of_a, of_b, silent], {of_a.arn: metrics, of_b.arn: metrics})

    assert values == {of_a.arn: 0.5, of_b.arn: 0.25}


def test_training_jobs_of_all_definitions_are_compared() -> None:
    jobs = [
        a_training_job(ordinal, TrainingStatus.COMPLETED, definition_name=name)
        for ordinal, name in ((1, "a"), (2, "b"))
    ]

    assert progress(two_goals(), jobs, finals({1: 0.5, 2: 0.75})).best == jobs[1]


def test_a_tuning_job_without_training_jobs_has_no_best_one() -> None:
    assert progress(a_goal(), [], {}).best is None


def test_the_best_training_job_of_a_maximisation_has_the_highest_objective() -> None:
    jobs = [a_training_job(ordinal, TrainingStatus.COMPLETED) for ordinal in (1, 2, 3)]

    seen = progress(a_goal(), jobs, finals({1: 0.5, 2: 0.9, 3: 0.7}))

    assert (seen.best, seen.best_objective) == (jobs[1], 0.9)


def test_the_best_training_job_of_a_minimisation_has_the_lowest_objective() -> None:
    jobs = [a_training_job(ordinal, TrainingStatus.COMPLETED) for ordinal in (1, 2, 3)]

    seen = progress(a_goal(ObjectiveType.MINIMIZE), jobs, finals({1: 0.5, 2: -0.9, 3: 0.7}))

    assert (seen.best, seen.best_objective) == (jobs[1], -0.9)


def test_of_equally_good_training_jobs_the_earlier_is_the_best() -> None:
    """Whatever order they are given in."""
    first, second = (a_training_job(ordinal, TrainingStatus.COMPLETED) for ordinal in (1, 2))

    assert progress(a_goal(), [second, first], finals({1: 0.5, 2: 0.5})).best == first


def test_a_running_training_job_is_not_the_best_yet() -> None:
    jobs = [a_training_job(1, TrainingStatus.COMPLETED), a_training_job(2, TrainingStatus.IN_PROGRESS)]

    assert progress(a_goal(), jobs, finals({1: 0.5, 2: 0.9})).best == jobs[0]


def test_a_stopped_training_job_can_be_the_best() -> None:
    jobs = [a_training_job(1, TrainingStatus.COMPLETED), a_training_job(2, TrainingStatus.STOPPED)]

    assert progress(a_goal(), jobs, finals({1: 0.5, 2: 0.9})).best == jobs[1]


def test_a_failed_training_job_is_never_the_best() -> None:
    assert progress(a_goal(), [a_training_job(1, TrainingStatus.FAILED)], finals({1: 0.5})).best is None


@given(
    st.lists(
        st.tuples(
            st.sampled_from(STATUSES), st.booleans(), st.none() | st.floats(allow_nan=False, allow_infinity=False)
        ),
        max_size=20,
    )
)
def test_both_families_of_counters_add_up_to_all_training_jobs(
    cases: list[tuple[TrainingStatus, bool, float | None]],
) -> None:
    jobs = [a_training_job(place, status, is_retryable=again) for place, (status, again, _) in enumerate(cases, 1)]
    values = finals({place: value for place, (_, _, value) in enumerate(cases, 1) if value is not None})

    seen = progress(a_goal(), jobs, values)

    statuses = (seen.completed, seen.in_progress, seen.retryable_error, seen.non_retryable_error, seen.stopped)
    assert sum(statuses) == sum((seen.succeeded, seen.pending, seen.failed)) == len(jobs)
