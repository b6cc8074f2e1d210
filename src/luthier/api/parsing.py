"""A tuning job's request, defaults filled in, to the records that the rest of the house works with."""

from luthier.api.members import structure, text, text_map, whole
from luthier.api.ranges import parse_space
from luthier.api.training_definition import parse_definition
from luthier.records.call import validation_error
from luthier.records.json_value import JsonObject
from luthier.records.tuning_job import Objective, ObjectiveType, TuningSpecification


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
        definition=parse_definition(definition, text(structure(definition, "AlgorithmSpecification"), "TrainingImage")),
        max_jobs=whole(limits, "MaxNumberOfTrainingJobs"),
        max_parallel=whole(limits, "MaxParallelTrainingJobs"),
        seed=whole(config, "RandomSeed", seed),
    )
