"""Describing tuning jobs and training jobs."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, event

from desk import BOXED_IMAGE, AnyImage, Desk
from luthier.api.ledger.answers import NOT_GIVEN
from luthier.records.journal import Ended, MetricSeen, Outcome
from luthier.records.names import tuning_job_arn
from luthier.records.status import TuningStatus
from luthier.runtimes.vpc_file import Vpc
from luthier.tuning.completion import CONVERGED_AFTER
from luthier.wire.model import operation
from sample import a_create_request, a_request_for_several
from things import SCOPE
from training_requests import a_training_request


def a_tuning_job(desk: Desk, **changes: Any) -> Any:
    desk.create(a_create_request("Tune", **changes))
    return describe(desk)


def describe(desk: Desk, name: str = "Tune") -> Any:
    return desk.ask("DescribeHyperParameterTuningJob", HyperParameterTuningJobName=name)


def describe_training(desk: Desk, name: str) -> Any:
    return desk.ask("DescribeTrainingJob", TrainingJobName=name)


def finish(desk: Desk, status: TuningStatus) -> float:
    """End the tuning job ninety seconds after its creation; gives the time."""
    job = desk.store.tuning_jobs.get(tuning_job_arn(SCOPE, "Tune"))
    assert job is not None
    end = job.created_at + 90
    desk.store.tuning_jobs.replace(
        replace(job, status=status, failure_reason="none succeeded", ended_at=end, modified_at=end)
    )
    return end


def test_capitals_in_a_tuning_jobs_name_do_not_matter(desk: Desk) -> None:
    a_tuning_job(desk)

    assert describe(desk, "TUNE")["HyperParameterTuningJobName"] == "Tune"


def test_capitals_in_a_training_jobs_name_do_not_matter(desk: Desk) -> None:
    a_tuning_job(desk)
    (child,) = desk.launch("Tune", 1)

    assert describe_training(desk, child.name.upper())["TrainingJobName"] == child.name


def test_the_added_hyperparameter_is_shown(desk: Desk) -> None:
    static = a_tuning_job(desk)["TrainingJobDefinition"]["StaticHyperParameters"]

    assert static["_tuning_objective_metric"] == "validation:auc"


def test_all_three_lists_of_ranges_are_shown(desk: Desk) -> None:
    """Empty where the request left them out."""
    ranges = a_tuning_job(
        desk,
        HyperParameterTuningJobConfig__ParameterRanges={
            "ContinuousParameterRanges": [{"Name": "eta", "MinValue": "0", "MaxValue": "1"}]
        },
    )["HyperParameterTuningJobConfig"]["ParameterRanges"]

    assert ranges == {
        "IntegerParameterRanges": [],
        "CategoricalParameterRanges": [],
        "ContinuousParameterRanges": [{"Name": "eta", "MinValue": "0", "MaxValue": "1", "ScalingType": "Auto"}],
    }


def test_early_stopping_is_shown_as_off_where_nothing_was_asked(desk: Desk) -> None:
    assert a_tuning_job(desk)["HyperParameterTuningJobConfig"]["TrainingJobEarlyStoppingType"] == "Off"


def test_a_drawn_seed_is_not_shown(desk: Desk) -> None:
    shown = a_tuning_job(desk, HyperParameterTuningJobConfig__RandomSeed=...)

    assert "RandomSeed" not in shown["HyperParameterTuningJobConfig"]


def test_the_booleans_are_shown_as_false(desk: Desk) -> None:
    definition = a_tuning_job(desk)["TrainingJobDefinition"]

    assert [
        definition["EnableNetworkIsolation"],
        definition["EnableInterContainerTrafficEncryption"],
        definition["EnableManagedSpotTraining"],
    ] == [False, False, False]


def test_tuning_resources_are_shown_as_resources_too(desk: Desk) -> None:
    """SDK v2 attaches to tuning jobs by their ResourceConfig alone."""
    resources = {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 7}
    definition = a_tuning_job(
        desk,
        TrainingJobDefinition__ResourceConfig=...,
        TrainingJobDefinition__HyperParameterTuningResourceConfig=resources,
    )["TrainingJobDefinition"]

    assert definition["HyperParameterTuningResourceConfig"] == definition["ResourceConfig"] == resources


def test_defaults_of_a_channel_are_shown(desk: Desk) -> None:
    channel = a_tuning_job(desk, TrainingJobDefinition__InputDataConfig__0__CompressionType=...)[
        "TrainingJobDefinition"
    ]["InputDataConfig"][0]

    assert (channel["CompressionType"], channel["RecordWrapperType"]) == ("None", "None")


def test_an_empty_key_is_not_shown_in_a_tuning_job(desk: Desk) -> None:
    definition = a_tuning_job(desk, TrainingJobDefinition__OutputDataConfig__KmsKeyId="")["TrainingJobDefinition"]

    assert definition["OutputDataConfig"] == {"CompressionType": "GZIP", "S3OutputPath": "s3://data/xgboost/output"}


def test_a_single_definition_is_shown_without_a_list_of_them(desk: Desk) -> None:
    """Clients branch on which key is there."""
    assert "TrainingJobDefinitions" not in a_tuning_job(desk)


def test_a_new_tuning_job_has_every_counter_at_zero_and_no_best_training_job(desk: Desk) -> None:
    shown = a_tuning_job(desk)

    assert set(shown["TrainingJobStatusCounters"].values()) | set(shown["ObjectiveStatusCounters"].values()) == {0}
    assert "BestTrainingJob" not in shown


def test_counters_count_the_training_jobs(desk: Desk) -> None:
    a_tuning_job(desk)
    good, bad, _ = desk.launch("Tune", 1, 2, 3)
    desk.complete(good, 0.75)
    desk.take_in(bad, Ended(outcome=Outcome.FAILED, at=desk.now + 5, reason="AlgorithmError: exit code 1"))

    shown = describe(desk)

    assert shown["TrainingJobStatusCounters"] == {
        "Completed": 1,
        "InProgress": 1,
        "RetryableError": 0,
        "NonRetryableError": 1,
        "Stopped": 0,
    }
    assert shown["ObjectiveStatusCounters"] == {"Succeeded": 1, "Pending": 1, "Failed": 1}


def test_the_best_training_job_is_shown_while_others_run(desk: Desk) -> None:
    a_tuning_job(desk)
    better, worse, _ = desk.launch("Tune", 7, 2, 3)
    launched = desk.now
    desk.complete(better, 0.75)
    desk.complete(worse, 0.5)

    assert describe(desk)["BestTrainingJob"] == {
        "TrainingJobName": better.name,
        "TrainingJobArn": better.arn,
        "TuningJobName": "Tune",
        "CreationTime": launched,
        "TrainingStartTime": launched + 10,
        "TrainingEndTime": launched + 100,
        "TrainingJobStatus": "Completed",
        "TunedHyperParameters": {"eta": "0.5", "alpha": "0.25", "min_child_weight": "3.0", "max_depth": "7"},
        "FinalHyperParameterTuningJobObjectiveMetric": {
            "Type": "Maximize",
            "MetricName": "validation:auc",
            "Value": 0.75,
        },
        "ObjectiveStatus": "Succeeded",
    }


def test_a_training_job_is_shown_with_its_definitions_name(desk: Desk) -> None:
    a_tuning_job(desk, TrainingJobDefinition__DefinitionName="deep")
    desk.complete(desk.launch("Tune", 1)[0], 0.75)

    assert describe(desk)["BestTrainingJob"]["TrainingJobDefinitionName"] == "deep"


def test_a_tuning_job_that_is_over_tells_when_and_why(desk: Desk) -> None:
    a_tuning_job(desk)
    end = finish(desk, TuningStatus.FAILED)

    shown = describe(desk)

    assert (
        shown["HyperParameterTuningJobStatus"],
        shown["FailureReason"],
        shown["HyperParameterTuningEndTime"],
        shown["LastModifiedTime"],
        shown["ConsumedResources"],
    ) == ("Failed", "none succeeded", end, end, {"RuntimeInSeconds": 90})


def test_training_jobs_that_are_no_improvement_are_counted(desk: Desk) -> None:
    """Whether or not the tuning job ends by it."""
    a_tuning_job(desk)
    for child, value in zip(desk.launch("Tune", 1, 2, 3), (0.75, 0.5, 0.625), strict=True):
        desk.complete(child, value)

    assert describe(desk)["TuningJobCompletionDetails"] == {"NumberOfTrainingJobsObjectiveNotImproving": 2}


def test_describe_tells_when_the_search_has_converged(desk: Desk) -> None:
    a_tuning_job(desk)
    children = desk.launch("Tune", *range(1, CONVERGED_AFTER + 2))
    for child in children:
        desk.complete(child, 0.5)

    told = describe(desk)["TuningJobCompletionDetails"]

    assert told["NumberOfTrainingJobsObjectiveNotImproving"] == CONVERGED_AFTER
    assert told["ConvergenceDetectedTime"] > 0


def test_completion_criteria_are_shown_as_they_were_asked_for(desk: Desk) -> None:
    criteria = {
        "TargetObjectiveMetricValue": 0.875,
        "BestObjectiveNotImproving": {"MaxNumberOfTrainingJobsNotImproving": 3},
        "ConvergenceDetected": {"CompleteOnConvergence": "Disabled"},
    }
    limits = {"MaxNumberOfTrainingJobs": 20, "MaxParallelTrainingJobs": 3, "MaxRuntimeInSeconds": 3600}

    config = a_tuning_job(
        desk,
        HyperParameterTuningJobConfig__TuningJobCompletionCriteria=criteria,
        HyperParameterTuningJobConfig__ResourceLimits=limits,
    )["HyperParameterTuningJobConfig"]

    assert (config["TuningJobCompletionCriteria"], config["ResourceLimits"]) == (criteria, limits)


def test_a_running_tuning_job_tells_how_long_it_has_run(desk: Desk) -> None:
    a_tuning_job(desk)
    desk.now += 58

    assert describe(desk)["ConsumedResources"] == {"RuntimeInSeconds": 60}


def test_describe_reads_as_often_for_many_training_jobs_as_for_one(desk: Desk) -> None:
    """Every client asks every few seconds."""
    a_tuning_job(desk)
    statements: list[str] = []

    @event.listens_for(Engine, "before_cursor_execute")
    def note(*given: object) -> None:
        statements.append(str(given[2]))

    def reads() -> int:
        statements.clear()
        describe(desk)
        return len(statements)

    try:
        desk.complete(desk.launch("Tune", 1)[0], 0.5)
        once = reads()
        for child in desk.launch("Tune", *range(2, 11)):
            desk.complete(child, 0.25)
        assert reads() == once <= 6
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def test_every_member_is_given_but_those_that_the_ledger_names(desk: Desk) -> None:
    """Over the lives of a tuning job and its training jobs, failures included."""
    a_tuning_job(
        desk,
        Autotune={"Mode": "Enabled"},
        TrainingJobDefinition__Environment={"A": "b"},
        TrainingJobDefinition__RetryStrategy={"MaximumRetryAttempts": 2},
    )
    good, bad = desk.launch("Tune", 1, 2)
    desk.complete(good, 0.5)
    desk.take_in(bad, Ended(outcome=Outcome.FAILED, at=desk.now + 1, reason="ClientError: no input"))
    finish(desk, TuningStatus.FAILED)

    desk.create(a_request_for_several("several"))
    desk.now += 1000
    parents = [{"HyperParameterTuningJobName": "Tune"}]
    warm = {"ParentHyperParameterTuningJobs": parents, "WarmStartType": "IdenticalDataAndAlgorithm"}
    desk.create(a_create_request("warm", WarmStartConfig=warm, TrainingJobDefinition__Environment={"A": "b"}))

    desk.containers, desk.vpc = AnyImage(), lambda: Vpc(subnets={"subnet-1": ("a",)}, security_groups={"sg-1": ()})
    of_its_own = a_training_request(
        AlgorithmSpecification={"TrainingImage": BOXED_IMAGE, "TrainingInputMode": "File"},
        VpcConfig={"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1"]},
        CheckpointConfig={"S3Uri": "s3://data/checkpoints"},
    )
    desk.ask("CreateTrainingJob", **of_its_own)

    tuning_jobs = [describe(desk), describe(desk, "several"), describe(desk, "warm")]
    given = {
        "DescribeHyperParameterTuningJob": {member for each in tuning_jobs for member in each},
        "DescribeTrainingJob": {
            member for name in (good.name, bad.name, "alone") for member in describe_training(desk, name)
        },
    }

    for name, members in given.items():
        output = operation("sagemaker", name).output
        assert output is not None
        assert members | NOT_GIVEN.get(name, {}).keys() == output.members.keys()


def test_a_training_job_tells_which_tuning_job_it_is_of(desk: Desk) -> None:
    arn = a_tuning_job(desk)["HyperParameterTuningJobArn"]

    assert describe_training(desk, desk.launch("Tune", 1)[0].name)["TuningJobArn"] == arn


def test_model_artifacts_are_named_from_the_first_describe_on(desk: Desk) -> None:
    a_tuning_job(
        desk, TrainingJobDefinition__OutputDataConfig={"S3OutputPath": "s3://data/out/", "CompressionType": "GZIP"}
    )
    (child,) = desk.launch("Tune", 1)

    assert describe_training(desk, child.name)["ModelArtifacts"] == {
        "S3ModelArtifacts": f"s3://data/out/{child.name}/output/model.tar.gz"
    }


def test_a_training_job_is_shown_with_all_its_hyperparameters(desk: Desk) -> None:
    """Static, tuned and added, all of them text."""
    a_tuning_job(desk, TrainingJobDefinition__StaticHyperParameters={"num_round": "1"})

    assert describe_training(desk, desk.launch("Tune", 4)[0].name)["HyperParameters"] == {
        "_tuning_objective_metric": "validation:auc",
        "num_round": "1",
        "eta": "0.5",
        "alpha": "0.25",
        "min_child_weight": "3.0",
        "max_depth": "4",
    }


def test_a_training_job_always_shows_a_key(desk: Desk) -> None:
    """SDK v2 reads it unguarded."""
    a_tuning_job(desk)

    assert describe_training(desk, desk.launch("Tune", 1)[0].name)["OutputDataConfig"]["KmsKeyId"] == ""


def test_transitions_follow_one_another_without_a_gap(desk: Desk) -> None:
    a_tuning_job(desk)
    (child,) = desk.launch("Tune", 1)
    at = desk.now
    desk.complete(child, 0.5)

    transitions = describe_training(desk, child.name)["SecondaryStatusTransitions"]

    assert [(each["Status"], each["StartTime"] - at, each["EndTime"] - at) for each in transitions] == [
        ("Starting", 0, 10),
        ("Downloading", 10, 20),
        ("Training", 20, 90),
        ("Uploading", 90, 100),
        ("Completed", 100, 100),
    ]
    assert all(each["StatusMessage"] for each in transitions)


def test_every_step_of_a_training_job_has_a_message_and_a_time(desk: Desk) -> None:
    """SDK v2 reads both unguarded, from the first answer on."""
    a_tuning_job(desk)
    done, broken = desk.launch("Tune", 1, 2)
    shown = [describe_training(desk, done.name)]
    desk.ask("StopTrainingJob", TrainingJobName=done.name)
    shown.append(describe_training(desk, done.name))
    desk.complete(done, 0.5)
    desk.take_in(broken, Ended(outcome=Outcome.FAILED, at=desk.now + 1))

    shown += [describe_training(desk, each.name) for each in (done, broken)]

    assert all(each["LastModifiedTime"] >= each["CreationTime"] for each in shown)
    assert all(step["StatusMessage"] for each in shown for step in each["SecondaryStatusTransitions"])


def test_a_running_training_jobs_last_transition_is_open(desk: Desk) -> None:
    a_tuning_job(desk)

    (last,) = describe_training(desk, desk.launch("Tune", 1)[0].name)["SecondaryStatusTransitions"]

    assert "EndTime" not in last


def test_every_metric_is_shown_with_its_last_value(desk: Desk) -> None:
    a_tuning_job(desk)
    (child,) = desk.launch("Tune", 1)
    desk.take_in(
        child,
        MetricSeen(name="train:auc", value=0.25, at=1.0),
        MetricSeen(name="validation:auc", value=0.875, at=2.0),
        MetricSeen(name="validation:auc", value=0.5, at=3.0),
    )

    assert describe_training(desk, child.name)["FinalMetricDataList"] == [
        {"MetricName": "train:auc", "Value": 0.25, "Timestamp": 1},
        {"MetricName": "validation:auc", "Value": 0.5, "Timestamp": 3},
    ]


def test_training_time_is_from_start_to_end(desk: Desk) -> None:
    a_tuning_job(desk)
    (child,) = desk.launch("Tune", 1)
    desk.complete(child, 0.5)

    shown = describe_training(desk, child.name)

    assert (shown["TrainingTimeInSeconds"], shown["BillableTimeInSeconds"]) == (90, 90)


def test_a_training_job_that_never_started_has_no_training_time(desk: Desk) -> None:
    a_tuning_job(desk)
    (child,) = desk.launch("Tune", 1)
    desk.take_in(child, Ended(outcome=Outcome.FAILED, at=desk.now + 1, reason="ClientError: no input"))

    shown = describe_training(desk, child.name)

    assert shown["FailureReason"] == "ClientError: no input"
    assert not {"TrainingTimeInSeconds", "BillableTimeInSeconds", "TrainingStartTime"} & shown.keys()


@pytest.mark.parametrize("operation", ["DescribeTrainingJob", "StopTrainingJob"])
def test_a_training_job_that_is_not_there_is_a_validation_error(desk: Desk, operation: str) -> None:
    """botocore's waiter for training jobs is built on it."""
    error = desk.refusal(operation, TrainingJobName="nobody")

    assert (error.code, error.message) == ("ValidationException", "Requested resource not found.")


