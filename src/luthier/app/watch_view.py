"""A tuning job as a screen of text: what the API describes, laid out."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from rich.console import Group, RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

Description = Mapping[str, Any]

NEWEST = 12  # training jobs in the table
BLOCKS = "▁▂▃▄▅▆▇█"
STYLES = {"Completed": "green", "InProgress": "cyan", "Failed": "red", "Stopped": "yellow", "Stopping": "yellow"}


def line(job: Description) -> str:
    """Put a tuning job's progress in one line."""
    counters = job["TrainingJobStatusCounters"]
    failed = counters["NonRetryableError"] + counters["RetryableError"]
    text = (
        f"{job['HyperParameterTuningJobName']} {job['HyperParameterTuningJobStatus']}: "
        f"{over(job)} of {budget(job)} over, {counters['InProgress']} running, "
        f"{failed} failed, {counters['Stopped']} stopped"
    )
    best = job.get("BestTrainingJob")
    return f"{text}; best {objective(best):.6g} by {best['TrainingJobName']}" if best else text


def screen(job: Description, children: Sequence[Description], now: float) -> RenderableType:
    """Lay out a tuning job and its training jobs, given oldest first; *now* is in seconds since the epoch."""
    end = job.get("HyperParameterTuningEndTime")
    elapsed = (end.timestamp() if end else now) - job["CreationTime"].timestamp()
    bar = Table.grid(padding=(0, 1))
    bar.add_row(
        ProgressBar(total=budget(job), completed=over(job), width=40), f"{timedelta(seconds=int(max(0.0, elapsed)))}"
    )
    parts: list[RenderableType] = [Text(line(job)), bar]
    curve = best_so_far(job, children)
    if curve:
        parts.append(Text(f"best so far {sparkline(curve)} {curve[-1]:.6g}"))
    if "FailureReason" in job:
        parts.append(Text(job["FailureReason"], style="red"))
    return Group(*parts, table(children))


def table(children: Sequence[Description]) -> Table:
    """Lay out the newest training jobs, the newest last."""
    tuned = sorted({name for child in children for name in child["TunedHyperParameters"]})
    grid = Table("training job", "status", "objective", box=None, header_style="bold")
    for name in tuned:
        grid.add_column(Text(name))
    for child in children[-NEWEST:]:
        status = child["TrainingJobStatus"]
        values = [Text(brief(child["TunedHyperParameters"].get(name, ""))) for name in tuned]
        value = objective(child)
        grid.add_row(
            Text(child["TrainingJobName"]),
            Text(status, style=STYLES.get(status, "")),
            "" if value is None else f"{value:.6g}",
            *values,
        )
    return grid


def best_so_far(job: Description, children: Sequence[Description]) -> list[float]:
    """Give the best objective after each training job that has one."""
    wanted = job["HyperParameterTuningJobConfig"]["HyperParameterTuningJobObjective"]["Type"]
    better = max if wanted == "Maximize" else min
    values = [value for value in map(objective, children) if value is not None]
    return [better(values[: place + 1]) for place in range(len(values))]


def sparkline(values: Sequence[float]) -> str:
    """
    Draw values as a line of blocks.

    >>> sparkline([1.0, 2.0, 8.0])
    '▁▂█'
    """
    low, high = min(values), max(values)
    width = (high - low) or 1.0
    return "".join(BLOCKS[round((value - low) / width * (len(BLOCKS) - 1))] for value in values)


def objective(child: Description) -> float | None:
    """Give a training job's final objective, if it has one."""
    metric = child.get("FinalHyperParameterTuningJobObjectiveMetric")
    return None if metric is None else float(metric["Value"])


def over(job: Description) -> int:
    """Count the training jobs that are over."""
    return sum(number for name, number in job["TrainingJobStatusCounters"].items() if name != "InProgress")


def budget(job: Description) -> int:
    """Give the number of training jobs that the tuning job may launch."""
    return int(job["HyperParameterTuningJobConfig"]["ResourceLimits"]["MaxNumberOfTrainingJobs"])


def brief(value: str) -> str:
    """Shorten a number to five digits, and a word to twenty letters."""
    try:
        return f"{float(value):.5g}"
    except ValueError:
        return value if len(value) <= 20 else value[:19] + "…"
