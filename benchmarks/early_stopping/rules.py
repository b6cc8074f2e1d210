"""The rules that are compared."""

from benchmarks.early_stopping.replay import Stops

from luthier.strategies.early_stopping import Rule
from luthier.strategies.early_stopping.median_rule import documented
from luthier.strategies.early_stopping.prediction_rule import predicted


def _of(rule: Rule) -> Stops:
    return lambda trials: bool(rule(trials))


RULES: dict[str, Stops] = {"none": lambda _: False, "median": _of(documented), "predict": _of(predicted)}
