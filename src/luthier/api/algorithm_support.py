"""
A TrainingSpecification as DescribeAlgorithm shows it, and as the record that training jobs are held against.

AWS: TrainingSpecification and ChannelSpecification, Amazon SageMaker API Reference.
"""

from collections import Counter
from collections.abc import Iterable

from luthier.api.algorithm_hyperparameters import parse_hyperparameter
from luthier.api.members import structures, text, texts
from luthier.records.algorithm_resource import SupportedChannel, TrainingSupport
from luthier.records.call import validation_error
from luthier.records.json_value import JsonObject
from luthier.records.tuning_job import Objective, ObjectiveType


def completed_support(given: JsonObject) -> JsonObject:
    """Fill in a TrainingSpecification: booleans left out are false, as SageMaker shows them."""
    filled = {
        "SupportedHyperParameters": {"IsTunable": False, "IsRequired": False},
        "TrainingChannels": {"IsRequired": False},
    }
    lists = {
        member: [{**defaults, **each} for each in structures(given, member)]
        for member, defaults in filled.items()
        if member in given
    }
    return {"SupportsDistributedTraining": False, **given, **lists}


def parse_support(given: JsonObject) -> TrainingSupport:
    """Read a TrainingSpecification; raises ApiError for one that no training job could keep to."""
    hyperparameters = [parse_hyperparameter(each) for each in structures(given, "SupportedHyperParameters")]
    _refuse_twice("SupportedHyperParameters", (each.name for each in hyperparameters))
    channels = [_channel(each) for each in structures(given, "TrainingChannels")]
    _refuse_twice("TrainingChannels", (each.name for each in channels))
    objectives = tuple(
        Objective(type=ObjectiveType(text(each, "Type")), metric=text(each, "MetricName"))
        for each in structures(given, "SupportedTuningJobObjectiveMetrics")
    )
    _refuse_twice("SupportedTuningJobObjectiveMetrics", (f"{each.type} {each.metric}" for each in objectives))
    instance_types = tuple(texts(given, "SupportedTrainingInstanceTypes"))
    if not instance_types:
        raise validation_error("SupportedTrainingInstanceTypes is empty; name at least one instance type.")
    return TrainingSupport(
        image=text(given, "TrainingImage"),
        hyperparameters={each.name: each for each in hyperparameters},
        instance_types=instance_types,
        is_distributable=bool(given.get("SupportsDistributedTraining", False)),
        channels={each.name: each for each in channels},
        objectives=objectives,
    )


def _channel(given: JsonObject) -> SupportedChannel:
    name = text(given, "Name")
    if name in (".", ".."):
        raise validation_error(f"TrainingChannels has a channel named {name!r}, which cannot be a folder's name.")
    return SupportedChannel(
        name=name,
        is_required=bool(given.get("IsRequired", False)),
        content_types=tuple(texts(given, "SupportedContentTypes")),
        compression_types=tuple(texts(given, "SupportedCompressionTypes")),
        input_modes=tuple(texts(given, "SupportedInputModes")),
    )


def _refuse_twice(member: str, names: Iterable[str]) -> None:
    for name, count in Counter(names).items():
        if count > 1:
            raise validation_error(f"{member} names {name!r} {count} times; name each once.")
