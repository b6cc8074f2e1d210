"""Creating and stopping tuning jobs."""

from dataclasses import replace
from typing import Any

import pytest

from desk import OWN_IMAGE, Desk
from luthier.records.channel import Channel, Distribution
from luthier.records.names import Scope, TuningJobArn, tuning_job_arn
from luthier.records.status import TuningStatus
from luthier.records.training_job import TrainingDefinition
from luthier.records.tuning_job import Objective, ObjectiveType, TuningDefinition, TuningSpecification
from sample import IMAGE, a_create_request
from things import SCOPE

EARLY = "HyperParameterTuningJobConfig__TrainingJobEarlyStoppingType"

DEFINITION = "TrainingJobDefinition"
CONFIG = "HyperParameterTuningJobConfig"
CHANNEL = f"{DEFINITION}__InputDataConfig__0"


def created(desk: Desk, **changes: Any) -> TuningSpecification:
    job = desk.store.tuning_jobs.get(TuningJobArn(desk.create(a_create_request(**changes))))
    assert job is not None
    return job.specification


def tuned(desk: Desk, **changes: Any) -> TuningDefinition:
    (only,) = created(desk, **changes).definitions
    return only


def definition(desk: Desk, **changes: Any) -> TrainingDefinition:
    return tuned(desk, **changes).training


def message(desk: Desk, **changes: Any) -> str:
    error = desk.refusal_to_create(a_create_request(**changes))
    assert (error.code, error.http_status) == ("ValidationException", 400)
    return error.message


def test_the_developer_guides_tuning_job_is_created(desk: Desk) -> None:
    arn = desk.create(a_create_request("MyTuningJob"))

    assert arn == "arn:aws:sagemaker:us-east-1:000000000000:hyper-parameter-tuning-job/mytuningjob"


def test_the_controllers_are_woken_when_a_tuning_job_is_there(desk: Desk) -> None:
    desk.create(a_create_request())

    assert desk.wakes == 1


def test_a_refused_tuning_job_leaves_no_trace(desk: Desk) -> None:
    desk.refusal_to_create(a_create_request(TrainingJobDefinition__RoleArn="arn:aws:iam::111122223333:role/other"))

    assert (desk.store.tuning_jobs.unfinished(), desk.wakes) == ([], 0)


def test_the_strategy_is_the_one_asked_for(desk: Desk) -> None:
    assert created(desk, HyperParameterTuningJobConfig__Strategy="Random").strategy == "Random"


def test_the_objective_is_the_one_asked_for(desk: Desk) -> None:
    assert tuned(desk).objective == Objective(type=ObjectiveType.MAXIMIZE, metric="validation:auc")


def test_the_limits_are_those_asked_for(desk: Desk) -> None:
    specification = created(desk)

    assert (specification.max_jobs, specification.max_parallel) == (20, 3)


def test_the_ranges_are_those_asked_for(desk: Desk) -> None:
    assert {each.name for each in tuned(desk).space.ranges} == {"eta", "alpha", "min_child_weight", "max_depth"}


def test_a_random_seed_is_the_seed_of_the_search(desk: Desk) -> None:
    assert created(desk).seed == 123


def test_a_seed_is_drawn_where_the_caller_has_none(desk: Desk) -> None:
    assert created(desk, HyperParameterTuningJobConfig__RandomSeed=...).seed == 4242


def test_static_hyperparameters_reach_the_specification(desk: Desk) -> None:
    """With the one that SageMaker adds."""
    assert tuned(desk).static_hyperparameters == {
        "_tuning_objective_metric": "validation:auc",
        "eval_metric": "auc",
        "num_round": "1",
        "objective": "binary:logistic",
        "rate_drop": "0.3",
        "tweedie_variance_power": "1.4",
    }


def test_the_callers_own_tuning_objective_metric_is_kept(desk: Desk) -> None:
    """SDK framework estimators send it in quotes."""
    static = {"_tuning_objective_metric": '"validation:auc"'}

    assert tuned(desk, TrainingJobDefinition__StaticHyperParameters=static).static_hyperparameters == static


