"""
Runs that MLflow keeps, wherever it keeps them, read as runs of a search.

| MLflow                                    | here                                                                    |
|-------------------------------------------|-------------------------------------------------------------------------|
| a run                                     | a run                                                                   |
| a run in which others are nested          | the search itself: left out                                             |
| a parameter                               | a hyperparameter                                                        |
| the metric's values, by step, then time   | reports; the last one is the objective                                  |
| a value that is no finite number          | no report; where it is the last one, the run has no objective           |

mlflow.entities: Run, RunInfo, Metric. mlflow.store.tracking: the latest value is that of the highest step, of these the
last in time, of these the largest.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from luthier.histories.history import HistoryError, Report, Run
from luthier.histories.readings import moment
from luthier.histories.table import DIVERGED, MLFLOW
from luthier.records.status import TrainingStatus

PARENT = "mlflow.parentRunId"  # the tag of a nested run
MOST_VALUES = 1_000_000  # of all runs together


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedValue:
    """A value of a metric."""

    value: float  # may be infinite, or no number
    at_ms: float  # since the epoch
    step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedRun:
    """A run, as MLflow tells of it."""

    identifier: str
    status: str  # FINISHED and so on
    began_ms: float | None  # since the epoch
    ended_ms: float | None
    parameters: Mapping[str, str]
    metrics: Collection[str]  # names of all that it has
    values: Sequence[LoggedValue]  # of the objective, in any order
    parent: str | None = None  # the run in which it is nested


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What of an experiment is the search."""

    objective: str
    parameters: Collection[str] = ()  # none: all
    under: str | None = None  # the run in which its runs are nested; None: any
    has_curves: bool = True  # otherwise the objective alone is taken


def read_runs(logged: Sequence[LoggedRun], choice: Choice) -> list[Run]:
    """Read the runs of a search that are over, oldest first; raises HistoryError where they are not of one search."""
    chosen = sorted(_nested(logged, choice), key=lambda each: each.began_ms or 0.0)
    if chosen and not any(choice.objective in each.metrics for each in chosen):
        names = sorted({name for each in chosen for name in each.metrics})
        raise HistoryError(f"no run has the metric {choice.objective!r}; there are {', '.join(map(repr, names))[:500]}")
    found = [run for each in chosen if (run := _run(each, choice)) is not None]
    if not found:
        raise HistoryError("there is no run that is over; a history needs one at least")
    if sum(len(run.reports) for run in found) > MOST_VALUES:
        raise HistoryError(f"the curves have more than {MOST_VALUES} values; give --no-curves")
    _check_alike(found)
    return found


def _nested(logged: Sequence[LoggedRun], choice: Choice) -> list[LoggedRun]:
    if choice.under is None:
        searches = {each.parent for each in logged}
        return [each for each in logged if each.identifier not in searches]
    found = [each for each in logged if each.parent == choice.under]
    if not found:
        raise HistoryError(f"--under: no run is nested in {choice.under!r}; give the identifier of a run that has some")
    return found


def _run(logged: LoggedRun, choice: Choice) -> Run | None:
    place = f"run {logged.identifier[:80]}"
    if logged.status not in MLFLOW:
        raise HistoryError(f"{place}: its status is {logged.status[:80]!r}, and none of {', '.join(MLFLOW)}")
    status = MLFLOW[logged.status]
    if status is None:
        return None
    values = sorted(logged.values, key=_order)
    objective = values[-1].value if values and math.isfinite(values[-1].value) else None
    if objective is None:
        status = TrainingStatus.FAILED
    has_failed = status is TrainingStatus.FAILED
    return Run(
        place=place,
        hyperparameters=_hyperparameters(place, logged, choice),
        status=status,
        objective=None if has_failed else objective,
        began_at=_seconds(logged.began_ms, place, "its start"),
        ended_at=_seconds(logged.ended_ms, place, "its end"),
        failure=DIVERGED if has_failed else None,
        reports=_reports(values, place) if choice.has_curves else (),
    )


def _order(each: LoggedValue) -> tuple[int, float, float]:
    return each.step, each.at_ms, each.value if math.isfinite(each.value) else math.inf


def _reports(values: Sequence[LoggedValue], place: str) -> list[Report]:
    finite = [each for each in values if math.isfinite(each.value)]
    return [Report(value=each.value, at=_seconds(each.at_ms, place, "a metric's time")) for each in finite]


def _seconds(at_ms: float | None, place: str, name: str) -> float | None:
    return None if at_ms is None else moment(at_ms / 1000.0, place, name)


def _hyperparameters(place: str, logged: LoggedRun, choice: Choice) -> Mapping[str, str]:
    if not choice.parameters:
        return logged.parameters
    missing = [name for name in choice.parameters if name not in logged.parameters]
    if missing:
        raise HistoryError(f"{place}: it has no parameter {missing[0]!r}; correct --parameter, or give --under")
    return {name: logged.parameters[name] for name in choice.parameters}


def _check_alike(runs: Sequence[Run]) -> None:
    first = runs[0]
    for run in runs:
        different = sorted(set(run.hyperparameters) ^ set(first.hyperparameters))
        if different:
            raise HistoryError(
                f"{run.place}: it and {first.place} do not both have the parameter {different[0][:80]!r}; a search "
                "here has no conditional hyperparameters: choose with --parameter, or --under"
            )
