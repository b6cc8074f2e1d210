"""When a tuning job has done enough."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luthier.records.status import TrainingStatus
from luthier.records.tuning_job import Objective, ObjectiveType
from luthier.tuning.completion import CONVERGED_AFTER, converged_at, is_complete, not_improving
from luthier.tuning.view import TuningView
from things import a_training_job, a_tuning_job

COMPLETED, FAILED = TrainingStatus.COMPLETED, TrainingStatus.FAILED
STOPPED, IN_PROGRESS = TrainingStatus.STOPPED, TrainingStatus.IN_PROGRESS
MAXIMIZE, MINIMIZE = ObjectiveType.MAXIMIZE, ObjectiveType.MINIMIZE

Seen = tuple[TrainingStatus, float | None]


def a_view(*seen: Seen, better: ObjectiveType = MAXIMIZE, now: float = 1100.0, **asked: Any) -> TuningView:
    """A tuning job that was created at 1000, and training jobs that ended one after the other."""
    objective = Objective(type=better, metric="loss")
    children = tuple(a_training_job(ordinal, status) for ordinal, (status, _) in enumerate(seen, 1))
    return TuningView(
        job=a_tuning_job(specification={"objective": objective, **asked}),
        children=children,
        finals={job.arn: value for job, (_, value) in zip(children, seen, strict=True) if value is not None},
        now=now,
    )


def over(*values: float | None) -> list[Seen]:
    return [(COMPLETED, value) for value in values]


def idle(view: TuningView) -> int:
    return not_improving(view.job, view.children, view.finals)


def test_a_tuning_job_that_asks_for_no_criterion_is_never_complete_by_one() -> None:
    assert not is_complete(a_view(*over(1.0, *[0.0] * 20), now=1e9))


@pytest.mark.parametrize(("now", "expected"), [(1119.9, False), (1120.0, True), (1e9, True)])
def test_a_tuning_job_is_complete_when_its_time_is_up(now: float, expected: bool) -> None:
    assert is_complete(a_view(max_runtime_s=120, now=now)) is expected


@pytest.mark.parametrize(
    ("better", "value", "expected"),
    [
        (MAXIMIZE, 0.9, True),
        (MAXIMIZE, 0.91, True),
        (MAXIMIZE, 0.89, False),
        (MINIMIZE, 0.9, True),
        (MINIMIZE, 0.89, True),
        (MINIMIZE, 0.91, False),
    ],
)
def test_a_tuning_job_is_complete_once_its_target_is_reached(
    better: ObjectiveType, value: float, expected: bool
) -> None:
    assert is_complete(a_view((COMPLETED, value), better=better, target=0.9)) is expected


def test_zero_is_a_target() -> None:
    assert is_complete(a_view((COMPLETED, 0.0), better=MINIMIZE, target=0.0))


@pytest.mark.parametrize(
    ("status", "expected"), [(STOPPED, True), (IN_PROGRESS, False), (TrainingStatus.STOPPING, False), (FAILED, False)]
)
def test_only_a_settled_objective_reaches_a_target(status: TrainingStatus, expected: bool) -> None:
    """A training job that runs may report a worse value yet, and the last one is its objective."""
    assert is_complete(a_view((status, 1.0), target=0.9)) is expected


@pytest.mark.parametrize(("values", "expected"), [((0.9, 0.9, 0.1), False), ((0.9, 0.9, 0.1, 0.5), True)])
def test_a_tuning_job_is_complete_when_its_patience_is_used_up(values: Sequence[float], expected: bool) -> None:
    assert is_complete(a_view(*over(*values), patience=3)) is expected


@pytest.mark.parametrize(
    ("better", "values", "count"),
    [
        (MAXIMIZE, (), 0),
        (MAXIMIZE, (0.5,), 0),
        (MAXIMIZE, (0.5, 0.4), 1),
        (MAXIMIZE, (0.5, 0.4, 0.6), 0),
        (MAXIMIZE, (0.5, 0.6, 0.55, 0.58), 2),
        (MAXIMIZE, (0.5, 0.505), 0),
        (MAXIMIZE, (0.5, 0.504), 1),
        (MAXIMIZE, (0.5, 0.504, 0.508), 2),
        (MAXIMIZE, (-0.5, -0.496), 1),
        (MAXIMIZE, (-0.5, -0.494), 0),
        (MAXIMIZE, (0.0, 0.0), 1),
        (MAXIMIZE, (0.0, 1e-9), 0),
        (MINIMIZE, (0.5, 0.496), 1),
        (MINIMIZE, (0.5, 0.494), 0),
        (MINIMIZE, (0.5, 0.6), 1),
        (MINIMIZE, (-0.5, -0.6, -0.7), 0),
    ],
)
def test_an_improvement_is_one_per_cent_better_than_the_best_before(
    better: ObjectiveType, values: Sequence[float], count: int
) -> None:
    assert idle(a_view(*over(*values), better=better)) == count


def test_a_training_job_without_an_objective_is_no_improvement() -> None:
    assert idle(a_view((COMPLETED, 0.5), (COMPLETED, None), (FAILED, 0.9))) == 2


@pytest.mark.parametrize(("asks", "expected"), [(True, True), (False, False)])
def test_a_tuning_job_that_has_converged_is_complete_if_it_asked_for_that(asks: bool, expected: bool) -> None:
    seen = over(1.0, *[0.0] * CONVERGED_AFTER)

    assert is_complete(a_view(*seen, completes_on_convergence=asks)) is expected
    assert not is_complete(a_view(*seen[:-1], completes_on_convergence=asks))


def test_a_search_has_converged_when_the_training_job_ended_that_showed_it() -> None:
    view = a_view(*over(1.0, *[0.0] * CONVERGED_AFTER, 2.0))

    assert converged_at(view.job, view.children, view.finals) == view.children[CONVERGED_AFTER].ended_at


def test_a_long_search_needs_more_to_have_converged() -> None:
    """Two fifths of it, which are 40 of 100."""
    improving = over(*[2.0**place for place in range(60)])
    view = a_view(*improving, *over(*[0.0] * 40))

    assert converged_at(view.job, view.children, view.finals) == view.children[-1].ended_at


def test_nothing_is_counted_before_the_first_objective() -> None:
    assert idle(a_view((FAILED, None), (COMPLETED, None), (COMPLETED, 0.5))) == 0


def test_a_training_job_that_the_service_lost_is_not_counted() -> None:
    view = a_view((COMPLETED, 0.5), (FAILED, None))
    lost = replace(view.children[1], is_retryable=True)

    assert idle(replace(view, children=(view.children[0], lost))) == 0


def test_a_running_training_job_is_not_counted_yet() -> None:
    assert idle(a_view((COMPLETED, 0.5), (IN_PROGRESS, 0.1))) == 0


def test_training_jobs_are_counted_in_the_order_in_which_they_end() -> None:
    """The first ends last, with an improvement."""
    view = a_view(*over(0.9, 0.5, 0.4))
    late = replace(view.children[0], ended_at=5000.0)

    assert idle(replace(view, children=(late, *view.children[1:]))) == 0


def test_what_ends_after_the_criterion_was_met_changes_the_count_no_more() -> None:
    """They were stopped for it."""
    view = a_view(*over(0.5, 0.4, 0.4, 0.4), (STOPPED, 0.9))
    met_at = view.children[3].ended_at

    assert idle(replace(view, job=replace(view.job, completing_at=met_at))) == 3


@given(
    st.lists(st.tuples(st.sampled_from(TrainingStatus), st.none() | st.floats(-1e308, 1e308)), max_size=12),
    st.sampled_from(ObjectiveType),
)
def test_no_more_are_counted_than_have_ended(seen: list[Seen], better: ObjectiveType) -> None:
    view = a_view(*seen, better=better)

    assert 0 <= idle(view) <= max(0, sum(job.status.is_over for job in view.children) - 1)