def test_channels_are_those_asked_for(desk: Desk) -> None:
    channels = definition(
        desk,
        TrainingJobDefinition__InputDataConfig__0__InputMode="File",
        TrainingJobDefinition__InputDataConfig__0__DataSource__S3DataSource__S3DataDistributionType="ShardedByS3Key",
    ).channels

    train = Channel(name="train", uri="s3://data/xgboost/train", content_type="csv")
    assert channels == (
        replace(train, distribution=Distribution.SHARDED_BY_S3_KEY),
        replace(train, name="validation", uri="s3://data/xgboost/validation"),
    )


def test_a_tuning_job_may_have_no_input(desk: Desk) -> None:
    assert definition(desk, TrainingJobDefinition__InputDataConfig=...).channels == ()


def test_resources_are_those_asked_for(desk: Desk) -> None:
    asked = definition(desk)

    assert (asked.instance_type, asked.instance_count, asked.volume_gb) == ("ml.c4.2xlarge", 1, 10)


def test_tuning_resources_are_used_as_resources(desk: Desk) -> None:
    resources = {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 7}
    asked = definition(
        desk,
        TrainingJobDefinition__ResourceConfig=...,
        TrainingJobDefinition__HyperParameterTuningResourceConfig=resources,
    )

    assert (asked.instance_type, asked.instance_count, asked.volume_gb) == ("ml.m5.xlarge", 1, 7)


def test_a_training_job_may_run_as_long_as_asked(desk: Desk) -> None:
    assert definition(desk).max_runtime_s == 43200


def test_a_training_job_may_run_for_a_day_where_nothing_is_asked(desk: Desk) -> None:
    assert definition(desk, TrainingJobDefinition__StoppingCondition={}).max_runtime_s == 86400


def test_the_environment_is_the_one_asked_for(desk: Desk) -> None:
    assert definition(desk, TrainingJobDefinition__Environment={"A": "b c"}).environment == {"A": "b c"}


def test_the_role_and_the_output_path_are_those_asked_for(desk: Desk) -> None:
    asked = definition(desk)

    assert (asked.role, asked.output_path) == (
        "arn:aws:iam::000000000000:role/luthier-execution",
        "s3://data/xgboost/output",
    )


def test_an_image_with_built_in_metrics_needs_no_metric_definitions(desk: Desk) -> None:
    assert {"validation:auc", "ObjectiveMetric"} <= {each.name for each in definition(desk).metrics}


def test_an_image_that_the_catalogue_does_not_know_is_refused(desk: Desk) -> None:
    """Saying what to do."""
    refused = message(desk, TrainingJobDefinition__AlgorithmSpecification__TrainingImage="1.dkr.ecr/nobody:1")

    assert "'1.dkr.ecr/nobody:1' matches nothing" in refused
    assert "luthier images add" in refused


def test_an_image_that_cannot_be_run_is_refused(desk: Desk) -> None:
    refused = message(desk, TrainingJobDefinition__AlgorithmSpecification__TrainingImage="1.dkr.ecr/broken:1")

    assert "the image has no command" in refused


def test_an_own_image_without_the_objective_among_its_metric_definitions_is_refused(desk: Desk) -> None:
    refused = message(desk, TrainingJobDefinition__AlgorithmSpecification__TrainingImage=OWN_IMAGE)

    assert refused.startswith("A metric is required for this hyperparameter tuning job objective.")


def test_a_name_is_taken_whatever_its_capitals(desk: Desk) -> None:
    desk.create(a_create_request("Churn"))

    error = desk.refusal_to_create(a_create_request("churn"))

    assert (error.code, error.message) == (
        "ResourceInUse",
        "A hyperparameter tuning job with the name, churn, already exists. Choose a different name.",
    )


def test_a_name_is_free_in_another_region(desk: Desk) -> None:
    desk.create(a_create_request())
    desk.scope = Scope(account=SCOPE.account, region="eu-west-1")

    assert "eu-west-1" in desk.create(a_create_request())


