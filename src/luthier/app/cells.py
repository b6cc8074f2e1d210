"""What stands in the cells of the terminal's tables: texts from outside, made safe and short (pure)."""

from collections.abc import Mapping
from typing import Any

from luthier.dashboard.wording import printable, short

STYLES = {"Completed": "green", "InProgress": "cyan", "Failed": "red", "Stopped": "yellow", "Stopping": "yellow"}
LONGEST = 20  # letters of a hyperparameter that are shown


def objective(child: Mapping[str, Any]) -> float | None:
    """Give a training job's final objective, if it has one."""
    metric = child.get("FinalHyperParameterTuningJobObjectiveMetric")
    return None if metric is None else float(metric["Value"])


def clean(text: str) -> str:
    """Make text from outside safe to print on one line: a terminal obeys what it is sent."""
    return printable(text).replace("\n", "\\n").replace("\t", " ")


def brief(text: str) -> str:
    """Round a long decimal number, and shorten a long word."""
    shown = clean(short(text))
    return shown if len(shown) <= LONGEST else shown[: LONGEST - 1] + "…"
