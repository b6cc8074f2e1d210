"""What is wrong with a training job's definition, by rules that the service model cannot express."""

from collections import Counter

from luthier.api.channel_checks import check_channel
from luthier.api.members import structure, structures, text, text_map, whole
from luthier.records.call import Call, validation_error
from luthier.records.json_value import JsonObject

MAX_RUNTIME_S = 28 * 24 * 60 * 60

# What the host itself tells the algorithm by these names is true, and stays so; by the last two it could be told else.
RESERVED_ENVIRONMENT = frozenset(
    {
        "TRAINING_JOB_NAME",
        "TRAINING_JOB_ARN",
        "CURRENT_HOST",
        "AWS_REGION",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    }
)


def check_definition(definition: JsonObject, call: Call) -> None:
    """
    Refuse a TrainingJobDefinition, or the same members of CreateTrainingJob, that cannot be run.

    The first rule broken is told. Which resources are given is `check_resources`'s business.
    """
    _check_role(text(definition, "RoleArn"), call)
    channels = structures(definition, "InputDataConfig")
    _check_channels(channels)
    for each in channels:
        check_channel(each, text(structure(definition, "AlgorithmSpecification"), "TrainingInputMode"))
    _check_environment(text_map(definition, "Environment"))
    if whole(structure(definition, "StoppingCondition"), "MaxRuntimeInSeconds") > MAX_RUNTIME_S:
        raise validation_error(f"StoppingCondition.MaxRuntimeInSeconds is above 28 days, {MAX_RUNTIME_S} seconds.")


def check_resources(resources: JsonObject, member: str) -> None:
    """Refuse resources, given as *member*, that no training job can have."""
    if not text(resources, "InstanceType"):
        raise validation_error(f"{member}.InstanceType is required.")
    if whole(resources, "InstanceCount", 1) < 1:
        raise validation_error(f"{member}.InstanceCount must be 1 or more.")
    if whole(resources, "VolumeSizeInGB", 1) < 1:
        raise validation_error(f"{member}.VolumeSizeInGB must be 1 or more.")


def _check_role(role: str, call: Call) -> None:
    account = role.split(":")[4]
    if account != call.scope.account:
        raise validation_error(
            f"RoleArn: {role} belongs to the account {account}, and you are {call.scope.account}; use a role of your "
            f"own account, such as arn:aws:iam::{call.scope.account}:role/luthier-execution."
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


def _check_environment(environment: dict[str, str]) -> None:
    for name in environment:
        if name in RESERVED_ENVIRONMENT:
            raise validation_error(f"Environment: {name} is reserved; use another name.")