def test_a_role_of_another_account_is_refused(desk: Desk) -> None:
    """Saying which role would do."""
    refused = message(desk, TrainingJobDefinition__RoleArn="arn:aws:iam::111122223333:role/other")

    assert "111122223333" in refused
    assert "arn:aws:iam::000000000000:role/" in refused


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({f"{DEFINITION}": ...}, "TrainingJobDefinition or TrainingJobDefinitions is required"),
        ({f"{CONFIG}__ParameterRanges": ...}, "ParameterRanges is required"),
        ({f"{CONFIG}__HyperParameterTuningJobObjective": ...}, "HyperParameterTuningJobObjective is required"),
        ({f"{CONFIG}__ResourceLimits__MaxNumberOfTrainingJobs": ...}, "MaxNumberOfTrainingJobs is required"),
        ({f"{DEFINITION}__AlgorithmSpecification__TrainingImage": ...}, "to the TrainingImage parameter"),
        ({f"{DEFINITION}__ResourceConfig": ...}, "either ResourceConfig or HyperParameterTuningResourceConfig"),
        ({f"{DEFINITION}__HyperParameterTuningResourceConfig": {}}, "and not both"),
        ({f"{DEFINITION}__ResourceConfig__InstanceType": ...}, "ResourceConfig.InstanceType is required"),
        ({f"{DEFINITION}__ResourceConfig__VolumeSizeInGB": 0}, "VolumeSizeInGB must be 1 or more"),
        ({f"{DEFINITION}__StoppingCondition__MaxRuntimeInSeconds": 2_419_201}, "above 28 days"),
        ({f"{DEFINITION}__StaticHyperParameters__eta": "1"}, "'eta' is both in ParameterRanges and in Static"),
        ({f"{DEFINITION}__Environment": {"TRAINING_JOB_NAME": "x"}}, "TRAINING_JOB_NAME is reserved"),
        ({f"{CHANNEL}__ChannelName": "validation"}, "2 channels named 'validation'"),
        ({f"{CHANNEL}__ChannelName": ".."}, "cannot be a folder's name"),
        ({f"{CHANNEL}__DataSource": {}}, "has no source"),
        ({f"{CHANNEL}__DataSource__S3DataSource__S3Uri": "https://data/x"}, "write it as s3://bucket/prefix"),
        ({f"{DEFINITION}__OutputDataConfig__S3OutputPath": "https://data/x"}, "write it as s3://bucket/prefix"),
        ({f"{DEFINITION}__OutputDataConfig__S3OutputPath": "s3://b/x"}, "no bucket has such a name"),
        ({f"{CONFIG}__ParameterRanges__IntegerParameterRanges__0__MinValue": "one"}, "is not a whole number"),
    ],
)
def test_a_request_that_is_not_a_whole_tuning_job_is_refused(
    desk: Desk, changes: dict[str, Any], expected: str
) -> None:
    assert expected in message(desk, **changes)


def test_a_hundred_hyperparameters_are_possible(desk: Desk) -> None:
    """Four tunable ones, the one that SageMaker adds, and the static ones."""
    static = {f"p{place}": "1" for place in range(95)}

    assert len(tuned(desk, TrainingJobDefinition__StaticHyperParameters=static).static_hyperparameters) == 96


def test_more_than_a_hundred_hyperparameters_are_refused(desk: Desk) -> None:
    static = {f"p{place}": "1" for place in range(96)}

    assert "101 hyperparameters" in message(desk, TrainingJobDefinition__StaticHyperParameters=static)


def test_a_discrete_space_smaller_than_the_tuning_job_is_refused(desk: Desk) -> None:
    ranges = {"CategoricalParameterRanges": [{"Name": "booster", "Values": ["gbtree", "dart", "gblinear"]}]}

    assert "the provided ranges [3.0]" in message(desk, HyperParameterTuningJobConfig__ParameterRanges=ranges)


