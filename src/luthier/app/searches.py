"""Which strategies and stopping rules there are, by the names that requests and settings give them."""

from collections.abc import Mapping

from luthier.strategies import Strategy
from luthier.strategies.bayesian import Bayesian
from luthier.strategies.early_stopping import Rule
from luthier.strategies.early_stopping.median_rule import documented
from luthier.strategies.early_stopping.prediction_rule import predicted
from luthier.strategies.grid import Grid
from luthier.strategies.random import Random

STOPPING_RULES: Mapping[str, Rule] = {"predict": predicted, "median": documented}
STRATEGIES: Mapping[str, Strategy] = {
    "Bayesian": Bayesian(),
    "Grid": Grid(),
    "Hyperband": Bayesian(),  # it differs in which training jobs go on: see `luthier.strategies.hyperband`
    "Random": Random(),
}
