"""Tests of luthier's part end to end: the request, the account, the check against the program, and one real contest."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from benchmarks.end_to_end import contest, datasets
from benchmarks.end_to_end.datasets import DATASETS
from benchmarks.end_to_end.program import trained_here
from benchmarks.end_to_end.ranges import SPACE, hyperparameters
from benchmarks.end_to_end.replay import DiffersError, replay
from benchmarks.end_to_end.tuning_job import Training, account, request, training_s
from benchmarks.search.runs import Plan
from benchmarks.search.spaces import from_unit

WINE = DATASETS["wine"]
BEGINNING = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
TOLD = {"CreationTime": BEGINNING, "HyperParameterTuningEndTime": BEGINNING + datetime.timedelta(seconds=9)}


def a_plan(*, budget: int = 2, parallel: int = 1, seed: int = 3) -> Plan:
    return Plan(optimiser="luthier", version="1", problem=WINE.problem, seed=seed, budget=budget, parallel=parallel)


def a_job(name: str, objective: float, *, ended_s: float) -> dict[str, Any]:
    return {
        "TrainingJobName": name,
        "TunedHyperParameters": {"eta": "0.1"},
        "CreationTime": BEGINNING + datetime.timedelta(seconds=1),
        "TrainingEndTime": BEGINNING + datetime.timedelta(seconds=ended_s),
        "FinalHyperParameterTuningJobObjectiveMetric": {"MetricName": WINE.tuned, "Value": objective},
    }


def a_training(objective: float) -> Training:
    point = {**from_unit(SPACE, [0.5] * len(SPACE)), "num_round": 10}
    tuned = {name: str(value) for name, value in point.items()}
    return Training(tuned=tuned, objective=objective, created_s=0.0, ended_s=1.0, training_s=0.5)


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    """Have the files of all data sets."""
    datasets.write(tmp_path / "rows")
    return tmp_path / "rows"


def test_the_request_has_the_plans_numbers() -> None:
    """Training jobs, how many at a time, and the seed."""
    config = request("n", WINE, a_plan(budget=40, parallel=4, seed=2), "r")["HyperParameterTuningJobConfig"]

    assert config["ResourceLimits"] == {"MaxNumberOfTrainingJobs": 40, "MaxParallelTrainingJobs": 4}
    assert config["RandomSeed"] == 2


def test_training_jobs_are_told_in_the_order_of_their_ends() -> None:
    """The incumbent after n is the best of those that had ended."""
    tuning = account(TOLD, [a_job("b", 0.5, ended_s=4), a_job("a", 0.7, ended_s=3)], {"a": 1.0, "b": 2.0})

    assert [each.objective for each in tuning.trainings] == [0.7, 0.5]


def test_the_wires_single_precision_is_taken_back() -> None:
    """The program's log has five decimals."""
    tuning = account(TOLD, [a_job("a", 0.2076600044965744, ended_s=3)], {"a": 1.0})

    assert tuning.trainings[0].objective == 0.20766


def test_a_training_job_without_an_objective_ends_the_contest() -> None:
    """It says which and why; no number stands in for it."""
    failed = {"TrainingJobName": "n", "TrainingJobStatus": "Failed", "FailureReason": "AlgorithmError: no"}

    with pytest.raises(RuntimeError, match="n: Failed: AlgorithmError: no"):
        account(TOLD, [failed], {})


def test_the_program_runs_while_the_secondary_status_is_training() -> None:
    """And neither before nor after."""
    times = [BEGINNING + datetime.timedelta(seconds=each) for each in (0, 1, 3, 7)]
    phases = zip(("Downloading", "Training", "Uploading"), times, times[1:], strict=False)
    transitions = [{"Status": status, "StartTime": start, "EndTime": end} for status, start, end in phases]

    assert training_s({"SecondaryStatusTransitions": transitions}) == 2.0


@pytest.mark.slow
def test_an_objective_that_the_program_does_not_give_is_refused(rows: Path) -> None:
    """The service's results could not be compared with the peers'."""
    right = a_training(0.0)
    value = trained_here(rows / "wine", hyperparameters(WINE, right.tuned), WINE.tuned)

    with pytest.raises(DiffersError, match=WINE.tuned):
        replay(WINE, [a_training(value + 1e-5)], rows)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_contest_on_a_real_server_is_run_once(tmp_path: Path, rows: Path) -> None:
    """Two training jobs, both checked; what is finished is not run again."""
    kept = tmp_path / "runs.jsonl"
    contest.hold([a_plan()], kept, rows)
    contest.hold([a_plan()], kept, rows)

    (timed,) = contest.read(kept)
    assert timed.run.plan == a_plan()
    assert len(timed.run.observed) == len(timed.ended_s) == len(timed.alone_s) == len(timed.training_s) == 2
