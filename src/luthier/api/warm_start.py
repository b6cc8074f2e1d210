"""
Whether a tuning job may learn from its parents.

| what is compared with each parent               | IdenticalDataAndAlgorithm | TransferLearning |
|-------------------------------------------------|---------------------------|------------------|
| objective: metric and type                      | same                      | same             |
| names of hyperparameters, tunable and static    | same                      | same             |
| what kind of value a tunable hyperparameter has | same                      | same             |
| changes of static hyperparameters               | at most 10                | at most 10       |
| algorithm, input                                | same                      | may change       |
| environment, isolation, name of the definition  | same                      | same             |
| ranges, limits, output, role, resources         | may change                | may change       |

AWS: "Run a Warm Start Hyperparameter Tuning Job", Amazon SageMaker Developer Guide;
HyperParameterTuningJobWarmStartConfig, Amazon SageMaker API Reference.
"""

from collections.abc import Mapping, Sequence

from luthier.api.changes import changes_of_static
from luthier.api.definitions import ONE, SEVERAL
from luthier.api.desk import Desk
from luthier.api.members import structure, structures, text
from luthier.records.call import ApiError, Call, validation_error
from luthier.records.json_value import JsonObject, JsonValue
from luthier.records.names import OBJECTIVE_HYPERPARAMETER, tuning_job_arn
from luthier.records.search_space import CategoricalRange, IntegerRange, ParameterRange
from luthier.records.tuning_job import TuningDefinition, TuningJob, TuningSpecification, WarmStart, WarmStartType

MEMBER = "WarmStartConfig"
CHANGES = 10
"""Changes of static hyperparameters that a child may have against a parent."""

_MAY_CHANGE = (
    "algorithmSpecification",
    "inputDataConfig",
    "outputDataConfig",
    "staticHyperParameters",
    "roleArn",
    "resourceConfig",
    "stoppingCondition",
    "vpcConfig",
    "enableManagedSpotTraining",
    "checkpointConfig",
)
_NEVER = ("DefinitionName", "Environment", "EnableNetworkIsolation", "EnableInterContainerTrafficEncryption")


def parse_warm_start(call: Call) -> WarmStart | None:
    """Read WarmStartConfig; None where there is none. Raises ApiError for parents that are none."""
    given = structure(call.parameters, MEMBER)
    if MEMBER not in call.parameters:
        return None
    if SEVERAL in call.parameters:
        raise validation_error(f"{MEMBER} is not supported with {SEVERAL}; use {ONE}, or leave {MEMBER} out.")
    names = [text(each, "HyperParameterTuningJobName") for each in structures(given, "ParentHyperParameterTuningJobs")]
    arns = [tuning_job_arn(call.scope, name) for name in names]
    for name, arn in zip(names, arns, strict=True):
        if not name:
            raise validation_error(
                f"A parent in {MEMBER}.ParentHyperParameterTuningJobs has no HyperParameterTuningJobName; give it one."
            )
        if arns.count(arn) > 1:
            raise validation_error(f"{MEMBER} names the parent {name} {arns.count(arn)} times; name it once.")
    return WarmStart(type=WarmStartType(text(given, "WarmStartType")), parents=tuple(arns))


def check_warm_start(desk: Desk, job: TuningJob) -> None:
    """
    Refuse a tuning job that cannot learn from its parents; without any, nothing is checked.

    Raises ApiError: ResourceNotFound for a parent that is not there, ResourceLimitExceeded for too many training jobs
    of parents and child together, ValidationException for everything else.
    """
    start = job.specification.warm_start
    if start is None:
        return
    names = [
        text(each, "HyperParameterTuningJobName")
        for each in structures(structure(job.request, MEMBER), "ParentHyperParameterTuningJobs")
    ]
    parents = [_parent(desk, arn, name) for arn, name in zip(start.parents, names, strict=True)]
    for parent in parents:
        _check_parent(parent)
        _check_objective(job.specification, parent)
        _check_hyperparameters(job.specification.definitions[0], parent)
        _check_definition(job.request, parent, start.type)
    _check_size(desk, job.specification, parents)


def _parent(desk: Desk, arn: str, name: str) -> TuningJob:
    found = desk.store.tuning_jobs.get(arn)  # type: ignore[arg-type]  # made by tuning_job_arn
    if found is None:
        raise ApiError(
            "ResourceNotFound", f"Amazon SageMaker can't find a tuning job called {name}. Type another name."
        )
    return found


