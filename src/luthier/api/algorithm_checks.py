"""
Whether a training job keeps to what its algorithm resource supports.

What the algorithm's author declared is held against what the caller asks for: hyperparameters fixed and tuned, the
objective, instances, and channels. AWS: TrainingSpecification, HyperParameterSpecification and ChannelSpecification,
Amazon SageMaker API Reference.
"""

from collections.abc import Collection, Mapping, Sequence

from luthier.api.algorithm_hyperparameters import takes, values_of
from luthier.api.members import text
from luthier.records.algorithm_resource import (
    HyperparameterType,
    SupportedChannel,
    SupportedHyperparameter,
    TrainingSupport,
)
from luthier.records.call import ApiError, validation_error
from luthier.records.json_value import JsonObject
from luthier.records.names import OBJECTIVE_HYPERPARAMETER
from luthier.records.search_space import CategoricalRange, ContinuousRange, IntegerRange, ParameterRange, SearchSpace
from luthier.records.tuning_job import Objective

HYPERPARAMETERS = 100  # of a training job, the objective's name included


def check_against(
    support: TrainingSupport,
    *,
    static: Mapping[str, str],
    space: SearchSpace | None,
    instance_types: Collection[str],
    instance_count: int,
    channels: Sequence[JsonObject],
    input_mode: str,
    objective: Objective | None,
) -> dict[str, str]:
    """
    Give the static hyperparameters with the algorithm's defaults for those left out; raises ApiError for what the
    algorithm does not support.

    *space* and *objective* are a tuning job's, None for a training job by itself; *instance_count* is the largest that
    is asked for. *channels* are in the wire's shape, and *input_mode* is that of channels that name none.
    """
    ranges = space.ranges if space is not None else ()
    if objective is not None:
        _check_objective(support, objective)
    for name, value in static.items():
        _check_value(support, name, value)
    for each in ranges:
        _check_range(_known(support, each.name), each)
    _check_instances(support, instance_types, instance_count)
    _check_channels(support, channels, input_mode)
    return _completed(support, static, {each.name for each in ranges})


def _completed(support: TrainingSupport, static: Mapping[str, str], tuned: Collection[str]) -> dict[str, str]:
    missing = [each for each in support.hyperparameters.values() if each.name not in static and each.name not in tuned]
    for each in missing:
        if each.is_required and each.default is None:
            raise validation_error(
                f"The hyperparameter {each.name!r} is required by the algorithm and not given; give it as a static "
                f"hyperparameter, {values_of(each)}{', or tune it' if each.is_tunable else ''}."
            )
    filled = {**{each.name: each.default for each in missing if each.default is not None}, **static}
    count = len({*filled, *tuned, *([OBJECTIVE_HYPERPARAMETER] if tuned else [])})
    if count > HYPERPARAMETERS:
        raise validation_error(
            f"A training job would get {count} hyperparameters, with the algorithm's defaults and "
            f"{OBJECTIVE_HYPERPARAMETER}; at most {HYPERPARAMETERS} are possible."
        )
    return filled


def _known(support: TrainingSupport, name: str) -> SupportedHyperparameter:
    known = support.hyperparameters.get(name)
    if known is None:
        raise validation_error(
            f"The hyperparameter {name!r} is not supported by the algorithm; leave it out. Supported are "
            f"{sorted(support.hyperparameters)}."
        )
    return known


def _check_value(support: TrainingSupport, name: str, value: str) -> None:
    if name == OBJECTIVE_HYPERPARAMETER:
        return  # the service's own, which clients send back as they saw it
    known = _known(support, name)
    if not takes(known, value):
        raise validation_error(
            f"The hyperparameter {name!r} is {value!r}, which the algorithm does not support; write {values_of(known)}."
        )


_TYPES: Mapping[type[ParameterRange], HyperparameterType] = {
    IntegerRange: HyperparameterType.INTEGER,
    ContinuousRange: HyperparameterType.CONTINUOUS,
    CategoricalRange: HyperparameterType.CATEGORICAL,
}


def _check_range(known: SupportedHyperparameter, asked: ParameterRange) -> None:
    if not known.is_tunable:
        raise _wrong_range(asked, "which the algorithm does not let be tuned; give it as a static hyperparameter")
    kind = _TYPES[type(asked)]
    if kind is not known.type:
        raise _wrong_range(asked, f"as {kind}, and the algorithm has it as {known.type}; give a range of that type")
    match asked:
        case CategoricalRange():
            outside = [each for each in asked.choices if known.choices is not None and each not in known.choices]
            if outside:
                raise _wrong_range(asked, f"over {outside}, which the algorithm does not support; {_within(known)}")
        case IntegerRange() | ContinuousRange():
            bounds = known.bounds
            if bounds is not None and not bounds.low <= asked.low <= asked.high <= bounds.high:
                raise _wrong_range(
                    asked, f"from {asked.low} to {asked.high}, beyond what the algorithm supports; {_within(known)}"
                )


def _within(known: SupportedHyperparameter) -> str:
    return f"keep within {values_of(known)}"


def _wrong_range(asked: ParameterRange, what: str) -> ApiError:
    return validation_error(f"ParameterRanges tunes the hyperparameter {asked.name!r}, {what}.")


def _check_objective(support: TrainingSupport, objective: Objective) -> None:
    if objective not in support.objectives:
        supported = [f"{each.type} {each.metric}" for each in support.objectives]
        raise validation_error(
            f"The objective {objective.type} {objective.metric} is not among the SupportedTuningJobObjectiveMetrics of "
            f"the algorithm; choose one of {supported}."
        )


def _check_instances(support: TrainingSupport, instance_types: Collection[str], instance_count: int) -> None:
    for each in instance_types:
        if each not in support.instance_types:
            raise validation_error(
                f"The InstanceType {each} is not supported by the algorithm; choose one of "
                f"{list(support.instance_types)}."
            )
    if instance_count > 1 and not support.is_distributable:
        raise validation_error(
            f"InstanceCount is {instance_count}, and the algorithm does not support distributed training; write 1."
        )


def _check_channels(support: TrainingSupport, channels: Sequence[JsonObject], input_mode: str) -> None:
    given = {text(each, "ChannelName"): each for each in channels}
    for name, each in given.items():
        known = support.channels.get(name)
        if known is None:
            raise validation_error(
                f"InputDataConfig: the channel {name!r} is not supported by the algorithm; leave it out. Supported are "
                f"{sorted(support.channels)}."
            )
        _check_channel(known, each, input_mode)
    for known in support.channels.values():
        if known.is_required and known.name not in given:
            raise validation_error(f"InputDataConfig: the channel {known.name!r} is required by the algorithm; add it.")


def _check_channel(known: SupportedChannel, given: JsonObject, input_mode: str) -> None:
    content, mode = text(given, "ContentType"), text(given, "InputMode", input_mode)
    compression = text(given, "CompressionType", "None")
    if content and known.content_types and content not in known.content_types:
        raise _wrong_channel(known, "ContentType", content, known.content_types)
    if compression not in ("None", *known.compression_types):
        raise _wrong_channel(known, "CompressionType", compression, ("None", *known.compression_types))
    if mode not in known.input_modes:
        raise _wrong_channel(known, "InputMode", mode, known.input_modes)


def _wrong_channel(known: SupportedChannel, member: str, value: str, supported: Sequence[str]) -> ApiError:
    return validation_error(
        f"InputDataConfig: the channel {known.name!r} has the {member} {value!r}, which the algorithm does not support "
        f"for it; choose one of {list(supported)}."
    )