@pytest.mark.parametrize(("limit", "value"), [("MaxNumberOfTrainingJobs", 751), ("MaxParallelTrainingJobs", 11)])
def test_a_tuning_job_over_a_quota_is_refused(desk: Desk, limit: str, value: int) -> None:
    changes: dict[str, Any] = {f"HyperParameterTuningJobConfig__ResourceLimits__{limit}": value}

    assert desk.refusal_to_create(a_create_request(**changes)).code == "ResourceLimitExceeded"


def test_the_hundred_and_first_tuning_job_at_one_time_is_refused(desk: Desk) -> None:
    for place in range(100):
        desk.create(a_create_request(f"job-{place}"))

    error = desk.refusal_to_create(a_create_request("job-100"))

    assert (error.code, "with current utilization of 100" in error.message) == ("ResourceLimitExceeded", True)


def test_a_channel_whose_prefix_names_nothing_is_refused(desk: Desk) -> None:
    desk.objects.keys.remove("xgboost/validation/a.csv")

    assert message(desk).startswith('No S3 objects found under S3 URL "s3://data/xgboost/validation" given in input')


def test_a_channel_in_a_bucket_that_is_not_there_is_refused(desk: Desk) -> None:
    uri = {f"{CHANNEL}__DataSource__S3DataSource__S3Uri": "s3://nowhere/x"}

    assert 'No S3 objects found under S3 URL "s3://nowhere/x"' in message(desk, **uri)


@pytest.mark.parametrize(("own", "mode"), [(..., "Pipe"), ("File", "File"), ("FastFile", "FastFile")])
def test_channels_have_the_algorithms_mode_unless_they_name_their_own(desk: Desk, own: object, mode: str) -> None:
    changes = {"TrainingJobDefinition__AlgorithmSpecification__TrainingInputMode": "Pipe"}
    if own is not ...:
        changes[f"{CHANNEL}__InputMode"] = str(own)
    job = desk.store.tuning_jobs.get(TuningJobArn(desk.create(a_create_request(**changes))))

    assert job is not None
    assert [str(each.input_mode) for each in job.specification.definitions[0].training.channels] == [mode, "Pipe"]


PIPE = {f"{CHANNEL}__InputMode": "Pipe"}
SOURCE = f"{CHANNEL}__DataSource__S3DataSource"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({f"{SOURCE}__S3DataType": "AugmentedManifestFile"}, "is read in Pipe mode only"),
        ({f"{SOURCE}__S3DataType": "AugmentedManifestFile", **PIPE}, "needs AttributeNames"),
        ({f"{SOURCE}__AttributeNames": ["source-ref"], **PIPE}, "AttributeNames is for the S3DataType"),
        ({f"{CHANNEL}__CompressionType": "Gzip"}, "the CompressionType Gzip is for Pipe mode only"),
        ({f"{CHANNEL}__RecordWrapperType": "RecordIO"}, "the RecordWrapperType RecordIO is for Pipe mode only"),
        ({f"{CHANNEL}__CompressionType": "Gzip", f"{CHANNEL}__InputMode": "FastFile"}, "is for Pipe mode only"),
    ],
)
def test_what_does_not_go_together_in_a_channel_is_refused(desk: Desk, changes: dict[str, object], said: str) -> None:
    assert said in message(desk, **changes)


def test_a_channel_keeps_all_that_pipe_mode_needs(desk: Desk) -> None:
    changes = {
        **PIPE,
        f"{SOURCE}__S3DataType": "AugmentedManifestFile",
        f"{SOURCE}__AttributeNames": ["source-ref", "label"],
        f"{CHANNEL}__CompressionType": "Gzip",
        f"{CHANNEL}__RecordWrapperType": "RecordIO",
        f"{CHANNEL}__ShuffleConfig": {"Seed": -5},
    }

    job = desk.store.tuning_jobs.get(TuningJobArn(desk.create(a_create_request(**changes))))

    assert job is not None
    channel = job.specification.definitions[0].training.channels[0]
    assert (channel.data_type, channel.attributes) == ("AugmentedManifestFile", ("source-ref", "label"))
    assert (channel.compression, channel.record_wrapper, channel.shuffle_seed) == ("Gzip", "RecordIO", -5)


