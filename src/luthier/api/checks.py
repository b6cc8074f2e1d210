"""What only SageMaker knows to be wrong with a tuning job: the rules that the service model cannot express."""

from luthier.api.definition_checks import check_definition, check_resources
from luthier.api.definitions import CONFIG, ONE, SEVERAL, GivenDefinition, definitions_of, told_of
from luthier.api.grid import GRID, check_grid_ranges
from luthier.api.hyperband import check_strategy_config
from luthier.api.members import structure, structures, text, text_map
from luthier.api.several_definitions import check_several
from luthier.records.call import Call, validation_error
from luthier.records.json_value import JsonObject
from luthier.records.names import OBJECTIVE_HYPERPARAMETER

HYPERPARAMETERS = 100  # static, tunable and added, together
RANGE_KINDS = ("IntegerParameterRanges", "ContinuousParameterRanges", "CategoricalParameterRanges")


def check_request(call: Call) -> None:
    """Refuse a CreateHyperParameterTuningJob request that is not a whole tuning job; the first rule broken is told."""
    config = structure(call.parameters, CONFIG)
    check_form(call.parameters)
    _check_limits(config)
    check_strategy_config(config)
    definitions = definitions_of(call.parameters)
    if SEVERAL in call.parameters:
        check_several(config, definitions)
    else:
        _check_config(config)
    for each in definitions:
        with told_of(each):
            _check_definition(each, call)


def check_form(request: JsonObject) -> None:
    """Refuse a request that has its definitions in no form, or in both."""
    given = [member for member in (ONE, SEVERAL) if member in request]
    if not given:
        raise validation_error(f"{ONE} or {SEVERAL} is required; say what a training job runs.")
    if len(given) > 1:
        raise validation_error(f"{ONE} and {SEVERAL} must not be given together; leave one of them out.")


def _check_limits(config: JsonObject) -> None:
    strategy = text(config, "Strategy")
    if strategy != GRID and "MaxNumberOfTrainingJobs" not in structure(config, "ResourceLimits"):
        raise validation_error(f"ResourceLimits.MaxNumberOfTrainingJobs is required for the strategy {strategy}.")


def _check_config(config: JsonObject) -> None:
    for member in ("HyperParameterTuningJobObjective", "ParameterRanges"):
        if member not in config:
            raise validation_error(f"{CONFIG}.{member} is required with {ONE}.")


def _check_definition(given: GivenDefinition, call: Call) -> None:
    _check_hyperparameters(given.ranges, text_map(given.members, "StaticHyperParameters"))
    if text(structure(call.parameters, CONFIG), "Strategy") == GRID:
        check_grid_ranges(given.ranges)
    check_definition(given.members, call)
    _check_which_resources(given.members)


def _check_hyperparameters(ranges: JsonObject, static: dict[str, str]) -> None:
    tunable = [text(each, "Name") for kind in RANGE_KINDS for each in structures(ranges, kind)]
    names = {*tunable, *static, OBJECTIVE_HYPERPARAMETER}
    if len(names) > HYPERPARAMETERS:
        raise validation_error(
            f"A training job would get {len(names)} hyperparameters: static, tunable and {OBJECTIVE_HYPERPARAMETER}; "
            f"at most {HYPERPARAMETERS} are possible."
        )


def _check_which_resources(definition: JsonObject) -> None:
    given = [name for name in ("ResourceConfig", "HyperParameterTuningResourceConfig") if name in definition]
    if len(given) != 1:
        raise validation_error(
            "TrainingJobDefinition needs either ResourceConfig or HyperParameterTuningResourceConfig, and not both."
        )
    check_resources(structure(definition, given[0]), given[0])
