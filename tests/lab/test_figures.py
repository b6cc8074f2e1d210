"""Pictures of a tuning job, drawn from what the API tells."""

import math
from typing import Any

import pytest

from luthier.lab.figures import best_so_far, figure

pytest.importorskip("matplotlib")


class Told:
    """A client that knows one tuning job."""

    def describe_hyper_parameter_tuning_job(self, HyperParameterTuningJobName: str) -> dict[str, Any]:
        ranges = [
            {"Name": "rate$", "MinValue": "0.001", "MaxValue": "1", "ScalingType": "Logarithmic"},
            {"Name": "depth", "MinValue": "1", "MaxValue": "9", "ScalingType": "Linear"},
        ]
        return {
            "HyperParameterTuningJobName": HyperParameterTuningJobName,
            "HyperParameterTuningJobConfig": {
                "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "loss"},
                "ParameterRanges": {
                    "ContinuousParameterRanges": ranges,
                    "CategoricalParameterRanges": [{"Name": "mode", "Values": ["b", "8", "a"]}],
                },
            },
        }

    def get_paginator(self, _: str) -> "Told":
        return self

    def paginate(self, **_: Any) -> "Told":
        return self

    def build_full_result(self) -> dict[str, Any]:
        return {
            "TrainingJobSummaries": [
                {
                    "TrainingJobName": f"job-{number}",
                    "TrainingJobStatus": "Completed",
                    "TunedHyperParameters": {"rate$": "0.1", "depth": str(number), "mode": "8"},
                    "FinalHyperParameterTuningJobObjectiveMetric": {"MetricName": "loss", "Value": float(number)},
                }
                for number in (3, 1, 2)
            ]
        }


def test_the_best_so_far_is_the_lowest_where_lower_is_better() -> None:
    assert best_so_far([3.0, None, 1.0, 2.0], "Minimize") == [3.0, 3.0, 1.0, 1.0]


def test_the_best_so_far_is_the_highest_where_higher_is_better() -> None:
    assert best_so_far([1.0, 3.0, 2.0], "Maximize") == [1.0, 3.0, 3.0]


def test_there_is_no_best_before_the_first_objective() -> None:
    assert math.isnan(best_so_far([None, 1.0], "Minimize")[0])


def test_the_progress_shows_every_objective_and_the_best_so_far() -> None:
    (axes,) = figure("tuned", client=Told()).axes

    objectives, best = (list(line.get_ydata()) for line in axes.lines)
    assert (objectives, best) == ([3.0, 1.0, 2.0], [3.0, 1.0, 1.0])


def test_every_hyperparameter_has_axes_on_the_scale_on_which_it_is_searched() -> None:
    drawn = figure("tuned", "hyperparameters", client=Told())

    assert [(each.get_xlabel(), each.get_xscale()) for each in drawn.axes] == [
        (r"rate\$", "log"),
        ("depth", "linear"),
        ("mode", "linear"),
    ]


def test_categories_stand_in_the_order_of_their_range_with_their_own_names() -> None:
    *_, axes = figure("tuned", "hyperparameters", client=Told()).axes

    assert [each.get_text() for each in axes.get_xticklabels()] == ["b", "8", "a"]
    assert list(axes.lines[0].get_xdata()) == [1, 1, 1]


def test_a_notebook_can_show_a_figure() -> None:
    assert figure("$odd_{name", client=Told())._repr_png_().startswith(b"\x89PNG")


def test_a_picture_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="picture: 'pie' is none of progress, hyperparameters"):
        figure("tuned", "pie", client=Told())
