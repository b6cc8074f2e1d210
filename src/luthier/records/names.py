"""The names that things go by, and the ARNs that are their keys."""

from dataclasses import dataclass
from typing import NewType

TuningJobName = NewType("TuningJobName", str)
TrainingJobName = NewType("TrainingJobName", str)
TuningJobArn = NewType("TuningJobArn", str)
TrainingJobArn = NewType("TrainingJobArn", str)
AlgorithmName = NewType("AlgorithmName", str)
AlgorithmArn = NewType("AlgorithmArn", str)

OBJECTIVE_HYPERPARAMETER = "_tuning_objective_metric"
"""What a training job is told the name of its objective metric as."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The account and region in which a name is unique: everything a caller can see."""

    account: str
    region: str


def tuning_job_arn(scope: Scope, name: str) -> TuningJobArn:
    """
    Name a tuning job for good.

    The name is in lower case, so two names that differ only in case are one key, as in SageMaker.

    >>> tuning_job_arn(Scope(account="000000000000", region="eu-west-1"), "Churn")
    'arn:aws:sagemaker:eu-west-1:000000000000:hyper-parameter-tuning-job/churn'
    """
    return TuningJobArn(_arn(scope, "hyper-parameter-tuning-job", name))


def training_job_arn(scope: Scope, name: str) -> TrainingJobArn:
    """Name a training job for good; the name is in lower case (see `tuning_job_arn`)."""
    return TrainingJobArn(_arn(scope, "training-job", name))


def algorithm_arn(scope: Scope, name: str) -> AlgorithmArn:
    """Name an algorithm resource for good; the name is in lower case (see `tuning_job_arn`)."""
    return AlgorithmArn(_arn(scope, "algorithm", name))


def _arn(scope: Scope, kind: str, name: str) -> str:
    return f"arn:aws:sagemaker:{scope.region}:{scope.account}:{kind}/{name.lower()}"
