"""
Hyperband: how often a training job reports its objective at least and at most, as asked for or worked out.

| resource    | is                                                                                           |
|-------------|----------------------------------------------------------------------------------------------|
| MaxResource | what is given, or else what the first of EPOCHS says that is among the StaticHyperParameters |
| MinResource | what is given, or else 3, or a 27th of MaxResource where that is more                        |

AWS: HyperbandStrategyConfig, TrainingJobEarlyStoppingType of HyperParameterTuningJobConfig, API Reference, which does
not say what MinResource is where it is left out.
"""

import re

from luthier.api.definitions import CONFIG, GivenDefinition
from luthier.api.members import structure, text, text_map, whole
from luthier.records.call import validation_error
from luthier.records.json_value import JsonObject
from luthier.records.tuning_job import Resource

HYPERBAND = "Hyperband"
EPOCHS = ("epochs", "numepochs", "n-epochs", "n_epochs", "num_epochs")
"""Names of a static hyperparameter that tells MaxResource, in the order in which they are looked for."""

MOST = 20_000

_FEWEST = 3  # reports from which the rest of a curve can be foretold at all
_HALVINGS = 27  # three rungs, each three times as far as the one before, fit below MaxResource
_COUNT = re.compile("0{0,9}[1-9][0-9]{0,8}")
_OWN = "HyperbandStrategyConfig"


def check_strategy_config(config: JsonObject) -> None:
    """Refuse what does not go with Hyperband, and its configuration with any other strategy."""
    if text(config, "Strategy") != HYPERBAND:
        if _OWN in structure(config, "StrategyConfig"):
            raise validation_error(
                f"{CONFIG}.StrategyConfig.{_OWN} is for the strategy Hyperband, not {text(config, 'Strategy')}; leave "
                "it out, or choose Hyperband."
            )
        return
    if text(config, "TrainingJobEarlyStoppingType") == "Auto":
        raise validation_error(
            f"{CONFIG}.TrainingJobEarlyStoppingType must be Off with the strategy Hyperband, which stops training jobs "
            "by a rule of its own."
        )


def resource_of(config: JsonObject, given: GivenDefinition) -> Resource | None:
    """
    Work out the resource of a definition's training jobs; None for any strategy but Hyperband.

    Raises ApiError where there is no maximum, or none that is possible.
    """
    if text(config, "Strategy") != HYPERBAND:
        return None
    own = structure(structure(config, "StrategyConfig"), _OWN)
    maximum = whole(own, "MaxResource") or _inferred(given)  # never 0
    if maximum > MOST:
        raise validation_error(f"{_OWN}.MaxResource is {maximum}; at most {MOST} are possible.")
    minimum = whole(own, "MinResource") or usual_minimum(maximum)
    if minimum > maximum:
        raise validation_error(
            f"{_OWN}.MinResource is {minimum} and must not be more than MaxResource, which is {maximum}"
            f"{'' if 'MaxResource' in own else f', as the static hyperparameter {_teller(given)!r} says'}."
        )
    return Resource(minimum=minimum, maximum=maximum)


def usual_minimum(maximum: int) -> int:
    """Choose MinResource where it is not given."""
    return min(maximum, max(_FEWEST, -(-maximum // _HALVINGS)))


def _inferred(given: GivenDefinition) -> int:
    name = _teller(given)
    if name is None:
        raise validation_error(
            "MaxResource parameter is not provided and could not be inferred from provided static hyperparameters of "
            "TrainingJobDefinition."
        )
    told = text_map(given.members, "StaticHyperParameters")[name]
    if not _COUNT.fullmatch(told):
        raise validation_error(
            f"MaxResource parameter is not provided and could not be inferred from the static hyperparameter {name!r}, "
            f"which is {told!r}; write a whole number from 1 to {MOST} there, or give MaxResource."
        )
    return int(told)


def _teller(given: GivenDefinition) -> str | None:
    """Name the static hyperparameter that tells how many epochs there are."""
    static = text_map(given.members, "StaticHyperParameters")
    return next((name for name in EPOCHS if name in static), None)
