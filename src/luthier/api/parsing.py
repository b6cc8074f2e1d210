"""A tuning job's request, defaults filled in, to the records that the rest of the house works with."""

import re

from luthier.api.members import structure, structures, text, text_map, whole
from luthier.api.ranges import parse_space
from luthier.records.algorithm import MetricDefinition
from luthier.records.call import validation_error
from luthier.records.channel import Channel, DataType, Distribution, InputMode
from luthier.records.json_value import JsonObject
from luthier.records.training_job import TrainingDefinition
from luthier.records.tuning_job import Objective, ObjectiveType, TuningSpecification

_S3_URI = re.compile(r"s3://[A-Za-z0-9][A-Za-z0-9._-]{1,254}(/.*)?", re.DOTALL)


def parse_specification(request: JsonObject, seed: int) -> TuningSpecification:
    """
    Read a request that `defaults.completed` has filled in.

    *seed* is used where the request has no RandomSeed. Raises ApiError for what can never be searched or run.
    """
    config = structure(request, "HyperParameterTuningJobConfig")
    objective = structure(config, "HyperParameterTuningJobObjective")
    limits = structure(config, "ResourceLimits")
    definition = structure(request, "TrainingJobDefinition")
    space = parse_space(structure(config, "ParameterRanges"))
    static = text_map(definition, "StaticHyperParameters")
    for each in space.ranges:
        if each.name in static:
            raise validation_error(
                f"The hyperparameter {each.name!r} is both in ParameterRanges and in StaticHyperParameters; "
                "leave it out of one of them."
            )
    return TuningSpecification(
        strategy=text(config, "Strategy"),
        objective=Objective(type=ObjectiveType(text(objective, "Type")), metric=text(objective, "MetricName")),
        space=space,
        static_hyperparameters=static,
        definition=_definition(definition),
        max_jobs=whole(limits, "MaxNumberOfTrainingJobs"),
        max_parallel=whole(limits, "MaxParallelTrainingJobs"),
        seed=whole(config, "RandomSeed", seed),
    )


def _definition(given: JsonObject) -> TrainingDefinition:
    algorithm = structure(given, "AlgorithmSpecification")
    resources = structure(given, "ResourceConfig")
    metrics = structures(algorithm, "MetricDefinitions")
    return TrainingDefinition(
        image=text(algorithm, "TrainingImage"),
        metrics=tuple(MetricDefinition(name=text(each, "Name"), regex=text(each, "Regex")) for each in metrics),
        role=text(given, "RoleArn"),
        channels=tuple(_channel(each) for each in structures(given, "InputDataConfig")),
        output_path=_s3_uri(text(structure(given, "OutputDataConfig"), "S3OutputPath"), "S3OutputPath"),
        instance_type=text(resources, "InstanceType"),
        instance_count=whole(resources, "InstanceCount"),
        volume_gb=whole(resources, "VolumeSizeInGB"),
        max_runtime_s=whole(structure(given, "StoppingCondition"), "MaxRuntimeInSeconds"),
        environment=text_map(given, "Environment"),
    )


def _channel(given: JsonObject) -> Channel:
    name = text(given, "ChannelName")
    objects = structure(structure(given, "DataSource"), "S3DataSource")
    return Channel(
        name=name,
        uri=_s3_uri(text(objects, "S3Uri"), f"the S3Uri of channel {name!r}"),
        data_type=DataType(text(objects, "S3DataType")),
        distribution=Distribution(text(objects, "S3DataDistributionType")),
        input_mode=InputMode(text(given, "InputMode", InputMode.FILE)),
        content_type=text(given, "ContentType") or None,
    )


def _s3_uri(uri: str, member: str) -> str:
    if not _S3_URI.fullmatch(uri):
        raise validation_error(f"{member} is {uri!r}; write it as s3://bucket/prefix.")
    return uri
