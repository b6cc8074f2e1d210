"""How much one account may ask for: Amazon SageMaker's own default quotas."""

from dataclasses import dataclass

from luthier.records.call import ApiError


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """An account-level limit."""

    name: str
    limit: int


# AWS: "Quotas and limits" of automatic model tuning, Amazon SageMaker Developer Guide.
TRAINING_JOBS = Quota(name="Number of training jobs per hyperparameter tuning job", limit=750)
PARALLEL_JOBS = Quota(name="Number of parallel training jobs per hyperparameter tuning job", limit=10)
TUNING_JOBS = Quota(name="Number of concurrent hyperparameter tuning jobs", limit=100)


def check_quota(quota: Quota, *, wanted: int, in_use: int = 0) -> None:
    """Raise ResourceLimitExceeded when *wanted* more beside those *in_use* is over the quota."""
    if in_use + wanted > quota.limit:
        raise ApiError(
            "ResourceLimitExceeded",
            f"The account-level service limit '{quota.name}' is {quota.limit}, with current utilization of {in_use} "
            f"and a request delta of {wanted}. Ask for less, or wait until others have finished.",
        )