def _check_parent(parent: TuningJob) -> None:
    if not parent.status.is_over:
        raise validation_error(
            f"The parent hyperparameter tuning job {parent.name} is in status {parent.status}; a parent must be "
            "Completed, Stopped or Failed. Wait for it to end, or stop it."
        )
    if len(parent.specification.definitions) > 1:
        raise validation_error(
            f"The parent hyperparameter tuning job {parent.name} has several training job definitions; only a tuning "
            f"job of one {ONE} can be a parent."
        )


def _check_objective(specification: TuningSpecification, parent: TuningJob) -> None:
    own, theirs = specification.definitions[0].objective, parent.specification.definitions[0].objective
    if own != theirs:
        raise validation_error(
            "The objective metric must be the same across current and parent tuning jobs: "
            f"{parent.name} has {theirs.type} {theirs.metric!r}, the current one {own.type} {own.metric!r}."
        )


def _check_hyperparameters(definition: TuningDefinition, parent: TuningJob) -> None:
    theirs = parent.specification.definitions[0]
    different = _names(definition) ^ _names(theirs)
    if different:
        raise validation_error(
            "The set of tunable plus static HyperParameter names is not the same across current and parent tuning "
            f"jobs. {', '.join(sorted(different))}: not both in this one and in {parent.name}. Keep the set of names; "
            "a static hyperparameter may become tunable, and a tunable one static."
        )
    before = {each.name: each for each in theirs.space.ranges}
    for each in definition.space.ranges:
        if each.name in before and type(each) is not type(before[each.name]):
            raise validation_error(
                f"The hyperparameter {each.name} is {_kind(each)} here and {_kind(before[each.name])} in the parent "
                f"tuning job {parent.name}; its type must stay the same."
            )
    count = changes_of_static(definition, theirs)
    if count > CHANGES:
        raise validation_error(
            f"Against the parent tuning job {parent.name}, {count} changes are made to static hyperparameters: from "
            f"tunable to static, or of a static value. At most {CHANGES} are possible; a value of a categorical "
            "hyperparameter counts as one each."
        )


def _names(definition: TuningDefinition) -> set[str]:
    tunable = {each.name for each in definition.space.ranges}
    return (tunable | set(definition.static_hyperparameters)) - {OBJECTIVE_HYPERPARAMETER}


def _kind(each: ParameterRange) -> str:
    if isinstance(each, CategoricalRange):
        return "categorical"
    return "an integer" if isinstance(each, IntegerRange) else "continuous"


def _check_definition(request: JsonObject, parent: TuningJob, kind: WarmStartType) -> None:
    own, theirs = structure(request, ONE), structure(parent.request, ONE)
    changed = [member for member in _NEVER if own.get(member) != theirs.get(member)]
    if changed:
        raise validation_error(
            f"Only the following fields in TrainingJobDefinition are allowed to change: {', '.join(_MAY_CHANGE)}. "
            f"{', '.join(changed)}: not as in the parent tuning job {parent.name}."
        )
    if kind is WarmStartType.TRANSFER_LEARNING:
        return
    before, now = _data_and_algorithm(theirs), _data_and_algorithm(own)
    for member, value in now.items():
        if value != before[member]:
            raise validation_error(
                f"{member} is not the same as in the parent tuning job {parent.name}. With the WarmStartType {kind} "
                "the input data and the algorithm must not change; keep them, or use "
                f"{WarmStartType.TRANSFER_LEARNING}."
            )


def _data_and_algorithm(definition: JsonObject) -> Mapping[str, JsonValue]:
    algorithm = structure(definition, "AlgorithmSpecification")
    what_runs = {
        f"AlgorithmSpecification.{member}": algorithm.get(member)
        for member in ("TrainingImage", "AlgorithmName", "TrainingInputMode")
    }
    channels = sorted(structures(definition, "InputDataConfig"), key=lambda each: text(each, "ChannelName"))
    return {**what_runs, "InputDataConfig": list(channels)}


def _check_size(desk: Desk, specification: TuningSpecification, parents: Sequence[TuningJob]) -> None:
    families = desk.store.training_jobs.of_tuning_jobs([parent.arn for parent in parents])
    earlier = sum(len(children) for children in families.values())
    limit = desk.limits.max_training_jobs
    if earlier + specification.max_jobs > limit:
        raise ApiError(
            "ResourceLimitExceeded",
            "The account-level service limit 'Number of training jobs per hyperparameter tuning job' is "
            f"{limit}, which those of the parent tuning jobs count towards: they have {earlier}, and this one asks for "
            f"{specification.max_jobs}. Name fewer parents, or lower MaxNumberOfTrainingJobs.",
        )
