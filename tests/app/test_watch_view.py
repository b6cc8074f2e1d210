"""What the terminal makes of a description."""

from typing import Any

import pytest

from luthier.app.watch_view import best_so_far, is_not_found

CONFIG = "HyperParameterTuningJobConfig"


def a_child(value: float) -> dict[str, Any]:
    return {"FinalHyperParameterTuningJobObjectiveMetric": {"MetricName": "loss", "Value": value}}


@pytest.mark.parametrize(("better", "best"), [("Minimize", [0.5, 0.25, 0.25]), ("Maximize", [0.5, 0.5, 0.75])])
def test_the_best_so_far_is_of_all_definitions_where_there_are_several(better: str, best: list[float]) -> None:
    children = [a_child(value) for value in (0.5, 0.25, 0.75)]
    objective = {"Type": better, "MetricName": "loss"}

    assert best_so_far({CONFIG: {}, "TrainingJobDefinitions": [{"TuningObjective": objective}]}, children) == best
    assert best_so_far({CONFIG: {"HyperParameterTuningJobObjective": objective}}, children) == best


@pytest.mark.parametrize(
    ("completed", "failed", "succeeded", "is_told"), [(1, 0, 0, True), (2, 0, 1, False), (0, 3, 0, False)]
)
def test_an_objective_that_none_has_is_told(completed: int, failed: int, succeeded: int, is_told: bool) -> None:
    counters = {"Completed": completed, "Stopped": 0, "NonRetryableError": failed}
    job = {"TrainingJobStatusCounters": counters, "ObjectiveStatusCounters": {"Succeeded": succeeded}}

    assert is_not_found(job) is is_told
