"""Whether an account may have as much as it asks for, told in the words of SageMaker's quotas."""

from collections.abc import Mapping

from luthier.api.desk import Desk
from luthier.clusters.capacity import Wanted
from luthier.records.call import ApiError
from luthier.records.names import Scope
from luthier.records.training_job import TrainingDefinition


def check_tuning_quotas(desk: Desk, scope: Scope, *, max_jobs: int, max_parallel: int) -> None:
    """
    Raise ResourceLimitExceeded for a tuning job of too many training jobs, or one tuning job too many at a time.

    AWS: "Quotas" of automatic model tuning, Amazon SageMaker Developer Guide.
    """
    limits = desk.limits
    _check("Number of training jobs per hyperparameter tuning job", limits.max_training_jobs, wanted=max_jobs)
    _check(
        "Number of parallel training jobs per hyperparameter tuning job",
        limits.max_parallel_training_jobs,
        wanted=max_parallel,
    )
    in_use = desk.store.usage.tuning_jobs(scope)
    _check("Number of concurrent hyperparameter tuning jobs", limits.max_tuning_jobs, wanted=1, in_use=in_use)


def check_instances(desk: Desk, scope: Scope, wanted: Mapping[str, int]) -> None:
    """
    Raise ResourceLimitExceeded where the instances *wanted*, by type, are too many beside those that are in use.

    For a tuning job that is what all its places together can use: MaxParallelTrainingJobs times InstanceCount. In use
    are the instances of training jobs that are not over. Without a quota, which is the default, nothing is looked up.
    """
    limit = desk.limits.max_instances
    if not limit:
        return
    in_use = desk.store.usage.instances(scope)
    for instance_type, count in wanted.items():
        quota = f"{instance_type} for training job usage"
        _check(quota, limit, wanted=count, in_use=in_use.get(instance_type, 0), unit=" Instances")


def check_capacity(desk: Desk, definition: TrainingDefinition) -> None:
    """Raise ResourceLimitExceeded for a training job that could only wait for ever, for want of a larger machine."""
    wanted = Wanted(instance_type=definition.instance_type, count=definition.instance_count)
    refusal = desk.capacity.refusal(wanted)
    if refusal is not None:
        raise ApiError("ResourceLimitExceeded", f"InstanceType {definition.instance_type}: {refusal}")


def _check(quota: str, limit: int, *, wanted: int, in_use: int = 0, unit: str = "") -> None:
    if in_use + wanted > limit:
        raise ApiError(
            "ResourceLimitExceeded",
            f"The account-level service limit '{quota}' is {limit}{unit}, with current utilization of {in_use}{unit} "
            f"and a request delta of {wanted}{unit}. Please use AWS Service Quotas to request an increase for this "
            "quota. If AWS Service Quotas is not available, contact AWS support to request an increase for this quota.",
        )
