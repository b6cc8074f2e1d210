"""
A tuning job as figures.

| picture           | what it shows                                                                  |
|-------------------|--------------------------------------------------------------------------------|
| `progress`        | the objective of each training job in turn, and the best so far                |
| `hyperparameters` | the objective over each hyperparameter, on the scale on which it is searched   |
"""

import io
import math
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

from luthier.lab.extras import extra
from luthier.lab.tables import Row, number_or_text, rows, summaries

_LOGARITHMIC = "Logarithmic"
_ACROSS = 3  # axes side by side
_SIZE = (4.0, 3.0)  # inches of one of them
Drawing = Callable[[Any, Mapping[str, Any], Sequence[Row]], None]


def figure(tuning_job_name: str, picture: str = "progress", client: Any = None) -> Any:  # Any: an extra's, and boto3's
    """
    Draw a picture of a tuning job: a matplotlib figure, which a notebook shows by itself.

    *client* is as of `frame`. Raises ImportError without matplotlib, ValueError for a picture that there is not, and
    what the client raises.
    """
    if picture not in _PICTURES:
        raise ValueError(f"picture: {picture!r} is none of {', '.join(_PICTURES)}")
    figures = extra("matplotlib.figure", "notebook")
    client = client or import_module("boto3").client("sagemaker")
    described = client.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=tuning_job_name)
    drawn = _showing_itself(figures.Figure)(layout="constrained")
    _PICTURES[picture](drawn, described, rows(summaries(client, tuning_job_name)))
    drawn.suptitle(_plain(described["HyperParameterTuningJobName"]))
    return drawn


def best_so_far(values: Sequence[float | None], kind: str) -> list[float]:
    """Give, for each objective in turn, the best up to it; NaN before the first."""
    best, found = math.nan, list[float]()
    for value in values:
        if value is not None and (math.isnan(best) or (value > best) is (kind == "Maximize")):
            best = value
        found.append(best)
    return found


def _progress(drawn: Any, described: Mapping[str, Any], table: Sequence[Row]) -> None:
    objective = _objective(described)
    values = [row["FinalObjectiveValue"] for row in table]
    turns = range(1, len(table) + 1)
    axes = drawn.add_subplot()
    axes.plot(turns, [math.nan if value is None else value for value in values], "o", alpha=0.5, label="training job")
    axes.step(turns, best_so_far(values, objective["Type"]), where="post", label="best so far")
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.set_xlabel("training job")
    axes.set_ylabel(_plain(objective["MetricName"]))
    axes.legend()


def _hyperparameters(drawn: Any, described: Mapping[str, Any], table: Sequence[Row]) -> None:
    ranges = _ranges(described)
    down = max(1, math.ceil(len(ranges) / _ACROSS))
    drawn.set_size_inches(_SIZE[0] * min(_ACROSS, max(1, len(ranges))), _SIZE[1] * down)
    for place, (name, each) in enumerate(ranges.items(), 1):
        axes = drawn.add_subplot(down, min(_ACROSS, len(ranges)), place)
        seen = [
            (row[name], row["FinalObjectiveValue"])
            for row in table
            if row.get(name) is not None and row["FinalObjectiveValue"] is not None
        ]
        values = [value for value, _ in seen]
        axes.plot(
            _placed(axes, each["Values"], values) if "Values" in each else values,
            [objective for _, objective in seen],
            "o",
            alpha=0.5,
        )
        if each.get("ScalingType") == _LOGARITHMIC:
            axes.set_xscale("log")
        axes.set_xlabel(_plain(name))
        axes.set_ylabel(_plain(_objective(described)["MetricName"]))


def _placed(axes: Any, categories: Sequence[str], values: Sequence[float | str]) -> list[int]:
    """Give the places of values on an axis of categories: all of the range, in its order, whichever were tried."""
    named: dict[float | str, str] = {number_or_text(each): each for each in categories}
    for value in values:
        named.setdefault(value, str(value))  # of another definition's range
    axes.set_xticks(range(len(named)), [_plain(each) for each in named.values()])
    axes.set_xlim(-0.5, len(named) - 0.5)
    places = {value: place for place, value in enumerate(named)}
    return [places[value] for value in values]


_PICTURES: Mapping[str, Drawing] = {"progress": _progress, "hyperparameters": _hyperparameters}


def _objective(described: Mapping[str, Any]) -> Mapping[str, str]:
    """Give the objective of a tuning job, of the first definition where there are several."""
    given = described.get("TrainingJobDefinitions", [{}])[0].get("TuningObjective")
    found: Mapping[str, str] = given or described["HyperParameterTuningJobConfig"]["HyperParameterTuningJobObjective"]
    return found


def _ranges(described: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Give every range by its name, those of all definitions together."""
    kinds = [described["HyperParameterTuningJobConfig"].get("ParameterRanges", {})]
    kinds += [each.get("HyperParameterRanges", {}) for each in described.get("TrainingJobDefinitions", ())]
    return {each["Name"]: each for kind in kinds for ranges in kind.values() for each in ranges if "Name" in each}


def _plain(text: str) -> str:
    """Give text that matplotlib shows as it is, and not as mathematics."""
    return text.replace("$", r"\$")


def _showing_itself(kind: type) -> Any:
    """Give a kind of figure that a notebook shows whether or not a backend of matplotlib's has been chosen."""

    def as_png(self: Any) -> bytes:
        image = io.BytesIO()
        self.savefig(image, format="png")
        return image.getvalue()

    return type("Figure", (kind,), {"_repr_png_": as_png})
