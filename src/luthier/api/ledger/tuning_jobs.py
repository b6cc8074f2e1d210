"""Tuning jobs: creating, describing, stopping and listing them, and listing their training jobs."""

from collections.abc import Mapping

from luthier.api.ledger.definition import DEFINITION, DEFINITION_REFUSALS
from luthier.api.ledger.entry import Honoured, Refusal, below
from luthier.api.ledger.listing import BETWEEN, LIMITED, PAGED, TURNED, sorted_by
from luthier.api.ledger.tags import TAGGED

_NAMED = Honoured("names the tuning job, whatever its capitals", "test_capitals_in_a_tuning_jobs_name_do_not_matter")
_CONFIG = "HyperParameterTuningJobConfig"
_CRITERIA = f"{_CONFIG}.TuningJobCompletionCriteria"
_HYPERBAND = f"{_CONFIG}.StrategyConfig.HyperbandStrategyConfig"


def _numeric(kind: str, test: str) -> Mapping[str, Honoured]:
    bounds = Honoured("a bound, which belongs to the range; wire text is read strictly", test)
    return {
        f"{kind}[].Name": Honoured("the hyperparameter that is tuned", test),
        f"{kind}[].MinValue": bounds,
        f"{kind}[].MaxValue": bounds,
        f"{kind}[].ScalingType": Honoured("the scale of the search", "test_a_range_keeps_its_scaling_type"),
    }


_AUTO = Honoured("with Autotune, a range is chosen for it", "test_a_hint_becomes_a_range")

_RANGES: Mapping[str, Honoured] = {
    **_numeric("IntegerParameterRanges", "test_an_integer_range_is_searched_between_its_bounds"),
    **_numeric("ContinuousParameterRanges", "test_a_continuous_range_is_searched_between_its_bounds"),
    "CategoricalParameterRanges[].Name": Honoured(
        "the hyperparameter that is tuned", "test_a_categorical_range_keeps_its_values_byte_for_byte"
    ),
    "CategoricalParameterRanges[].Values": Honoured(
        "its choices, byte for byte", "test_a_categorical_range_keeps_its_values_byte_for_byte"
    ),
    "AutoParameters[].Name": _AUTO,
    "AutoParameters[].ValueHint": _AUTO,
}

_CREATE_CONFIG: Mapping[str, Honoured] = {
    "HyperParameterTuningJobName": Honoured("names the tuning job", "test_a_name_is_taken_whatever_its_capitals"),
    f"{_CONFIG}.Strategy": Honoured("how the search is made", "test_the_strategy_is_the_one_asked_for"),
    f"{_HYPERBAND}.MinResource": Honoured(
        "no training job is stopped before so many reports of its objective",
        "test_nobody_is_stopped_before_min_resource",
    ),
    f"{_HYPERBAND}.MaxResource": Honoured(
        "a training job that goes on after so many reports is stopped",
        "test_what_goes_on_after_max_resource_is_stopped",
    ),
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
    f"{_CONFIG}.ResourceLimits.MaxRuntimeInSeconds": Honoured(
        "the tuning job completes then, and what still runs is stopped",
        "test_a_tuning_job_is_complete_when_its_time_is_up",
    ),
    **below(f"{_CONFIG}.ParameterRanges", _RANGES),
    f"{_CRITERIA}.TargetObjectiveMetricValue": Honoured(
        "the tuning job completes once an objective is as good",
        "test_a_tuning_job_is_complete_once_its_target_is_reached",
    ),
    f"{_CRITERIA}.BestObjectiveNotImproving.MaxNumberOfTrainingJobsNotImproving": Honoured(
        "the tuning job completes after so many training jobs in a row without an improvement",
        "test_a_tuning_job_is_complete_when_its_patience_is_used_up",
    ),
    f"{_CRITERIA}.ConvergenceDetected.CompleteOnConvergence": Honoured(
        "with Enabled, the tuning job completes when its search has converged",
        "test_a_tuning_job_that_has_converged_is_complete_if_it_asked_for_that",
    ),
    f"{_CONFIG}.TrainingJobEarlyStoppingType": Honoured(
        "with Auto, training jobs that will not win are stopped while they run",
        "test_training_jobs_that_will_not_win_are_stopped",
    ),
    "Autotune.Mode": Honoured(
        "what is left out of ranges, limits, early stopping, retries and completion is filled in",
        "test_what_is_left_out_is_filled_in",
    ),
    f"{_CONFIG}.RandomSeed": Honoured("the same proposals again", "test_the_same_seed_gives_the_same_search_again"),
    "WarmStartConfig.ParentHyperParameterTuningJobs[].HyperParameterTuningJobName": Honoured(
        "a tuning job that the search learns from", "test_the_parents_are_those_named_whatever_their_capitals"
    ),
    "WarmStartConfig.WarmStartType": Honoured(
        "whether parents' evaluations count as own ones, or as those of other tasks",
        "test_transferred_evaluations_are_of_their_parents_task",
    ),
    **TAGGED,
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
    "HyperParameterTuningResourceConfig.VolumeKmsKeyId": _TUNING_RESOURCES,
}

_REFUSED_IN_TUNING: Mapping[str, Refusal] = {
    "HyperParameterTuningResourceConfig.AllocationStrategy": Refusal("capacity is not bought here; leave it out"),
    "HyperParameterTuningResourceConfig.InstanceConfigs": Refusal("capacity is not bought here; use InstanceType"),
}

_OF_SEVERAL: Mapping[str, Honoured] = {
    "TuningObjective.Type": Honoured(
        "which way is better, in all definitions alike", "test_definitions_that_disagree_on_what_is_better_are_refused"
    ),
    "TuningObjective.MetricName": Honoured(
        "the metric that its training jobs improve", "test_the_best_training_job_is_the_best_of_all_definitions"
    ),
    **below("HyperParameterRanges", _RANGES),
}

_REFUSED_IN_ONE: Mapping[str, Refusal] = {
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
        **below("TrainingJobDefinitions[]", {**DEFINITION, **_ONLY_IN_TUNING, **_OF_SEVERAL}),
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
    "DeleteHyperParameterTuningJob": {"HyperParameterTuningJobName": _NAMED},
    "StopHyperParameterTuningJob": {"HyperParameterTuningJobName": _NAMED},
}

REFUSALS: Mapping[str, Mapping[str, Refusal]] = {
    "CreateHyperParameterTuningJob": {
        **below("TrainingJobDefinition", {**DEFINITION_REFUSALS, **_REFUSED_IN_TUNING, **_REFUSED_IN_ONE}),
        **below(
            "TrainingJobDefinitions[]",
            {**DEFINITION_REFUSALS, **_REFUSED_IN_TUNING},
        ),
    },
}
