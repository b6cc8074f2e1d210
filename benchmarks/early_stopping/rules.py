"""
The rules that are compared, made for curves of a number of reports.

| rule      | what                                                                      |
|-----------|---------------------------------------------------------------------------|
| none      | nothing is stopped                                                        |
| median    | SageMaker's documented rule of early stopping                             |
| predict   | the rule of early stopping that looks ahead                               |
| halving   | plain asynchronous successive halving, by the value at the rung; eta 3    |
| hyperband | Hyperband's rule, with the MinResource that is chosen where none is given |
"""

from collections.abc import Callable, Mapping, Sequence

from benchmarks.early_stopping.replay import Stops

from luthier.api.hyperband import usual_minimum
from luthier.records.trial import Trial
from luthier.records.tuning_job import Resource
from luthier.strategies.early_stopping import Rule
from luthier.strategies.early_stopping.median_rule import documented
from luthier.strategies.early_stopping.prediction_rule import predicted
from luthier.strategies.early_stopping.verdict import Verdict
from luthier.strategies.hyperband.halving import halved
from luthier.strategies.hyperband.rungs import ETA, rungs_of


def _of(rule: Rule) -> Callable[[int], Stops]:
    return lambda _: lambda trials: _stops_last(rule(trials), trials)


def _stops_last(verdicts: Sequence[Verdict], trials: Sequence[Trial]) -> bool:
    return any(verdict.place == len(trials) - 1 for verdict in verdicts)


def _halving(reports: int) -> Stops:
    rungs = rungs_of(_resource(reports))

    def stops(trials: Sequence[Trial]) -> bool:
        rung = len(trials[-1].curve)
        values = sorted(trial.curve[rung - 1] for trial in trials if len(trial.curve) >= rung)
        return rung in rungs and trials[-1].curve[-1] > values[max(1, len(values) // ETA) - 1]

    return stops


def _hyperband(reports: int) -> Stops:
    return lambda trials: _stops_last(halved(trials, _resource(reports)), trials)


def _resource(reports: int) -> Resource:
    return Resource(minimum=usual_minimum(reports), maximum=reports)


RULES: Mapping[str, Callable[[int], Stops]] = {
    "none": lambda _: lambda _: False,
    "median": _of(documented),
    "predict": _of(predicted),
    "halving": _halving,
    "hyperband": _hyperband,
}
