"""
The numbers behind a tuning job's charts, as JSON that a page's script draws: `.../curves` and `.../lines`.

Both are bounded, however many training jobs there are, and say how many they leave out.
"""

import json
from collections.abc import Sequence

from starlette.responses import Response

from luthier.dashboard.families import Family
from luthier.dashboard.learning_curves import LearningCurve, choose, thin
from luthier.dashboard.parallel_lines import Coordinate, Line, ParallelLines, parallel_lines
from luthier.dashboard.scale import Axis, axis
from luthier.dashboard.training_view import training_job_url
from luthier.dashboard.wording import printable
from luthier.records.json_value import JsonObject
from luthier.records.training_job import TrainingJob
from luthier.records.tuning_job import TuningJob
from luthier.store.engine import Store
from luthier.tuning.curves import CurveShelf
from luthier.tuning.progress import objective_values, progress


class ChartNumbers:
    """Reads learning curves, and keeps what it has read. For any number of threads."""

    def __init__(self, store: Store) -> None:
        self._store, self._shelf = store, CurveShelf()

    def curves(self, job: TuningJob, family: Family) -> JsonObject:
        """Give the learning curves of the most telling training jobs of *job*."""
        specification, children = job.specification, family.children
        values = objective_values(specification, children, family.finals)
        best = progress(specification, children, values).best
        chosen = choose(children, values, specification.direction)
        read = self._shelf.of(self._store, specification, chosen)
        curves = thin([(child, read[child.arn]) for child in chosen], best)
        metrics = dict.fromkeys(each.objective.metric for each in specification.definitions)
        return {
            "metric": printable(", ".join(metrics)),
            **_ends([value for each in curves for value in each.values], keep=values[best.arn] if best else None),
            "of": len(values),
            "curves": [_curve(each) for each in curves],
        }


def parallel_numbers(job: TuningJob, family: Family) -> JsonObject:
    """Give the parallel coordinates of each definition of *job*."""
    specification, children = job.specification, family.children
    values = objective_values(specification, children, family.finals)
    drawn = [
        parallel_lines(each, [child for child in children if specification.definition_of(child) is each], values)
        for each in specification.definitions
    ]
    return {"definitions": [_lines(each) for each in drawn]}


def answer(numbers: JsonObject) -> Response:
    """Send *numbers* to a page's script; text with lone surrogates in it passes too."""
    return Response(json.dumps(numbers, allow_nan=False), media_type="application/json")


def _ends(values: Sequence[float], keep: float | None) -> dict[str, float]:
    """Say from where to where the axis of *values* goes, as the page's own drawing does."""
    upward = axis(values, keep=values[0] if keep is None else keep) if values else Axis(low=0.0, high=1.0, ticks=())
    return {"low": upward.low, "high": upward.high}


def _curve(curve: LearningCurve) -> JsonObject:
    return {
        **_named(curve.job),
        "steps": list(curve.steps),
        "values": list(curve.values),
        "reports": curve.reports,
        "best": curve.is_best,
        "early": curve.is_early,
    }


def _lines(drawn: ParallelLines) -> JsonObject:
    return {
        "name": printable(drawn.definition.name or ""),
        "metric": printable(drawn.definition.objective.metric),
        "direction": drawn.definition.objective.type,
        **_ends([each.objective for each in drawn.lines], keep=drawn.lines[-1].objective if drawn.lines else None),
        "of": drawn.of,
        "axes": [_axis(each) for each in drawn.coordinates],
        "lines": [_line(each) for each in drawn.lines],
    }


def _axis(each: Coordinate) -> JsonObject:
    return {
        "name": printable(each.name),
        "low": each.low,
        "high": each.high,
        "log": each.is_logarithmic,
        "choices": [printable(choice) for choice in each.choices],
    }


def _line(line: Line) -> JsonObject:
    shown = [printable(value) if isinstance(value, str) else value for value in line.values]
    return {**_named(line.job), "values": shown, "objective": line.objective}


def _named(job: TrainingJob) -> JsonObject:
    return {"name": job.name, "url": training_job_url(job), "ordinal": job.ordinal, "status": job.status}
