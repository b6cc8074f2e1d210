"""
Members of the service model that have their effect: what it is, and the test that sees it.

Structures are not named: they are honoured through their members. A member may be in the table of refusals too, which
then says which of its values are honoured.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Honoured:
    """The effect of a member, and the name of a test function that fails without it."""

    how: str
    test: str


_NAMED = Honoured("names the tuning job, whatever its capitals", "test_capitals_in_a_tuning_jobs_name_do_not_matter")
_NAMED_TRAINING = Honoured(
    "names the training job, whatever its capitals", "test_capitals_in_a_training_jobs_name_do_not_matter"
)
_PAGED = Honoured("goes on where the page that gave it ended", "test_pages_follow_one_another_without_a_gap")
_LIMITED = Honoured(
    "entries of a page, at most; 10 where left out", "test_a_page_has_ten_entries_unless_told_otherwise"
)
_TURNED = Honoured("`Ascending`, the default, or `Descending`", "test_a_listing_can_be_turned_round")

_NOTHING = Honoured("nothing is asked for", "test_a_value_that_asks_for_nothing_is_accepted")

_CONFIG = "HyperParameterTuningJobConfig"
_RANGES = f"{_CONFIG}.ParameterRanges"
_DEFINITION = "TrainingJobDefinition"
_CHANNEL = f"{_DEFINITION}.InputDataConfig[]"


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
    f"{_RANGES}.AutoParameters": _NOTHING,
    f"{_CONFIG}.TrainingJobEarlyStoppingType": Honoured(
        "every training job runs to its end", "test_a_value_that_asks_for_nothing_is_accepted"
    ),
    f"{_CONFIG}.RandomSeed": Honoured("the same proposals again", "test_the_same_seed_gives_the_same_search_again"),
    "Tags": _NOTHING,
}

_RESOURCES = Honoured("what the training job is told of its machine", "test_the_host_is_described")
_TUNING_RESOURCES = Honoured(
    "as in ResourceConfig, which Describe shows too", "test_tuning_resources_are_shown_as_resources_too"
)

_CREATE_DEFINITION: Mapping[str, Honoured] = {
    f"{_DEFINITION}.DefinitionName": Honoured(
        "shown with every training job", "test_a_training_job_is_shown_with_its_definitions_name"
    ),
    f"{_DEFINITION}.StaticHyperParameters": Honoured(
        "every training job gets them", "test_hyperparameters_are_a_flat_object_of_texts"
    ),
    f"{_DEFINITION}.AlgorithmSpecification.TrainingImage": Honoured(
        "what is run, by the image catalogue", "test_an_image_that_the_catalogue_does_not_know_is_refused"
    ),
    f"{_DEFINITION}.AlgorithmSpecification.TrainingInputMode": Honoured(
        "input arrives as files", "test_a_value_that_asks_for_nothing_is_accepted"
    ),
    f"{_DEFINITION}.AlgorithmSpecification.MetricDefinitions[].Name": Honoured(
        "names a metric", "test_metrics_are_reported"
    ),
    f"{_DEFINITION}.AlgorithmSpecification.MetricDefinitions[].Regex": Honoured(
        "finds the metric in the log", "test_group_one_is_the_value"
    ),
    f"{_DEFINITION}.RoleArn": Honoured(
        "must be the caller's account's; shown by Describe", "test_a_role_of_another_account_is_refused"
    ),
    f"{_CHANNEL}.ChannelName": Honoured("the input's folder", "test_every_channel_is_described"),
    f"{_CHANNEL}.DataSource.S3DataSource.S3DataType": Honoured(
        "a prefix", "test_a_plain_prefix_keeps_what_follows_its_last_slash"
    ),
    f"{_CHANNEL}.DataSource.S3DataSource.S3Uri": Honoured(
        "where the input is", "test_a_folder_s_objects_keep_their_sub_folders"
    ),
    f"{_CHANNEL}.DataSource.S3DataSource.S3DataDistributionType": Honoured(
        "with one instance both ways give it everything", "test_channels_are_those_asked_for"
    ),
    f"{_CHANNEL}.DataSource.S3DataSource.AttributeNames": _NOTHING,
    f"{_CHANNEL}.DataSource.S3DataSource.InstanceGroupNames": _NOTHING,
    f"{_CHANNEL}.ContentType": Honoured("what the algorithm is told", "test_every_channel_is_described"),
    f"{_CHANNEL}.CompressionType": _NOTHING,
    f"{_CHANNEL}.RecordWrapperType": _NOTHING,
    f"{_CHANNEL}.InputMode": Honoured("input arrives as files", "test_every_channel_is_described"),
    f"{_DEFINITION}.OutputDataConfig.KmsKeyId": _NOTHING,
    f"{_DEFINITION}.OutputDataConfig.S3OutputPath": Honoured(
        "where artifacts go", "test_the_model_is_uploaded_below_the_output_path"
    ),
    f"{_DEFINITION}.OutputDataConfig.CompressionType": Honoured(
        "artifacts are model.tar.gz", "test_the_model_is_in_s3_with_its_files_at_the_root"
    ),
    f"{_DEFINITION}.ResourceConfig.InstanceType": _RESOURCES,
    f"{_DEFINITION}.ResourceConfig.InstanceCount": _RESOURCES,
    f"{_DEFINITION}.ResourceConfig.VolumeSizeInGB": Honoured(
        "what a training job may write, at most", "test_more_than_the_volume_holds_is_a_client_error"
    ),
    f"{_DEFINITION}.ResourceConfig.VolumeKmsKeyId": _NOTHING,
    f"{_DEFINITION}.ResourceConfig.KeepAlivePeriodInSeconds": _NOTHING,
    f"{_DEFINITION}.ResourceConfig.InstanceGroups": _NOTHING,
    f"{_DEFINITION}.HyperParameterTuningResourceConfig.InstanceType": _TUNING_RESOURCES,
    f"{_DEFINITION}.HyperParameterTuningResourceConfig.InstanceCount": _TUNING_RESOURCES,
    f"{_DEFINITION}.HyperParameterTuningResourceConfig.VolumeSizeInGB": _TUNING_RESOURCES,
    f"{_DEFINITION}.HyperParameterTuningResourceConfig.VolumeKmsKeyId": _NOTHING,
    f"{_DEFINITION}.StoppingCondition.MaxRuntimeInSeconds": Honoured(
        "the algorithm is stopped then", "test_a_training_that_runs_too_long_ends_as_such_and_uploads"
    ),
    f"{_DEFINITION}.EnableNetworkIsolation": _NOTHING,
    f"{_DEFINITION}.EnableInterContainerTrafficEncryption": _NOTHING,
    f"{_DEFINITION}.EnableManagedSpotTraining": _NOTHING,
    f"{_DEFINITION}.Environment": Honoured(
        "the algorithm's environment variables", "test_the_callers_environment_is_passed_on_word_for_word"
    ),
}


def _sorted(orders: str) -> Honoured:
    return Honoured(f"{orders}; by name where left out", "test_a_listing_can_be_sorted")


_BETWEEN = Honoured("only those strictly after or before", "test_a_listing_can_be_bounded_in_time")

HONOURED: Mapping[str, Mapping[str, Honoured]] = {
    "CreateHyperParameterTuningJob": {**_CREATE_CONFIG, **_CREATE_DEFINITION},
    "DescribeHyperParameterTuningJob": {"HyperParameterTuningJobName": _NAMED},
    "DescribeTrainingJob": {"TrainingJobName": _NAMED_TRAINING},
    "ListHyperParameterTuningJobs": {
        "NextToken": _PAGED,
        "MaxResults": _LIMITED,
        "SortBy": _sorted("name, creation time or status"),
        "SortOrder": _TURNED,
        "NameContains": Honoured("only those with this in their name", "test_a_listing_can_be_narrowed_by_name"),
        "CreationTimeAfter": _BETWEEN,
        "CreationTimeBefore": _BETWEEN,
        "LastModifiedTimeAfter": _BETWEEN,
        "LastModifiedTimeBefore": _BETWEEN,
        "StatusEquals": Honoured("only those in this status", "test_tuning_jobs_can_be_narrowed_by_status"),
    },
    "ListTrainingJobsForHyperParameterTuningJob": {
        "HyperParameterTuningJobName": _NAMED,
        "NextToken": _PAGED,
        "MaxResults": _LIMITED,
        "StatusEquals": Honoured("only those in this status", "test_training_jobs_can_be_narrowed_by_status"),
        "SortBy": Honoured(
            "name, creation time, status or final objective; by name where left out",
            "test_training_jobs_can_be_sorted_by_their_objective",
        ),
        "SortOrder": _TURNED,
    },
    "StopHyperParameterTuningJob": {"HyperParameterTuningJobName": _NAMED},
    "StopTrainingJob": {"TrainingJobName": _NAMED_TRAINING},
    "GetCallerIdentity": {},
}
"""By operation, then by member path: `[]` stands for the members of a list."""
