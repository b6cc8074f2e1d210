"""
Records: metrics that a program reports as JSON, a line each, and that need no pattern.

    {"MetricName": "validation:loss", "Value": 0.25, "Timestamp": 1772357412.0, "Step": 3}

MetricName and Value count; a record is of the moment at which it is read. Other members may be there: it is the form in
which SageMaker's libraries write metrics into files.

Source: `SageMakerFileMetricsWriter` of sagemaker-experiments, whose files SageMaker reads in
/opt/ml/output/metrics/sagemaker.
"""

import json
import math
from collections.abc import Collection
from dataclasses import dataclass

from luthier.metrics.lines import Lines
from luthier.records.journal import MetricSeen


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One value that a program reports."""

    name: str
    value: float  # finite


def record_in(line: str) -> Record | None:
    """Read a line that is a record; None for any other, and for a value that is no finite number."""
    if not line.lstrip().startswith("{"):
        return None
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        return None
    name, value = told.get("MetricName"), told.get("Value")
    if not isinstance(name, str) or isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        number = float(value)
    except OverflowError:  # a whole number of hundreds of digits
        return None
    return Record(name=name, value=number) if math.isfinite(number) else None


class RecordReader:
    """Finds the records of some metrics, by their *names*, in one file that arrives in pieces."""

    def __init__(self, names: Collection[str]) -> None:
        self._names = frozenset(names)
        self._lines = Lines()

    def feed(self, data: bytes, at: float) -> list[MetricSeen]:
        """Take the next piece of the file; give what the lines that it ends report, in order, all seen at *at*."""
        return self._read(self._lines.feed(data), at)

    def finish(self, at: float) -> list[MetricSeen]:
        """Take what has come since the last line end as a line: the file is over."""
        return self._read(self._lines.finish(), at)

    def _read(self, lines: list[str], at: float) -> list[MetricSeen]:
        found = [record for line in lines if (record := record_in(line)) is not None]
        return [MetricSeen(name=each.name, value=each.value, at=at) for each in found if each.name in self._names]
