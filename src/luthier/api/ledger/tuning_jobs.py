"""Tuning jobs: creating, describing, stopping and listing them, and listing their training jobs."""

from collections.abc import Mapping

from luthier.api.ledger.definition import DEFINITION, DEFINITION_REFUSALS
from luthier.api.ledger.entry import NOTHING, Honoured, Refusal, below
from luthier.api.ledger.listing import BETWEEN, LIMITED, PAGED, TURNED, sorted_by

_NAMED = Honoured("names the tuning job, whatever its capitals", "test_capitals_in_a_tuning_jobs_name_do_not_matter")
_CONFIG = "HyperParameterTuningJobConfig"
_RANGES = f"{_CONFIG}.ParameterRanges"


def _numeric(kind: str, test: str) -> Mapping[str, Honoured]:
    bounds = Honoured("a bound, which belongs to the range; wire text is read strictly", test)
    return {
        f"{_RANGES}.{kind}[].Name": Honoured("the hyperparameter that is tuned", test),
        f"{_RANGES}.{kind}[].MinValue": bounds,
        f"{_RANGES}.{kind}[].MaxValue": bounds,
        f"{_RANGES}.{kind}[].ScalingType": Honoured("the scale of the search", "test_a_range_keeps_its_scaling_type"),
    }


_CREATE_CONFIG: Mapping[str, Honoured] = {
    "HyperParameterTuningJobName": Honoured("names the tuning job", "test_a_name_is_taken_whatever_its_capitals"),
    f"{_CONFIG}.Strategy": Honoured("how the search is made", "test_the_strategy_is_the_one_asked_for"),
    f"{_CONFIG}.HyperParameterTuningJobObjective.Type": Honoured(
        "which way is better", "test_the_best_training_job_of_a_minimisation_has_the_lowest_objective"
    ),
    f"{_CONFIG}.HyperParameterTuningJobObjective.MetricName": Honoured(
        "the metric that is improved", "test_an_objective_that_nothing_defines_is_refused"
    ),
    f"{_CONFIG}.ResourceLimits.MaxNumberOfTrainingJobs": Honoured(
        "training jobs in all", "test_it_completes_with_all_its_training_jobs"
    ),
    f"{_CONFIG}.ResourceLimits.MaxParallelTrainingJobs": Honoured(
        "training jobs at one time", "test_bounded_it_never_goes_over_the_limits"
    ),
    **_numeric("IntegerParameterRanges", "test_an_integer_range_is_searched_between_its_bounds"),
    **_numeric("ContinuousParameterRanges", "test_a_continuous_range_is_searched_between_its_bounds"),
    f"{_RANGES}.CategoricalParameterRanges[].Name": Honoured(
        "the hyperparameter that is tuned", "test_a_categorical_range_keeps_its_values_byte_for_byte"
    ),
    f"{_RANGES}.CategoricalParameterRanges[].Values": Honoured(
        "its choices, byte for byte", "test_a_categorical_range_keeps_its_values_byte_for_byte"
    ),
    f"{_RANGES}.AutoParameters": NOTHING,
    f"{_CONFIG}.TrainingJobEarlyStoppingType": Honoured(
        "every training job runs to its end", "test_a_value_that_asks_for_nothing_is_accepted"
    ),
    f"{_CONFIG}.RandomSeed": Honoured("the same proposals again", "test_the_same_seed_gives_the_same_search_again"),
    "Tags": NOTHING,
}

_TUNING_RESOURCES = Honoured(
    "as in ResourceConfig, which Describe shows too", "test_tuning_resources_are_shown_as_resources_too"
)

_ONLY_IN_TUNING: Mapping[str, Honoured] = {
    "DefinitionName": Honoured(
        "shown with every training job", "test_a_training_job_is_shown_with_its_definitions_name"
    ),
    "StaticHyperParameters": Honoured(
        "every training job gets them", "test_hyperparameters_are_a_flat_object_of_texts"
    ),
    "HyperParameterTuningResourceConfig.InstanceType": _TUNING_RESOURCES,
    "HyperParameterTuningResourceConfig.InstanceCount": _TUNING_RESOURCES,
    "HyperParameterTuningResourceConfig.VolumeSizeInGB": _TUNING_RESOURCES,
    "HyperParameterTuningResourceConfig.VolumeKmsKeyId": NOTHING,
}

