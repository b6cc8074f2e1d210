"""A tuning job's request, defaults filled in, to the records that the rest of the house works with."""

from collections.abc import Sequence
from dataclasses import replace

from luthier.api.definitions import CONFIG, GivenDefinition, definitions_of, told_of
from luthier.api.hyperband import resource_of
from luthier.api.members import number, structure, text, text_map, whole
from luthier.api.ranges import parse_space
from luthier.api.run_as import RunAs
from luthier.api.training_definition import parse_definition
from luthier.records.call import validation_error
from luthier.records.json_value import JsonObject
from luthier.records.search_space import SearchSpace, defaults_inside
from luthier.records.tuning_job import Objective, ObjectiveType, TuningDefinition, TuningSpecification


def parse_specification(
    request: JsonObject, images: Sequence[RunAs], seed: int, *, allows_single_values: bool = False
) -> TuningSpecification:
    """
    Read a request that `defaults.completed` has filled in.

    *images* are what runs, of each training job definition. *seed* is used where the request has no RandomSeed; numeric
    ranges of one value are read if *allows_single_values*. Raises ApiError for what can never be searched or run.
    """
    config = structure(request, CONFIG)
    limits = structure(config, "ResourceLimits")
    criteria = structure(config, "TuningJobCompletionCriteria")
    definitions = []
    for given, image in zip(definitions_of(request), images, strict=True):
        with told_of(given):
            space = parse_space(given.ranges, allows_single_values=allows_single_values)
            known = replace(space, defaults=defaults_inside(space.ranges, image.defaults))
            definitions.append(replace(_definition(given, known, image), resource=resource_of(config, given)))
    return TuningSpecification(
        strategy=text(config, "Strategy"),
        definitions=tuple(definitions),
        max_jobs=whole(limits, "MaxNumberOfTrainingJobs"),
        max_parallel=whole(limits, "MaxParallelTrainingJobs"),
        seed=whole(config, "RandomSeed", seed),
        stops_early=text(config, "TrainingJobEarlyStoppingType") == "Auto",
        max_runtime_s=whole(limits, "MaxRuntimeInSeconds") or None,  # never 0
        target=number(criteria, "TargetObjectiveMetricValue"),
        completes_on_convergence=text(structure(criteria, "ConvergenceDetected"), "CompleteOnConvergence") == "Enabled",
        patience=whole(structure(criteria, "BestObjectiveNotImproving"), "MaxNumberOfTrainingJobsNotImproving") or None,
    )


def _definition(given: GivenDefinition, space: SearchSpace, image: RunAs) -> TuningDefinition:
    static = text_map(given.members, "StaticHyperParameters")
    for each in space.ranges:
        if each.name in static:
            raise validation_error(
                f"The hyperparameter {each.name!r} is both in ParameterRanges and in StaticHyperParameters; "
                "leave it out of one of them."
            )
    return TuningDefinition(
        name=given.name,
        objective=Objective(
            type=ObjectiveType(text(given.objective, "Type")), metric=text(given.objective, "MetricName")
        ),
        space=space,
        static_hyperparameters=static,
        training=parse_definition(given.members, image),
    )
