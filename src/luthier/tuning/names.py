"""What a tuning job's training jobs are called."""

from hashlib import sha256

from luthier.records.names import TrainingJobName
from luthier.records.tuning_job import TuningJob


def child_name(job: TuningJob, ordinal: int) -> TrainingJobName:
    """
    Name the training job at 1-based *ordinal*: `<tuning job>-<three digits or more>-<8 hex digits>`, as SageMaker does.

    The digits at the end depend on nothing but the tuning job and the ordinal, so a training job that is planned
    twice has one name; a tuning job made anew under an old name gives other names. A tuning job's name has at most
    32 characters, so the result stays far below the 63 of a training job's name.
    """
    identity = f"{job.arn} {job.created_at!r} {job.specification.seed} {ordinal}"
    return TrainingJobName(f"{job.name}-{ordinal:03d}-{sha256(identity.encode()).hexdigest()[:8]}")
