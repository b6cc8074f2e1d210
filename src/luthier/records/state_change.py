"""A change of a job's state, as it is told to those who do not ask."""

from dataclasses import dataclass
from enum import StrEnum

from luthier.records.names import Scope


class JobKind(StrEnum):
    """What kind of job has changed."""

    TUNING = "tuning"
    TRAINING = "training"


@dataclass(frozen=True, slots=True, kw_only=True)
class StateChange:
    """That a job came to be in a state: enough to tell of it when the job itself is not there any more."""

    id: str  # a UUID; the same for the same change, however often it is told
    kind: JobKind
    arn: str
    name: str
    scope: Scope
    created_at: float  # of the job: a namesake that was made later is another job
    at: float  # of the change
    status: str  # of the job, in SageMaker's words
    transitions: int = 0  # of a training job: how many secondary statuses it had had
    secondary: str | None = None  # of a training job: the latest of them
    reason: str | None = None  # why it failed
    tuning_job: str | None = None  # the name of the tuning job that it is, or is of, in lower case
