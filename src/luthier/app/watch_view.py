"""A tuning job as a screen of text: what the API describes, laid out (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate
from typing import Any

from rich.console import Group, RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from luthier.app import forecast_view
from luthier.app.cells import clean, objective
from luthier.app.runs import rules_of
from luthier.app.training_jobs_table import table
from luthier.dashboard.wording import number
from luthier.records.prices import Prices
from luthier.tuning.forecast import Run, forecast, past

Description = Mapping[str, Any]  # an answer of the API, as boto3 gives it

BLOCKS = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What was seen of a tuning job at one moment."""

    job: Description
    newest: Sequence[Description]  # its newest training jobs, newest first
    curve: Sequence[float]  # the best objective after each training job that has one
    runs: Sequence[Run] = ()  # all its training jobs, as a forecast sees them
    prices: Prices | None = None  # the user's, where there are any
    remarks: Sequence[str] = ()  # on its metrics: one line each
    is_answered: bool = True  # False: the server did not answer, and this is what was seen before

    @property
    def name(self) -> str:
        """The tuning job's name."""
        return str(self.job["HyperParameterTuningJobName"])

    @property
    def status(self) -> str:
        """The tuning job's status."""
        return str(self.job["HyperParameterTuningJobStatus"])


def line(look: Look) -> str:
    """Put a tuning job's progress in one line."""
    job = look.job
    counters = job["TrainingJobStatusCounters"]
    failed = counters["NonRetryableError"] + counters["RetryableError"]
    text = (
        f"{job['HyperParameterTuningJobName']} {look.status}: {over(job)} of {budget(job)} over, "
        f"{counters['InProgress']} running, {failed} failed, {counters['Stopped']} stopped"
    )
    best = job.get("BestTrainingJob")
    value = objective(best) if best else None
    if best and value is not None:
        text += f"; best {number(value)} by {best['TrainingJobName']}"
    if is_not_found(job):
        text += "; the objective is not found in the logs"
    if "FailureReason" in job:
        text += f"; {clean(job['FailureReason'])}"
    return text if look.is_answered else f"{text}; the server does not answer, trying again"


def screen(look: Look, width: int) -> RenderableType:
    """Lay out a tuning job and its newest training jobs for a terminal of *width* columns."""
    bar = Table.grid(padding=(0, 1))
    elapsed = timedelta(seconds=look.job["ConsumedResources"]["RuntimeInSeconds"])
    bar.add_row(ProgressBar(total=budget(look.job), completed=over(look.job), width=min(40, width // 2)), f"{elapsed}")
    parts: list[RenderableType] = [Text(line(look)), bar]
    if look.curve:
        blocks = sparkline(look.curve, max(1, min(60, width - 30)))
        parts.append(Text(f"best so far {blocks} {number(look.curve[-1])}"))
    parts += [Text(each, style="yellow") for each in look.remarks]
    return Group(*parts, *(Text(each) for each in ahead(look)), table(look.name, look.newest, width))


def ahead(look: Look) -> list[str]:
    """Say what is to be expected; of a tuning job that is over or was stopped, only what it has used."""
    now = look.job["CreationTime"].timestamp() + look.job["ConsumedResources"]["RuntimeInSeconds"]
    if look.status != "InProgress":
        return forecast_view.use(past(look.runs, now), look.prices)
    return forecast_view.lines(forecast(rules_of(look.job), look.runs, now), look.prices, now)


def best_so_far(job: Description, children: Sequence[Description]) -> list[float]:
    """Give the best objective after each training job that has one; *children* are given oldest first."""
    values = [value for value in map(objective, children) if value is not None]
    return list(accumulate(values, max if direction(job) == "Maximize" else min))


def direction(job: Description) -> str:
    """Say which way is better; several definitions all agree on it."""
    several = job.get("TrainingJobDefinitions")
    wanted = (
        several[0]["TuningObjective"]
        if several
        else job["HyperParameterTuningJobConfig"]["HyperParameterTuningJobObjective"]
    )
    return str(wanted["Type"])


def sparkline(values: Sequence[float], width: int) -> str:
    """
    Draw values, at least one, as a line of *width* blocks at most; of more values some are left out, never the last.

    >>> sparkline([1.0, 2.0, 8.0], 80), sparkline([1.0, 2.0, 8.0], 2)
    ('▁▂█', '▁█')
    """
    count = min(len(values), width)
    shown = [values[(place + 1) * len(values) // count - 1] for place in range(count)]
    low, high = min(shown), max(shown)
    span = (high / 2 - low / 2) or 1.0  # halves: a span may be above 1.8e308
    return "".join(BLOCKS[round((value / 2 - low / 2) / span * (len(BLOCKS) - 1))] for value in shown)


def is_not_found(job: Description) -> bool:
    """Whether training jobs have ended well, and none of them with an objective."""
    counters = job["TrainingJobStatusCounters"]
    have_ended = counters["Completed"] + counters["Stopped"] > 0
    return bool(have_ended and job["ObjectiveStatusCounters"]["Succeeded"] == 0)


def over(job: Description) -> int:
    """Count the training jobs that are over."""
    return sum(count for name, count in job["TrainingJobStatusCounters"].items() if name != "InProgress")


def budget(job: Description) -> int:
    """Give the number of training jobs that the tuning job may launch."""
    return int(job["HyperParameterTuningJobConfig"]["ResourceLimits"]["MaxNumberOfTrainingJobs"])