def test_input_is_looked_for_as_the_role_that_the_request_names(desk: Desk) -> None:
    role = "arn:aws:iam::000000000000:role/trainer"

    desk.create(a_create_request(TrainingJobDefinition__RoleArn=role))

    assert desk.roles_that_looked == [role]


def test_an_object_store_that_cannot_be_reached_refuses_nothing(desk: Desk) -> None:
    """The training job will say what is missing."""
    desk.objects.is_reachable = False

    assert desk.create(a_create_request())


def test_a_stopped_tuning_job_is_stopping_in_the_very_next_describe(desk: Desk) -> None:
    desk.create(a_create_request())

    assert desk.ask("StopHyperParameterTuningJob", HyperParameterTuningJobName="MyTuningJob") is None

    described = desk.ask("DescribeHyperParameterTuningJob", HyperParameterTuningJobName="MyTuningJob")
    assert (described["HyperParameterTuningJobStatus"], desk.wakes) == ("Stopping", 2)


def test_a_stop_waits_for_no_training_job(desk: Desk) -> None:
    """The grace of a training job is longer than a client waits for an answer."""
    desk.create(a_create_request())
    (child,) = desk.launch("MyTuningJob", 1)

    assert desk.ask("StopHyperParameterTuningJob", HyperParameterTuningJobName="MyTuningJob") is None

    assert desk.ask("DescribeTrainingJob", TrainingJobName=child.name)["TrainingJobStatus"] == "InProgress"


def test_a_tuning_job_may_be_stopped_twice(desk: Desk) -> None:
    desk.create(a_create_request())
    desk.ask("StopHyperParameterTuningJob", HyperParameterTuningJobName="MyTuningJob")

    assert desk.ask("StopHyperParameterTuningJob", HyperParameterTuningJobName="MyTuningJob") is None


def test_a_tuning_job_that_is_over_cannot_be_stopped(desk: Desk) -> None:
    desk.create(a_create_request())
    job = desk.store.tuning_jobs.get(tuning_job_arn(SCOPE, "MyTuningJob"))
    assert job is not None
    desk.store.tuning_jobs.replace(replace(job, status=TuningStatus.COMPLETED))

    error = desk.refusal("StopHyperParameterTuningJob", HyperParameterTuningJobName="MyTuningJob")

    assert (error.code, error.message) == (
        "ValidationException",
        "The request was rejected because the hyperparameter tuning job is in status Completed.",
    )


@pytest.mark.parametrize(
    "operation",
    ["DescribeHyperParameterTuningJob", "StopHyperParameterTuningJob", "ListTrainingJobsForHyperParameterTuningJob"],
)
def test_a_tuning_job_that_is_not_there_is_not_found(desk: Desk, operation: str) -> None:
    error = desk.refusal(operation, HyperParameterTuningJobName="nobody")

    assert (error.code, error.message) == (
        "ResourceNotFound",
        "Amazon SageMaker can't find a tuning job called nobody. Type another name.",
    )


def test_the_image_is_the_one_asked_for(desk: Desk) -> None:
    assert definition(desk).image == IMAGE


def test_nothing_ends_a_tuning_job_early_where_nothing_is_asked(desk: Desk) -> None:
    specification = created(desk)

    assert (specification.max_runtime_s, specification.target, specification.patience) == (None, None, None)
    assert not specification.completes_on_convergence


def test_the_completion_criteria_are_those_asked_for(desk: Desk) -> None:
    specification = created(
        desk,
        HyperParameterTuningJobConfig__ResourceLimits__MaxRuntimeInSeconds=120,
        HyperParameterTuningJobConfig__TuningJobCompletionCriteria={
            "TargetObjectiveMetricValue": 0,
            "BestObjectiveNotImproving": {"MaxNumberOfTrainingJobsNotImproving": 3},
            "ConvergenceDetected": {"CompleteOnConvergence": "Enabled"},
        },
    )

    assert (specification.max_runtime_s, specification.target, specification.patience) == (120, 0.0, 3)
    assert specification.completes_on_convergence


