"""Quotas, and what is allowed beyond AWS's rules, as they are chosen."""

from dataclasses import replace
from typing import Any

import pytest

from desk import Desk
from luthier.api.limits import Limits
from luthier.clusters.capacity import Resources, Slots
from luthier.records.call import ApiError
from luthier.records.names import Scope, TuningJobArn
from luthier.records.search_space import ContinuousRange, IntegerRange
from sample import a_create_request, a_request_for_several
from things import MACHINE, SCOPE
from training_requests import a_training_request

CONFIG = "HyperParameterTuningJobConfig"
RANGES = f"{CONFIG}__ParameterRanges"
LIMITS = f"{CONFIG}__ResourceLimits"
ONE_ETA: dict[str, Any] = {
    f"{RANGES}__ContinuousParameterRanges__0": {"Name": "eta", "MinValue": "0.5", "MaxValue": "0.50"}
}
FEW: dict[str, Any] = {
    RANGES: {"IntegerParameterRanges": [{"Name": "max_depth", "MinValue": "1", "MaxValue": "3"}]},
}


def refusal(desk: Desk, **changes: Any) -> ApiError:
    return desk.refusal_to_create(a_create_request("refused", **changes))


def test_a_quota_that_was_raised_lets_more_training_jobs_pass(desk: Desk) -> None:
    desk.limits = Limits(max_training_jobs=10_000, max_parallel_training_jobs=100)

    assert desk.create(
        a_create_request(**{f"{LIMITS}__MaxNumberOfTrainingJobs": 10_000, f"{LIMITS}__MaxParallelTrainingJobs": 100})
    )


@pytest.mark.parametrize(
    ("limit", "asked", "quota"),
    [
        ("MaxNumberOfTrainingJobs", 10_001, "Number of training jobs per hyperparameter tuning job' is 10000"),
        ("MaxParallelTrainingJobs", 101, "Number of parallel training jobs per hyperparameter tuning job' is 100"),
    ],
)
def test_a_quota_is_told_with_what_was_asked(desk: Desk, limit: str, asked: int, quota: str) -> None:
    desk.limits = Limits(max_training_jobs=10_000, max_parallel_training_jobs=100)

    error = refusal(desk, **{f"{LIMITS}__{limit}": asked})

    assert error.code == "ResourceLimitExceeded"
    assert error.message == (
        f"The account-level service limit '{quota}, with current utilization of 0 and a request delta of {asked}. "
        "Please use AWS Service Quotas to request an increase for this quota. If AWS Service Quotas is not available, "
        "contact AWS support to request an increase for this quota."
    )


def test_tuning_jobs_that_are_stopping_still_count(desk: Desk) -> None:
    desk.limits = Limits(max_tuning_jobs=1)
    desk.create(a_create_request())
    desk.ask("StopHyperParameterTuningJob", HyperParameterTuningJobName="MyTuningJob")

    assert "is 1, with current utilization of 1 and a request delta of 1." in refusal(desk).message


def test_each_region_has_quotas_of_its_own(desk: Desk) -> None:
    desk.limits = Limits(max_tuning_jobs=1)
    desk.create(a_create_request())
    desk.scope = Scope(account=SCOPE.account, region="eu-west-1")

    assert desk.create(a_create_request())


def test_instances_are_unlimited_unless_a_quota_is_chosen(desk: Desk) -> None:
    assert desk.create(a_create_request(**{f"{LIMITS}__MaxParallelTrainingJobs": 10}))


def test_a_tuning_job_wants_an_instance_for_every_place(desk: Desk) -> None:
    desk.limits = Limits(max_instances=2)

    error = refusal(desk)

    assert error.code == "ResourceLimitExceeded"
    assert error.message.startswith(
        "The account-level service limit 'ml.c4.2xlarge for training job usage' is 2 Instances, with current "
        "utilization of 0 Instances and a request delta of 3 Instances. Please use AWS Service Quotas"
    )


