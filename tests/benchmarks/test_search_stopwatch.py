"""Tests of the latencies that are kept."""

import json
from pathlib import Path

from benchmarks.search.optimisers import version_of
from benchmarks.search.stopwatch import measured, read


def test_what_is_measured_is_kept(tmp_path: Path) -> None:
    """One figure for each repetition."""
    measured(["random"], [5], tmp_path / "latency.jsonl")

    assert len(read(tmp_path / "latency.jsonl")["random"][5]) == 5


def test_the_last_measurement_counts(tmp_path: Path) -> None:
    """Measuring again replaces."""
    lines = [{"optimiser": "random", "version": version_of("random"), "count": 5, "cpu_s": [x]} for x in (1.0, 2.0)]
    (tmp_path / "latency.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))

    assert read(tmp_path / "latency.jsonl") == {"random": {5: [2.0]}}


def test_a_measurement_of_an_older_strategy_does_not_count(tmp_path: Path) -> None:
    """It would be another optimiser's."""
    line = {"optimiser": "luthier", "version": "older", "count": 5, "cpu_s": [1.0]}
    (tmp_path / "latency.jsonl").write_text(json.dumps(line) + "\n")

    assert read(tmp_path / "latency.jsonl") == {}