def test_a_training_job_can_be_stopped_on_its_own(desk: Desk) -> None:
    a_tuning_job(desk)
    (child,) = desk.launch("Tune", 1)

    desk.ask("StopTrainingJob", TrainingJobName=child.name)

    shown = describe_training(desk, child.name)
    assert (shown["TrainingJobStatus"], shown["SecondaryStatus"]) == ("Stopping", "Stopping")


def test_a_training_job_may_be_stopped_twice(desk: Desk) -> None:
    a_tuning_job(desk)
    (child,) = desk.launch("Tune", 1)
    desk.ask("StopTrainingJob", TrainingJobName=child.name)

    assert desk.ask("StopTrainingJob", TrainingJobName=child.name) is None


def test_a_training_job_that_is_over_cannot_be_stopped(desk: Desk) -> None:
    a_tuning_job(desk)
    (child,) = desk.launch("Tune", 1)
    desk.complete(child, 0.5)

    error = desk.refusal("StopTrainingJob", TrainingJobName=child.name)

    assert (error.code, error.message) == (
        "ValidationException",
        "The request was rejected because the training job is in status Completed.",
    )


def test_early_stopping_is_shown_as_it_was_asked_for(desk: Desk) -> None:
    shown = a_tuning_job(desk, HyperParameterTuningJobConfig__TrainingJobEarlyStoppingType="Auto")

    assert shown["HyperParameterTuningJobConfig"]["TrainingJobEarlyStoppingType"] == "Auto"
