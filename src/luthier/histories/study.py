"""
A study of Optuna, read from its own objects, which know the ranges that were searched.

optuna.trial.FrozenTrial; optuna.distributions.
"""

import math
from collections.abc import Mapping
from typing import Any

from luthier.histories.asked import Ranges
from luthier.histories.history import HistoryError, Report, Run
from luthier.histories.table import DIVERGED, OPTUNA
from luthier.records.json_value import JsonObject
from luthier.records.status import TrainingStatus

_KINDS = {
    "IntDistribution": "IntegerParameterRanges",
    "FloatDistribution": "ContinuousParameterRanges",
    "CategoricalDistribution": "CategoricalParameterRanges",
}


def runs_of_study(
    study: Any,  # Any: Optuna is not there where nobody imports from it
    *,
    has_curves: bool = True,
) -> list[Run]:
    """Give the trials that are over; raises HistoryError for a study of several objectives, and a missing value."""
    if len(study.directions) != 1:
        raise HistoryError(f"the study has {len(study.directions)} objectives; a tuning job has one")
    runs = [_run(trial, has_curves=has_curves) for trial in study.trials if OPTUNA.words.get(trial.state.name)]
    if not runs:
        raise HistoryError("there is no trial that is over; a history needs one at least")
    names = set(runs[0].hyperparameters)
    for run in runs:
        if set(run.hyperparameters) != names:
            raise HistoryError(
                f"{run.place}: its parameters are not those of {runs[0].place}; a search here has no conditional "
                "hyperparameters"
            )
    return runs


def kind_of_study(study: Any) -> str:
    """Say which way is better, in SageMaker's word."""
    return "Maximize" if study.directions[0].name == "MAXIMIZE" else "Minimize"


def ranges_of_study(study: Any) -> Ranges:
    """Give the ranges in a request's shape; those with one value alone are left out."""
    found: dict[str, list[JsonObject]] = {}
    for name, each in _distributions(study).items():
        kind = _KINDS.get(type(each).__name__)
        if kind is None:
            raise HistoryError(f"{name!r} has a {type(each).__name__}, which is no range of a tuning job")
        if not each.single():
            found.setdefault(kind, []).append(_range(name, each))
    return found


def _distributions(study: Any) -> Mapping[str, Any]:
    """Give each parameter's distribution, the last that it had."""
    return {name: each for trial in study.trials for name, each in trial.distributions.items()}


def _range(name: str, each: Any) -> JsonObject:
    if type(each).__name__ == "CategoricalDistribution":
        return {"Name": name, "Values": [str(choice) for choice in each.choices]}
    scaling = "Logarithmic" if each.log else "Linear"
    return {"Name": name, "MinValue": repr(each.low), "MaxValue": repr(each.high), "ScalingType": scaling}


def _run(trial: Any, *, has_curves: bool) -> Run:
    status = OPTUNA.words[trial.state.name]
    value = trial.value
    has_value = value is not None and math.isfinite(value)
    if status is None or not has_value:
        status = TrainingStatus.FAILED
    reports = _reports(trial) if has_curves else []
    return Run(
        place=f"trial {trial.number}",
        hyperparameters={name: str(each) for name, each in trial.params.items()},
        status=status,
        objective=None if status is TrainingStatus.FAILED else float(value),
        began_at=trial.datetime_start.timestamp() if trial.datetime_start else None,
        ended_at=trial.datetime_complete.timestamp() if trial.datetime_complete else None,
        failure=DIVERGED if status is TrainingStatus.FAILED else None,
        reports=reports,
        is_early=status is TrainingStatus.STOPPED and bool(reports),
    )


def _reports(trial: Any) -> list[Report]:
    """Give the intermediate values by their steps; when they were, Optuna does not keep."""
    by_step = sorted(trial.intermediate_values.items())
    return [Report(value=float(value)) for _, value in by_step if math.isfinite(value)]