def test_instances_of_running_training_jobs_are_in_use(desk: Desk) -> None:
    desk.create(a_create_request())
    desk.launch("MyTuningJob", 1, 2)
    desk.limits = Limits(max_instances=4)

    assert "utilization of 2 Instances and a request delta of 3 Instances" in refusal(desk).message


def test_instances_of_training_jobs_that_are_over_are_free(desk: Desk) -> None:
    desk.create(a_create_request())
    for job in desk.launch("MyTuningJob", 1, 2):
        desk.complete(job, 0.5)
    desk.limits = Limits(max_instances=3)

    assert desk.create(a_create_request("second"))


def test_another_instance_type_has_a_quota_of_its_own(desk: Desk) -> None:
    desk.create(a_create_request())
    desk.launch("MyTuningJob", 1, 2)
    desk.limits = Limits(max_instances=3)
    other: dict[str, Any] = {"TrainingJobDefinition__ResourceConfig__InstanceType": "ml.m5.large"}

    assert desk.create(a_create_request("second", **other))


def test_a_tuning_job_whose_training_jobs_can_never_run_here_is_refused(desk: Desk) -> None:
    desk.capacity = Resources(MACHINE)

    error = refusal(desk)

    assert error.code == "ResourceLimitExceeded"
    assert error.message.startswith(
        "InstanceType ml.c4.2xlarge: ml.c4.2xlarge needs 8 vCPUs, 15 GiB and 0 GPUs; this machine has 4 vCPUs, 16 GiB "
        "and 2 GPUs. Choose a smaller InstanceType"
    )


def test_every_definition_of_a_tuning_job_must_be_able_to_run_here(desk: Desk) -> None:
    desk.capacity = Resources(replace(MACHINE, cpus=8))
    large = {"TrainingJobDefinitions__1__ResourceConfig__InstanceType": "ml.p3.16xlarge"}
    assert desk.create(a_request_for_several("first"))

    error = desk.refusal_to_create(a_request_for_several("second", **large))

    assert error.message.startswith("InstanceType ml.p3.16xlarge: ")


def test_a_training_job_that_can_never_run_here_is_refused(desk: Desk) -> None:
    desk.capacity = Resources(MACHINE)

    error = desk.refusal("CreateTrainingJob", **a_training_request())

    assert (error.code, error.message[:28]) == ("ResourceLimitExceeded", "InstanceType ml.c4.2xlarge: ")


def test_more_places_than_the_machine_has_are_no_reason_to_refuse(desk: Desk) -> None:
    """Training jobs wait for one another."""
    desk.capacity = Slots(MACHINE, 1)

    assert desk.create(a_create_request(**{f"{LIMITS}__MaxParallelTrainingJobs": 10}))


def test_a_range_of_one_value_is_refused_unless_allowed(desk: Desk) -> None:
    assert "MinValue [0.5] must be less than MaxValue [0.5]" in refusal(desk, **ONE_ETA).message


def test_a_range_of_one_value_can_be_allowed(desk: Desk) -> None:
    desk.limits = Limits(allows_single_values=True)

    job = desk.store.tuning_jobs.get(TuningJobArn(desk.create(a_create_request(**ONE_ETA))))

    assert job is not None
    assert ContinuousRange(name="eta", low=0.5, high=0.5) in job.specification.definitions[0].space.ranges


def test_a_small_space_is_refused_unless_allowed(desk: Desk) -> None:
    assert "You don't have enough combinations" in refusal(desk, **FEW).message


def test_a_small_space_can_be_allowed(desk: Desk) -> None:
    desk.limits = Limits(allows_small_spaces=True)

    job = desk.store.tuning_jobs.get(TuningJobArn(desk.create(a_create_request(**FEW))))

    assert job is not None
    assert job.specification.definitions[0].space.ranges == (IntegerRange(name="max_depth", low=1, high=3),)
