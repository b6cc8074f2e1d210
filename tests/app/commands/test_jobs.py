"""The table of tuning jobs in a terminal."""

import io
from datetime import UTC, datetime

from rich.console import Console

from luthier.app.commands.jobs import table

LONG = "sagemaker-scikit-lea-261128-2337"


def test_a_name_is_whole_in_a_narrow_terminal() -> None:
    """It is to be copied into the next command; other columns give way."""
    job = {
        "HyperParameterTuningJobName": LONG,
        "HyperParameterTuningJobStatus": "InProgress",
        "HyperParameterTuningJobConfig": {"Strategy": "Bayesian", "ResourceLimits": {"MaxNumberOfTrainingJobs": 10}},
        "TrainingJobStatusCounters": {
            "Completed": 3,
            "InProgress": 2,
            "RetryableError": 0,
            "NonRetryableError": 0,
            "Stopped": 0,
        },
        "CreationTime": datetime(2026, 11, 28, tzinfo=UTC),
    }
    console = Console(width=70, file=io.StringIO())

    console.print(table([job]))

    assert isinstance(console.file, io.StringIO)
    assert LONG in console.file.getvalue()