_CONFIG_REFUSALS: Mapping[str, Refusal] = {
    f"{_CONFIG}.Strategy": Refusal(
        "the strategies are Bayesian and Random; choose one of them", ("Bayesian", "Random")
    ),
    f"{_CONFIG}.StrategyConfig": Refusal("it configures Hyperband, which is not there; leave it out"),
    f"{_CONFIG}.ResourceLimits.MaxRuntimeInSeconds": Refusal(
        "a tuning job ends by its number of training jobs; leave it out and bound MaxNumberOfTrainingJobs and the "
        "training jobs' MaxRuntimeInSeconds"
    ),
    f"{_CONFIG}.ParameterRanges.AutoParameters": Refusal(
        "ranges are not inferred; write every hyperparameter as an integer, continuous or categorical range", ([],)
    ),
    f"{_CONFIG}.TrainingJobEarlyStoppingType": Refusal(
        "early stopping is not there; write Off or leave it out", ("Off",)
    ),
    f"{_CONFIG}.TuningJobCompletionCriteria": Refusal("a tuning job ends by its number of training jobs; leave it out"),
    "TrainingJobDefinitions": Refusal("one training job definition is tuned at a time; use TrainingJobDefinition"),
    "WarmStartConfig": Refusal("a tuning job does not learn from earlier ones; leave it out"),
    "Tags": Refusal("tags are not kept; leave it out", ([],)),
    "Autotune": Refusal("nothing of a tuning job is inferred; leave it out and give ranges, objective and limits"),
}

_REFUSED_IN_TUNING: Mapping[str, Refusal] = {
    "HyperParameterTuningResourceConfig.InstanceCount": Refusal("a training job runs on one instance; write 1", (1,)),
    "HyperParameterTuningResourceConfig.VolumeKmsKeyId": Refusal(
        "volumes are not encrypted by Luthier; leave it out", ("",)
    ),
    "HyperParameterTuningResourceConfig.AllocationStrategy": Refusal("capacity is not bought here; leave it out"),
    "HyperParameterTuningResourceConfig.InstanceConfigs": Refusal("capacity is not bought here; use InstanceType"),
    "TuningObjective": Refusal(
        "it belongs to TrainingJobDefinitions; use HyperParameterTuningJobConfig.HyperParameterTuningJobObjective"
    ),
    "HyperParameterRanges": Refusal(
        "it belongs to TrainingJobDefinitions; use HyperParameterTuningJobConfig.ParameterRanges"
    ),
}

HONOURED: Mapping[str, Mapping[str, Honoured]] = {
    "CreateHyperParameterTuningJob": {
        **_CREATE_CONFIG,
        **below("TrainingJobDefinition", {**DEFINITION, **_ONLY_IN_TUNING}),
    },
    "DescribeHyperParameterTuningJob": {"HyperParameterTuningJobName": _NAMED},
    "ListHyperParameterTuningJobs": {
        "NextToken": PAGED,
        "MaxResults": LIMITED,
        "SortBy": sorted_by("name, creation time or status"),
        "SortOrder": TURNED,
        "NameContains": Honoured("only those with this in their name", "test_a_listing_can_be_narrowed_by_name"),
        "CreationTimeAfter": BETWEEN,
        "CreationTimeBefore": BETWEEN,
        "LastModifiedTimeAfter": BETWEEN,
        "LastModifiedTimeBefore": BETWEEN,
        "StatusEquals": Honoured("only those in this status", "test_tuning_jobs_can_be_narrowed_by_status"),
    },
    "ListTrainingJobsForHyperParameterTuningJob": {
        "HyperParameterTuningJobName": _NAMED,
        "NextToken": PAGED,
        "MaxResults": LIMITED,
        "StatusEquals": Honoured("only those in this status", "test_training_jobs_can_be_narrowed_by_status"),
        "SortBy": Honoured(
            "name, creation time, status or final objective; by name where left out",
            "test_training_jobs_can_be_sorted_by_their_objective",
        ),
        "SortOrder": TURNED,
    },
    "StopHyperParameterTuningJob": {"HyperParameterTuningJobName": _NAMED},
}

REFUSALS: Mapping[str, Mapping[str, Refusal]] = {
    "CreateHyperParameterTuningJob": {
        **_CONFIG_REFUSALS,
        **below("TrainingJobDefinition", {**DEFINITION_REFUSALS, **_REFUSED_IN_TUNING}),
    },
}
