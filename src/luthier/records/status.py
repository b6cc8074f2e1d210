"""The statuses of SageMaker, in SageMaker's own words."""

from enum import StrEnum


class TuningStatus(StrEnum):
    """Where a tuning job stands."""

    IN_PROGRESS = "InProgress"
    STOPPING = "Stopping"
    COMPLETED = "Completed"
    FAILED = "Failed"
    STOPPED = "Stopped"

    @property
    def is_over(self) -> bool:
        """Whether nothing will ever change again."""
        return self in (TuningStatus.COMPLETED, TuningStatus.FAILED, TuningStatus.STOPPED)


class TrainingStatus(StrEnum):
    """Where a training job stands."""

    IN_PROGRESS = "InProgress"
    STOPPING = "Stopping"
    COMPLETED = "Completed"
    FAILED = "Failed"
    STOPPED = "Stopped"
    DELETING = "Deleting"  # over before, and soon not there any more

    @property
    def is_over(self) -> bool:
        """Whether its training has come to an end, for good."""
        return self not in (TrainingStatus.IN_PROGRESS, TrainingStatus.STOPPING)


class SecondaryStatus(StrEnum):
    """What a training job is doing just now."""

    STARTING = "Starting"
    DOWNLOADING_IMAGE = "DownloadingTrainingImage"
    DOWNLOADING = "Downloading"
    TRAINING = "Training"
    UPLOADING = "Uploading"
    STOPPING = "Stopping"
    COMPLETED = "Completed"
    FAILED = "Failed"
    STOPPED = "Stopped"
    MAX_RUNTIME_EXCEEDED = "MaxRuntimeExceeded"
    RESTARTING = "Restarting"


class ObjectiveStatus(StrEnum):
    """What is known of a training job's objective."""

    SUCCEEDED = "Succeeded"
    PENDING = "Pending"
    FAILED = "Failed"
