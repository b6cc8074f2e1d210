"""Tables of training jobs in terminals that are narrow."""

import io
from collections.abc import Sequence

import pytest
from rich.console import Console

from luthier.app.training_jobs_table import table

TUNING_JOB = "a-name-of-32-letters-0123456789x"


def shown(hyperparameters: Sequence[str], width: int, name: str = f"{TUNING_JOB}-007-22ea0180") -> list[str]:
    child = {
        "TrainingJobName": name,
        "TrainingJobStatus": "Completed",
        "FinalHyperParameterTuningJobObjectiveMetric": {"MetricName": "loss", "Value": 0.5},
        "TunedHyperParameters": dict.fromkeys(hyperparameters, "0.123456789"),
    }
    console = Console(file=io.StringIO(), width=width)
    console.print(table(TUNING_JOB, [child], width))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


def test_all_is_told_where_there_is_room() -> None:
    head, row = shown(["x", "y"], 120)

    assert head.split() == ["training", "job", "status", "objective", "x", "y"]
    assert row.split() == [f"{TUNING_JOB}-007-22ea0180", "Completed", "0.5", "0.123457", "0.123457"]


def test_a_long_name_is_told_by_its_end() -> None:
    _, row = shown(["x", "y"], 80)

    assert row.split() == ["…-007-22ea0180", "Completed", "0.5", "0.123457", "0.123457"]


def test_a_name_that_is_not_the_tuning_jobs_stays_whole() -> None:
    _, row = shown(["x", "y"], 60, name="one-that-was-imported-from-elsewhere")

    assert row.startswith("one-that-was-imported-from-elsewhere ")


def test_hyperparameters_without_room_are_counted() -> None:
    head, row = shown([f"number_{place:02}" for place in range(20)], 80)

    assert head.split()[-4:] == ["number_00", "number_01", "number_02", "+17"]
    assert "…" not in row[1:]


@pytest.mark.parametrize("width", [20, 40, 60, 80, 120])
def test_every_row_is_one_line(width: int) -> None:
    assert len(shown(["x", "y", "z"], width)) == 2
