"""Runs that MLflow keeps."""

import math
from dataclasses import replace

import pytest

from luthier.histories.history import HistoryError, Report
from luthier.histories.mlflow import Choice, LoggedRun, LoggedValue, read_runs
from luthier.records.status import TrainingStatus

CHOICE = Choice(objective="loss")
RUN = LoggedRun(
    identifier="a1",
    status="FINISHED",
    began_ms=1000.0,
    ended_ms=9000.0,
    parameters={"eta": "0.3"},
    metrics=("loss",),
    values=(LoggedValue(value=0.5, at_ms=2500.0, step=0),),
)


def values(*given: tuple[int, float, float]) -> tuple[LoggedValue, ...]:
    """Give values of (step, time, value)."""
    return tuple(LoggedValue(value=value, at_ms=at, step=step) for step, at, value in given)


def test_a_run_is_a_run() -> None:
    (run,) = read_runs([RUN], CHOICE)

    assert (run.hyperparameters, run.objective, run.status) == ({"eta": "0.3"}, 0.5, TrainingStatus.COMPLETED)
    assert (run.began_at, run.ended_at) == (1.0, 9.0)


def test_values_are_reports_in_the_order_of_their_steps() -> None:
    logged = replace(RUN, values=values((1, 3000.0, 0.4), (0, 4000.0, 0.6)))

    (run,) = read_runs([logged], CHOICE)

    assert run.reports == [Report(value=0.6, at=4.0), Report(value=0.4, at=3.0)]
    assert run.objective == 0.4


def test_of_several_values_of_a_step_the_last_in_time_and_then_the_largest_counts() -> None:
    logged = replace(RUN, values=values((1, 3000.0, 0.4), (1, 4000.0, 0.2), (1, 4000.0, 0.3)))

    (run,) = read_runs([logged], CHOICE)

    assert run.objective == 0.3


def test_a_run_whose_last_value_is_no_number_has_failed_and_keeps_what_it_reported_before() -> None:
    (run,) = read_runs([replace(RUN, values=values((0, 1.0, 0.5), (1, 2.0, math.nan)))], CHOICE)

    assert (run.status, run.objective) == (TrainingStatus.FAILED, None)
    assert [each.value for each in run.reports] == [0.5]


def test_without_curves_the_objective_alone_is_taken() -> None:
    (run,) = read_runs([RUN], replace(CHOICE, has_curves=False))

    assert (run.objective, run.reports) == (0.5, ())


def test_runs_that_go_on_are_left_out() -> None:
    assert len(read_runs([RUN, replace(RUN, identifier="b2", status="RUNNING")], CHOICE)) == 1


def test_a_run_in_which_others_are_nested_is_the_search_itself() -> None:
    search = replace(RUN, identifier="top", parameters={"sampler": "tpe"})

    (run,) = read_runs([search, replace(RUN, parent="top")], CHOICE)

    assert run.place == "run a1"


def test_runs_may_be_chosen_by_the_run_in_which_they_are_nested() -> None:
    other = replace(RUN, identifier="b2", parent="elsewhere", parameters={"other": "1"})

    (run,) = read_runs([other, replace(RUN, parent="top")], replace(CHOICE, under="top"))

    assert run.place == "run a1"


def test_parameters_may_be_chosen() -> None:
    noisy = replace(RUN, parameters={"eta": "0.1", "host": "x"})

    runs = read_runs([RUN, noisy], replace(CHOICE, parameters=("eta",)))

    assert [run.hyperparameters for run in runs] == [{"eta": "0.3"}, {"eta": "0.1"}]


@pytest.mark.parametrize(
    ("logged", "choice", "said"),
    [
        ([replace(RUN, metrics=("acc",), values=())], CHOICE, "no run has the metric 'loss'; there are 'acc'"),
        ([replace(RUN, status="GONE")], CHOICE, "run a1: its status is 'GONE'"),
        ([replace(RUN, status="RUNNING")], CHOICE, "no run that is over"),
        ([RUN], replace(CHOICE, under="top"), "--under: no run is nested in 'top'"),
        ([RUN], replace(CHOICE, parameters=("depth",)), "run a1: it has no parameter 'depth'"),
        ([RUN, replace(RUN, identifier="b2", parameters={})], CHOICE, "run b2: it and run a1 do not both have"),
        ([replace(RUN, began_ms=1e300)], CHOICE, "run a1: its start is"),
    ],
)
def test_what_is_no_search_is_told_with_its_run(logged: list[LoggedRun], choice: Choice, said: str) -> None:
    with pytest.raises(HistoryError) as caught:
        read_runs(logged, choice)

    assert said in str(caught.value)


def test_more_values_than_anybody_needs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("luthier.histories.mlflow.MOST_VALUES", 1)

    with pytest.raises(HistoryError, match="--no-curves"):
        read_runs([RUN, replace(RUN, identifier="b2")], CHOICE)
