"""A training job's definition as Describe shows it, and as the record that the rest of the house works with."""

from collections.abc import Sequence

from luthier.api.checkpoint_config import MEMBER, completed_checkpoints, parse_checkpoints
from luthier.api.entrypoint import parse_arguments, parse_command
from luthier.api.members import structure, structures, text, text_map, texts, whole
from luthier.api.run_as import RunAs
from luthier.api.s3_uris import parse_s3_uri
from luthier.api.vpc import networks_of
from luthier.records.algorithm import MetricDefinition
from luthier.records.channel import Channel, Compression, DataType, Distribution, InputMode, RecordWrapper
from luthier.records.json_value import JsonObject
from luthier.records.training_job import TrainingDefinition

MAX_RUNTIME_S = 24 * 60 * 60
VOLUME_GB = 30  # as the SageMaker Python SDK has it; the API names no default


def completed_definition(given: JsonObject, metrics: Sequence[MetricDefinition]) -> JsonObject:
    """
    Fill in the defaults of a TrainingJobDefinition, or of the same members of CreateTrainingJob.

    *metrics* are the metric definitions in use. Hyperparameters and resources are the caller's to fill in.
    """
    return {
        "EnableNetworkIsolation": False,
        "EnableInterContainerTrafficEncryption": False,
        "EnableManagedSpotTraining": False,
        **given,
        "AlgorithmSpecification": {
            **structure(given, "AlgorithmSpecification"),
            "MetricDefinitions": [{"Name": each.name, "Regex": each.regex} for each in metrics],
        },
        "InputDataConfig": [_completed_channel(each) for each in structures(given, "InputDataConfig")],
        "OutputDataConfig": _completed_output(structure(given, "OutputDataConfig")),
        "StoppingCondition": {"MaxRuntimeInSeconds": MAX_RUNTIME_S, **structure(given, "StoppingCondition")},
        **({MEMBER: completed_checkpoints(structure(given, MEMBER))} if MEMBER in given else {}),
    }


def completed_resources(*given: JsonObject) -> JsonObject:
    """Fill in the defaults of a ResourceConfig; what is given later wins."""
    merged: dict[str, object] = {"InstanceCount": 1, "VolumeSizeInGB": VOLUME_GB}
    for each in given:
        merged.update(each)
    return merged  # type: ignore[return-value]  # JSON in, JSON out


def parse_definition(given: JsonObject, run_as: RunAs) -> TrainingDefinition:
    """
    Read what the two functions above have filled in; *run_as* is what runs.

    Raises ApiError for a wrong S3 URI, a folder that checkpoints cannot have, a command that cannot be run, and a
    VpcConfig that stands for nothing.
    """
    algorithm = structure(given, "AlgorithmSpecification")
    resources = structure(given, "ResourceConfig")
    stopping = structure(given, "StoppingCondition")
    metrics = structures(algorithm, "MetricDefinitions")
    return TrainingDefinition(
        image=run_as.image,
        metrics=tuple(MetricDefinition(name=text(each, "Name"), regex=text(each, "Regex")) for each in metrics),
        role=text(given, "RoleArn"),
        channels=tuple(
            _parsed_channel(each, text(algorithm, "TrainingInputMode")) for each in structures(given, "InputDataConfig")
        ),
        output_path=parse_s3_uri(text(structure(given, "OutputDataConfig"), "S3OutputPath"), "S3OutputPath"),
        is_compressed=text(structure(given, "OutputDataConfig"), "CompressionType") != "NONE",
        instance_type=text(resources, "InstanceType"),
        instance_count=whole(resources, "InstanceCount"),
        volume_key=text(resources, "VolumeKmsKeyId") or None,
        volume_gb=whole(resources, "VolumeSizeInGB"),
        max_runtime_s=whole(stopping, "MaxRuntimeInSeconds"),
        max_pending_s=whole(stopping, "MaxPendingTimeInSeconds") if "MaxPendingTimeInSeconds" in stopping else None,
        environment=text_map(given, "Environment"),
        is_isolated=bool(given.get("EnableNetworkIsolation", False)),
        networks=networks_of(given, run_as),
        max_retries=whole(structure(given, "RetryStrategy"), "MaximumRetryAttempts", 0),
        kms_key=text(structure(given, "OutputDataConfig"), "KmsKeyId") or None,
        command=parse_command(algorithm),
        arguments=parse_arguments(algorithm, run_as),
        checkpoints=parse_checkpoints(structure(given, MEMBER)) if MEMBER in given else None,
    )


def _parsed_channel(given: JsonObject, input_mode: str) -> Channel:
    name = text(given, "ChannelName")
    objects = structure(structure(given, "DataSource"), "S3DataSource")
    return Channel(
        name=name,
        uri=parse_s3_uri(text(objects, "S3Uri"), f"the S3Uri of channel {name!r}"),
        data_type=DataType(text(objects, "S3DataType")),
        distribution=Distribution(text(objects, "S3DataDistributionType")),
        input_mode=InputMode(text(given, "InputMode", input_mode)),
        content_type=text(given, "ContentType") or None,
        compression=Compression(text(given, "CompressionType")),
        record_wrapper=RecordWrapper(text(given, "RecordWrapperType")),
        attributes=tuple(texts(objects, "AttributeNames")),
        shuffle_seed=whole(structure(given, "ShuffleConfig"), "Seed") if "ShuffleConfig" in given else None,
    )


def _completed_channel(given: JsonObject) -> JsonObject:
    source = structure(given, "DataSource")
    objects = {"S3DataDistributionType": "FullyReplicated", **structure(source, "S3DataSource")}
    return {
        "CompressionType": "None",
        "RecordWrapperType": "None",
        **given,
        "DataSource": {**source, "S3DataSource": objects},
    }


def _completed_output(given: JsonObject) -> JsonObject:
    return {"CompressionType": "GZIP", **{name: value for name, value in given.items() if value != ""}}
