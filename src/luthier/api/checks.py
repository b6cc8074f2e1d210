"""What only SageMaker knows to be wrong with a tuning job: the rules that the service model cannot express."""

from luthier.api.defaults import OBJECTIVE_HYPERPARAMETER
from luthier.api.definition_checks import check_definition, check_resources
from luthier.api.members import structure, structures, text, text_map
from luthier.records.call import Call, validation_error
from luthier.records.json_value import JsonObject

HYPERPARAMETERS = 100  # static, tunable and added, together
RANGE_KINDS = ("IntegerParameterRanges", "ContinuousParameterRanges", "CategoricalParameterRanges")


def check_request(call: Call) -> None:
    """Refuse a CreateHyperParameterTuningJob request that is not a whole tuning job; the first rule broken is told."""
    config = structure(call.parameters, "HyperParameterTuningJobConfig")
    _check_config(config)
    if "TrainingJobDefinition" not in call.parameters:
        raise validation_error("TrainingJobDefinition is required; say what a training job runs.")
    definition = structure(call.parameters, "TrainingJobDefinition")
    _check_hyperparameters(structure(config, "ParameterRanges"), text_map(definition, "StaticHyperParameters"))
    check_definition(definition, call)
    _check_which_resources(definition)


def _check_config(config: JsonObject) -> None:
    for member in ("HyperParameterTuningJobObjective", "ParameterRanges"):
        if member not in config:
            raise validation_error(f"HyperParameterTuningJobConfig.{member} is required with TrainingJobDefinition.")
    strategy = text(config, "Strategy")
    if "MaxNumberOfTrainingJobs" not in structure(config, "ResourceLimits"):
        raise validation_error(f"ResourceLimits.MaxNumberOfTrainingJobs is required for the strategy {strategy}.")


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
