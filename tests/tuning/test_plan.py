"""What a tuning job needs next."""

from dataclasses import replace
from typing import Any, assert_never

from hypothesis import given
from hypothesis import strategies as st

from luthier.records.status import TrainingStatus, TuningStatus
from luthier.records.training_job import TrainingJob
from luthier.tuning.plan import plan
from luthier.tuning.view import Conclude, Finish, Propose, StopTraining, TuningView
from things import a_training_job, a_tuning_definition, a_tuning_job

IN_PROGRESS, COMPLETED = TrainingStatus.IN_PROGRESS, TrainingStatus.COMPLETED
FAILED, STOPPED = TrainingStatus.FAILED, TrainingStatus.STOPPED


def a_view(*statuses: TrainingStatus, max_jobs: int = 10, max_parallel: int = 2, **changes: object) -> TuningView:
    """A tuning job with training jobs, of which the completed ones have an objective unless *finals* says otherwise."""
    children = tuple(a_training_job(ordinal, status) for ordinal, status in enumerate(statuses, 1))
    job = a_tuning_job(specification={"max_jobs": max_jobs, "max_parallel": max_parallel})
    finals = {child.arn: 0.5 for child in children if child.status is COMPLETED}
    return replace(TuningView(job=job, children=children, finals=finals, now=3000.0), **changes)


def test_a_new_tuning_job_fills_its_parallel_places() -> None:
    assert plan(a_view()) == [Propose(count=2)]


def test_a_place_that_falls_free_is_filled_at_once() -> None:
    assert plan(a_view(COMPLETED, IN_PROGRESS)) == [Propose(count=1)]


def test_a_stopping_training_job_still_holds_its_place() -> None:
    assert plan(a_view(TrainingStatus.STOPPING, IN_PROGRESS)) == []


def test_a_stopped_training_job_counts_against_the_total() -> None:
    assert plan(a_view(STOPPED, max_jobs=1)) == [Finish(status=TuningStatus.COMPLETED)]


def test_the_last_proposal_is_no_larger_than_the_places_left() -> None:
    assert plan(a_view(COMPLETED, COMPLETED, max_jobs=3, max_parallel=5)) == [Propose(count=1)]


def test_a_tuning_job_waits_for_its_last_training_jobs() -> None:
    assert plan(a_view(COMPLETED, IN_PROGRESS, max_jobs=2)) == []


def test_an_exhausted_space_completes_the_tuning_job() -> None:
    assert plan(a_view(COMPLETED, exhausted=frozenset({None}))) == [Finish(status=TuningStatus.COMPLETED)]


def test_some_failures_do_not_fail_a_tuning_job() -> None:
    assert plan(a_view(FAILED, COMPLETED, max_jobs=2)) == [Finish(status=TuningStatus.COMPLETED)]


def test_five_failures_and_no_success_fail_it() -> None:
    [finish] = plan(a_view(FAILED, FAILED, FAILED, FAILED, FAILED))

    assert isinstance(finish, Finish)
    assert finish.status is TuningStatus.FAILED
    assert finish.reason is not None
    assert finish.reason.startswith("No training job succeeded after 5 attempts.")


def test_five_failures_wait_for_those_still_running() -> None:
    assert plan(a_view(FAILED, FAILED, FAILED, FAILED, FAILED, IN_PROGRESS)) == []


NO_OBJECTIVE = "No objective metrics found after running {} training jobs. "


def test_five_without_an_objective_fail_it() -> None:
    [finish] = plan(a_view(COMPLETED, FAILED, COMPLETED, COMPLETED, COMPLETED, finals={}))

    assert isinstance(finish, Finish)
    assert finish.status is TuningStatus.FAILED
    assert (finish.reason or "").startswith(NO_OBJECTIVE.format(5))


def test_a_budget_below_five_without_an_objective_fails_it_too() -> None:
    [finish] = plan(a_view(COMPLETED, STOPPED, max_jobs=2, finals={}))

    assert isinstance(finish, Finish)
    assert (finish.reason or "").startswith(NO_OBJECTIVE.format(1))


def test_four_without_an_objective_end_nothing() -> None:
    assert plan(a_view(*(COMPLETED for _ in range(4)), finals={})) == [Propose(count=2)]


def test_those_that_were_stopped_before_they_reported_end_nothing() -> None:
    assert plan(a_view(*(STOPPED for _ in range(6)))) == [Propose(count=2)]


def test_a_budget_below_five_that_only_failed_fails_it_too() -> None:
    [finish] = plan(a_view(FAILED, max_jobs=1))

    assert isinstance(finish, Finish)
    assert finish.status is TuningStatus.FAILED


