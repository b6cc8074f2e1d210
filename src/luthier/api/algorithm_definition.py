"""A training job's definition, held against the algorithm resource that it names and completed from it."""

from typing import Literal

from luthier.api.algorithm_checks import check_against
from luthier.api.definitions import GivenDefinition, told_of
from luthier.api.members import structure, structures, text, text_map, whole
from luthier.api.ranges import parse_space
from luthier.records.algorithm_resource import TrainingSupport
from luthier.records.json_value import JsonObject
from luthier.records.search_space import SearchSpace
from luthier.records.tuning_job import Objective, ObjectiveType

HyperparameterMember = Literal["StaticHyperParameters", "HyperParameters"]


def supported_members(
    support: TrainingSupport | None, given: GivenDefinition, *, allows_single_values: bool
) -> JsonObject:
    """Give a tuning job's definition with the algorithm's defaults in it; see `supported_definition`."""
    if support is None:
        return given.members
    with told_of(given):
        return supported_definition(
            support,
            given.members,
            "StaticHyperParameters",
            space=parse_space(given.ranges, allows_single_values=allows_single_values),
            objective=Objective(
                type=ObjectiveType(text(given.objective, "Type")), metric=text(given.objective, "MetricName")
            ),
        )


def supported_definition(
    support: TrainingSupport | None,
    definition: JsonObject,
    member: HyperparameterMember,
    *,
    space: SearchSpace | None = None,
    objective: Objective | None = None,
) -> JsonObject:
    """
    Give *definition* with the algorithm's defaults in *member*; raises ApiError for what the algorithm does not take.

    It is a TrainingJobDefinition, with its *space* and *objective*, or the same members of CreateTrainingJob. Without
    *support*, where an image is named by itself, it stays as it is.
    """
    if support is None:
        return definition
    resources = {
        **structure(definition, "HyperParameterTuningResourceConfig"),
        **structure(definition, "ResourceConfig"),
    }
    together, instead = structures(resources, "InstanceGroups"), structures(resources, "InstanceConfigs")
    filled = check_against(
        support,
        static=text_map(definition, member),
        space=space,
        instance_types=[
            text(each, "InstanceType") for each in (resources, *together, *instead) if "InstanceType" in each
        ],
        instance_count=max(sum(map(_count, together)), *map(_count, (resources, *instead))),
        channels=structures(definition, "InputDataConfig"),
        input_mode=text(structure(definition, "AlgorithmSpecification"), "TrainingInputMode"),
        objective=objective,
    )
    return {**definition, member: filled}


def _count(resources: JsonObject) -> int:
    return whole(resources, "InstanceCount", 1)
