"""
What is wrong with a tuning job of several training job definitions, by rules that the service model cannot express.

AWS: "Tune Multiple Algorithms with Hyperparameter Optimization to Find the Best Model", Amazon SageMaker Developer
Guide; HyperParameterTrainingJobDefinition, Amazon SageMaker API Reference.
"""

from collections import Counter
from collections.abc import Sequence

from luthier.api.definitions import CONFIG, ONE, SEVERAL, GivenDefinition, told_of
from luthier.api.members import text, text_map
from luthier.records.call import validation_error
from luthier.records.json_value import JsonObject

ENVIRONMENT = 48  # entries of all definitions of a tuning job together

_NEEDED = ("DefinitionName", "TuningObjective", "HyperParameterRanges")
_MOVED = {"HyperParameterTuningJobObjective": "TuningObjective", "ParameterRanges": "HyperParameterRanges"}


def check_several(config: JsonObject, definitions: Sequence[GivenDefinition]) -> None:
    """Refuse definitions that are no whole tuning job together; the first rule broken is told."""
    for member, own in _MOVED.items():
        if member in config:
            raise validation_error(
                f"{CONFIG}.{member} must not be given with {SEVERAL}; give every definition a {own} of its own."
            )
    if text(config, "TrainingJobEarlyStoppingType") == "Auto":
        raise validation_error(
            f"{CONFIG}.TrainingJobEarlyStoppingType Auto is not supported with {SEVERAL}; write Off, or tune one "
            f"algorithm alone with {ONE}."
        )
    for each in definitions:
        with told_of(each):
            _check_members(each)
    _check_names(definitions)
    _check_objectives(definitions)
    _check_environment(definitions)


def _check_members(given: GivenDefinition) -> None:
    for member in _NEEDED:
        if not given.members.get(member):
            raise validation_error(
                f"{member} is required in every definition of {SEVERAL}; to tune one algorithm alone, use {ONE}."
            )


def _check_names(definitions: Sequence[GivenDefinition]) -> None:
    for name, count in Counter(each.name for each in definitions).items():
        if count > 1:
            raise validation_error(
                f"{SEVERAL} has {count} definitions with the DefinitionName {name!r}; give each its own name."
            )


def _check_objectives(definitions: Sequence[GivenDefinition]) -> None:
    """One training job is the best of all, so "better" has to mean the same in all of them."""
    types = {text(each.objective, "Type") for each in definitions}
    if len(types) > 1:
        raise validation_error(
            f"The TuningObjective.Type of the definitions in {SEVERAL} must be the same in all of them, not "
            f"{' in one and '.join(sorted(types))} in another: no training job would be the best of all."
        )


def _check_environment(definitions: Sequence[GivenDefinition]) -> None:
    count = sum(len(text_map(each.members, "Environment")) for each in definitions)
    if count > ENVIRONMENT:
        raise validation_error(
            f"Environment has {count} entries in all definitions of {SEVERAL} together; at most {ENVIRONMENT} are "
            "possible."
        )