def test_one_success_outweighs_any_number_of_failures() -> None:
    assert plan(a_view(COMPLETED, *(FAILED for _ in range(9)))) == [Finish(status=TuningStatus.COMPLETED)]


def test_after_a_success_failures_end_nothing() -> None:
    assert plan(a_view(COMPLETED, *(FAILED for _ in range(5)))) == [Propose(count=2)]


def test_a_failure_of_the_service_does_not_use_up_the_budget() -> None:
    lost = a_training_job(1, FAILED, is_retryable=True)

    assert plan(a_view(max_jobs=1, children=(lost,))) == [Propose(count=1)]


def test_failures_of_the_service_are_made_up_for_once_each_at_most() -> None:
    lost = tuple(a_training_job(ordinal, FAILED, is_retryable=True) for ordinal in (1, 2))

    [finish] = plan(a_view(max_jobs=1, children=lost))

    assert isinstance(finish, Finish)


def test_a_stop_request_stops_every_running_training_job() -> None:
    view = a_view(IN_PROGRESS, COMPLETED, IN_PROGRESS)

    steps = plan(stopping(view))

    assert steps == [StopTraining(arn=view.children[0].arn), StopTraining(arn=view.children[2].arn)]


def test_a_training_job_is_asked_to_stop_once() -> None:
    asked = a_training_job(1, TrainingStatus.STOPPING, stop_requested_at=2500.0)

    assert plan(stopping(a_view(children=(asked,)))) == []


def test_a_stopping_tuning_job_without_running_training_jobs_is_stopped() -> None:
    assert plan(stopping(a_view(COMPLETED, STOPPED))) == [Finish(status=TuningStatus.STOPPED)]


def test_a_met_criterion_is_written_down_before_anything_is_stopped() -> None:
    """So the decision stands, whatever the training jobs that still run report until they are stopped."""
    assert plan(a_met_view(COMPLETED, IN_PROGRESS)) == [Conclude()]


def test_a_met_criterion_completes_the_tuning_job_where_nothing_runs() -> None:
    assert plan(a_met_view(COMPLETED)) == [Finish(status=TuningStatus.COMPLETED)]


def test_a_concluded_tuning_job_stops_what_still_runs() -> None:
    view = concluded(a_view(COMPLETED, IN_PROGRESS))

    assert plan(view) == [StopTraining(arn=view.children[1].arn)]


def test_a_concluded_tuning_job_launches_nothing_while_it_waits() -> None:
    """Though it has places and training jobs left, and the value that met its criterion is seen no more."""
    asked_to_stop = a_training_job(1, TrainingStatus.STOPPING, stop_requested_at=2500.0)

    assert plan(concluded(a_view(children=(asked_to_stop,)))) == []


def test_a_concluded_tuning_job_is_completed_in_the_end() -> None:
    assert plan(concluded(a_view(COMPLETED, STOPPED))) == [Finish(status=TuningStatus.COMPLETED)]


def test_a_concluded_tuning_job_whose_training_jobs_only_failed_has_failed() -> None:
    [finish] = plan(concluded(a_view(FAILED)))

    assert isinstance(finish, Finish)
    assert finish.status is TuningStatus.FAILED


def test_a_stop_request_comes_before_a_met_criterion() -> None:
    assert plan(stopping(concluded(a_view(COMPLETED)))) == [Finish(status=TuningStatus.STOPPED)]


def test_one_exhausted_definition_of_two_ends_nothing() -> None:
    job = a_tuning_job(specification={"definitions": tuple(a_tuning_definition(name=name) for name in ("a", "b"))})

    assert plan(TuningView(job=job, children=(), finals={}, now=1.0, exhausted=frozenset({"a"}))) == [Propose(count=2)]
    assert plan(TuningView(job=job, children=(), finals={}, now=1.0, exhausted=frozenset({"a", "b"}))) == [
        Finish(status=TuningStatus.COMPLETED)
    ]


def a_met_view(*statuses: TrainingStatus) -> TuningView:
    view = a_view(*statuses)
    job = replace(view.job, specification=replace(view.job.specification, target=0.5))
    return replace(view, job=job, finals={view.children[0].arn: 0.25})


def concluded(view: TuningView) -> TuningView:
    return replace(view, job=replace(view.job, completing_at=2400.0))


def stopping(view: TuningView) -> TuningView:
    return replace(view, job=replace(view.job, status=TuningStatus.STOPPING, stop_requested_at=2500.0))


