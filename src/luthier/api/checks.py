"""What only SageMaker knows to be wrong with a tuning job: the rules that the service model cannot express."""

from collections import Counter

from luthier.api.defaults import OBJECTIVE_HYPERPARAMETER
from luthier.api.members import structure, structures, text, text_map, whole
from luthier.records.call import Call, validation_error
from luthier.records.json_value import JsonObject

HYPERPARAMETERS = 100  # static, tunable and added, together
MAX_RUNTIME_S = 28 * 24 * 60 * 60
RANGE_KINDS = ("IntegerParameterRanges", "ContinuousParameterRanges", "CategoricalParameterRanges")

# What the host itself tells the algorithm by these names is true, and stays so.
RESERVED_ENVIRONMENT = frozenset({"TRAINING_JOB_NAME", "TRAINING_JOB_ARN", "AWS_REGION", "CURRENT_HOST"})


def check_request(call: Call) -> None:
    """Refuse a CreateHyperParameterTuningJob request that is not a whole tuning job; the first rule broken is told."""
    config = structure(call.parameters, "HyperParameterTuningJobConfig")
    _check_config(config)
    if "TrainingJobDefinition" not in call.parameters:
        raise validation_error("TrainingJobDefinition is required; say what a training job runs.")
    definition = structure(call.parameters, "TrainingJobDefinition")
    _check_role(text(definition, "RoleArn"), call)
    _check_hyperparameters(structure(config, "ParameterRanges"), text_map(definition, "StaticHyperParameters"))
    _check_channels(structures(definition, "InputDataConfig"))
    _check_resources(definition)
    _check_environment(text_map(definition, "Environment"))
    if whole(structure(definition, "StoppingCondition"), "MaxRuntimeInSeconds") > MAX_RUNTIME_S:
        raise validation_error(f"StoppingCondition.MaxRuntimeInSeconds is above 28 days, {MAX_RUNTIME_S} seconds.")


def _check_config(config: JsonObject) -> None:
    for member in ("HyperParameterTuningJobObjective", "ParameterRanges"):
        if member not in config:
            raise validation_error(f"HyperParameterTuningJobConfig.{member} is required with TrainingJobDefinition.")
    strategy = text(config, "Strategy")
    if "MaxNumberOfTrainingJobs" not in structure(config, "ResourceLimits"):
        raise validation_error(f"ResourceLimits.MaxNumberOfTrainingJobs is required for the strategy {strategy}.")


def _check_role(role: str, call: Call) -> None:
    account = role.split(":")[4]
    if account != call.scope.account:
        raise validation_error(
            f"RoleArn: {role} belongs to the account {account}, and you are {call.scope.account}; use a role of your "
            f"own account, such as arn:aws:iam::{call.scope.account}:role/luthier-execution."
        )


def _check_hyperparameters(ranges: JsonObject, static: dict[str, str]) -> None:
    tunable = [text(each, "Name") for kind in RANGE_KINDS for each in structures(ranges, kind)]
    names = {*tunable, *static, OBJECTIVE_HYPERPARAMETER}
    if len(names) > HYPERPARAMETERS:
        raise validation_error(
            f"A training job would get {len(names)} hyperparameters: static, tunable and {OBJECTIVE_HYPERPARAMETER}; "
            f"at most {HYPERPARAMETERS} are possible."
        )


def _check_channels(channels: list[JsonObject]) -> None:
    names = [text(each, "ChannelName") for each in channels]
    for name, count in Counter(names).items():
        if count > 1:
            raise validation_error(f"InputDataConfig has {count} channels named {name!r}; give each its own name.")
        if name in (".", ".."):
            raise validation_error(f"InputDataConfig has a channel named {name!r}, which cannot be a folder's name.")
    for each in channels:
        if "S3DataSource" not in structure(each, "DataSource"):
            raise validation_error(f"Channel {text(each, 'ChannelName')!r} has no source; give it an S3DataSource.")


def _check_resources(definition: JsonObject) -> None:
    given = [name for name in ("ResourceConfig", "HyperParameterTuningResourceConfig") if name in definition]
    if len(given) != 1:
        raise validation_error(
            "TrainingJobDefinition needs either ResourceConfig or HyperParameterTuningResourceConfig, and not both."
        )
    resources = structure(definition, given[0])
    if not text(resources, "InstanceType"):
        raise validation_error(f"{given[0]}.InstanceType is required.")
    if whole(resources, "VolumeSizeInGB", 1) < 1:
        raise validation_error(f"{given[0]}.VolumeSizeInGB must be 1 or more.")


def _check_environment(environment: dict[str, str]) -> None:
    for name in environment:
        if name in RESERVED_ENVIRONMENT:
            raise validation_error(f"Environment: {name} is reserved; use another name.")