@pytest.mark.parametrize(
    ("member", "value", "expected"),
    [
        ("ResourceLimits__MaxRuntimeInSeconds", 119, "greater than or equal to 120"),
        ("ResourceLimits__MaxRuntimeInSeconds", 15_768_001, "less than or equal to 15768000"),
        (
            "TuningJobCompletionCriteria__BestObjectiveNotImproving__MaxNumberOfTrainingJobsNotImproving",
            2,
            "greater than or equal to 3",
        ),
    ],
)
def test_a_completion_criterion_out_of_bounds_is_refused(desk: Desk, member: str, value: Any, expected: str) -> None:
    assert expected in message(desk, **{f"{CONFIG}__{member}": value})


def test_more_places_than_training_jobs_are_possible(desk: Desk) -> None:
    """Nothing says that SageMaker minds."""
    limits = {"MaxNumberOfTrainingJobs": 2, "MaxParallelTrainingJobs": 3}

    assert created(desk, HyperParameterTuningJobConfig__ResourceLimits=limits).max_parallel == 3


def test_a_dry_run_of_a_tuning_job_leaves_no_trace(desk: Desk) -> None:
    desk.is_dry_run = True

    error = desk.refusal_to_create(a_create_request())

    assert (error.code, error.http_status) == ("DryRunOperation", 412)
    assert (desk.store.tuning_jobs.unfinished(), desk.wakes) == ([], 0)


def test_a_search_knows_the_defaults_of_sagemakers_xgboost(desk: Desk) -> None:
    """Those inside their ranges."""
    assert tuned(desk).space.defaults == {"eta": 0.3, "alpha": 0.0, "min_child_weight": 1.0, "max_depth": 6}


def test_defaults_outside_their_range_are_left_out(desk: Desk) -> None:
    narrow = {f"{CONFIG}__ParameterRanges__ContinuousParameterRanges__0__MinValue": "0.5"}

    assert "eta" not in tuned(desk, **narrow).space.defaults


def test_an_alias_has_the_same_default(desk: Desk) -> None:
    other = {f"{CONFIG}__ParameterRanges__ContinuousParameterRanges__0__Name": "learning_rate"}

    assert tuned(desk, **other).space.defaults["learning_rate"] == 0.3


def test_a_script_has_no_defaults(desk: Desk) -> None:
    """Its hyperparameters are its own, whatever their names."""
    script = {
        f"{DEFINITION}__StaticHyperParameters__sagemaker_program": "train.py",
        f"{DEFINITION}__AlgorithmSpecification__MetricDefinitions": [
            {"Name": "validation:auc", "Regex": "auc=([0-9.]+)"}
        ],
    }

    assert tuned(desk, **script).space.defaults == {}


def test_defaults_are_not_shown(desk: Desk) -> None:
    """Describe gives the request and no more."""
    desk.create(a_create_request("MyTuningJob"))

    described = desk.ask("DescribeHyperParameterTuningJob", HyperParameterTuningJobName="MyTuningJob")

    given = a_create_request()[CONFIG]["ParameterRanges"]["ContinuousParameterRanges"][0]
    shown = described[CONFIG]["ParameterRanges"]["ContinuousParameterRanges"][0]
    assert shown == {**given, "ScalingType": "Auto"}
    assert "eta" not in described[DEFINITION]["StaticHyperParameters"]


@pytest.mark.parametrize(("asked", "stops_early"), [({EARLY: "Auto"}, True), ({EARLY: "Off"}, False), ({}, False)])
def test_training_jobs_are_stopped_early_where_that_is_asked_for(
    desk: Desk, asked: dict[str, str], stops_early: bool
) -> None:
    arn = desk.create(a_create_request(**asked))

    job = desk.store.tuning_jobs.get(TuningJobArn(arn))

    assert job is not None
    assert job.specification.stops_early is stops_early