def any_view(
    statuses: list[TrainingStatus],
    limits: tuple[int, int],
    retryable: set[int],
    values: list[float | None],
    criteria: dict[str, Any],
) -> TuningView:
    view = a_view(
        max_jobs=limits[0],
        max_parallel=limits[1],
        children=tuple(
            a_training_job(ordinal, status, is_retryable=status is FAILED and ordinal in retryable)
            for ordinal, status in enumerate(statuses, 1)
        ),
    )
    finals = {job.arn: value for job, value in zip(view.children, values, strict=False) if value is not None}
    return replace(
        view, job=replace(view.job, specification=replace(view.job.specification, **criteria)), finals=finals
    )


views = st.builds(
    any_view,
    st.lists(st.sampled_from(list(TrainingStatus)), max_size=12),
    st.tuples(st.integers(1, 8), st.integers(1, 5)),
    st.sets(st.integers(1, 12)),
    st.lists(st.none() | st.floats(-1, 1), max_size=12),
    st.fixed_dictionaries(
        {},
        optional={
            "target": st.floats(-1, 1),
            "patience": st.integers(3, 6),
            "max_runtime_s": st.sampled_from([120, 15_768_000]),  # over long ago, and not for long
        },
    ),
)


@given(views)
def test_bounded_it_never_goes_over_the_limits(view: TuningView) -> None:
    active = sum(not job.status.is_over for job in view.children)
    budget = sum(not job.is_retryable for job in view.children)

    for step in plan(view):
        if isinstance(step, Propose):
            assert active + step.count <= view.job.specification.max_parallel
            assert budget + step.count <= view.job.specification.max_jobs


@given(views, st.booleans())
def test_quiet_it_soon_asks_for_nothing_in_a_frozen_world(view: TuningView, is_stopping: bool) -> None:
    view = stopping(view) if is_stopping else view

    for _ in range(5):
        view = after(view)

    assert plan(view) == []


@given(views)
def test_bounded_a_concluded_tuning_job_launches_nothing(view: TuningView) -> None:
    assert not [step for step in plan(concluded(view)) if isinstance(step, Propose | Conclude)]


@given(views, st.sampled_from([TuningStatus.COMPLETED, TuningStatus.FAILED, TuningStatus.STOPPED]))
def test_final_an_ended_tuning_job_is_never_touched_again(view: TuningView, end: TuningStatus) -> None:
    assert plan(replace(view, job=replace(view.job, status=end))) == []


def after(view: TuningView) -> TuningView:
    """Do the steps of a plan to the view itself, while no training job moves."""
    for step in plan(view):
        match step:
            case Propose():
                first = len(view.children) + 1
                new = tuple(a_training_job(ordinal) for ordinal in range(first, first + step.count))
                view = replace(view, children=view.children + new)
            case Conclude():
                view = concluded(view)
            case StopTraining():
                view = replace(view, children=tuple(asked(job, step) for job in view.children))
            case Finish():
                view = replace(view, job=replace(view.job, status=step.status))
            case _:
                assert_never(step)
    return view


def asked(job: TrainingJob, step: StopTraining) -> TrainingJob:
    return replace(job, stop_requested_at=2600.0) if job.arn == step.arn else job


LOSING = {"losers": {a_training_job(2).arn: "it would not win"}}


def test_a_training_job_that_will_not_win_is_stopped() -> None:
    stop = StopTraining(arn=a_training_job(2).arn, reason="it would not win")

    assert plan(a_view(COMPLETED, IN_PROGRESS, IN_PROGRESS, **LOSING)) == [stop]


def test_the_last_training_jobs_may_be_stopped_too() -> None:
    stop = StopTraining(arn=a_training_job(2).arn, reason="it would not win")

    assert plan(a_view(COMPLETED, IN_PROGRESS, max_jobs=2, **LOSING)) == [stop]


def test_a_stop_is_asked_for_once() -> None:
    stopping = a_training_job(2, TrainingStatus.STOPPING, stop_requested_at=1500.0)
    view = replace(a_view(COMPLETED, IN_PROGRESS, max_jobs=2), children=(a_training_job(1, COMPLETED), stopping))

    assert plan(replace(view, **LOSING)) == []


def test_a_free_place_is_filled_while_another_training_job_is_stopped() -> None:
    stop = StopTraining(arn=a_training_job(2).arn, reason="it would not win")

    assert plan(a_view(COMPLETED, IN_PROGRESS, **LOSING)) == [stop, Propose(count=1)]


def test_what_is_over_is_not_stopped() -> None:
    assert plan(a_view(COMPLETED, COMPLETED, **LOSING)) == [Propose(count=2)]
