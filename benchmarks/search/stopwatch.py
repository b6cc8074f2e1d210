"""The latencies of several optimisers, measured one after another and kept in a file."""

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from benchmarks.search.environments import python_of
from benchmarks.search.lines import ONE_THREAD, ROOT
from benchmarks.search.optimisers import OPTIMISERS, version_of


def measured(optimisers: Sequence[str], counts: Sequence[int], kept: Path) -> str:
    """Measure *optimisers* in turn, keep what came of it, and give the last words of those that failed."""
    failures = []
    for optimiser in optimisers:
        process = subprocess.run(
            [
                *(str(python_of(OPTIMISERS[optimiser].environment)), "-W", "ignore"),
                *("-m", "benchmarks.search.latency", optimiser, *map(str, counts)),
            ],
            cwd=ROOT,
            env={**os.environ, **ONE_THREAD, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        kept.parent.mkdir(parents=True, exist_ok=True)
        with kept.open("a") as file:
            file.write(process.stdout)
        print(process.stdout, end="", flush=True)
        if process.returncode != 0:
            failures.append(f"{optimiser}: {process.stderr.strip().splitlines()[-1:]}")
    return "\n".join(failures) or "all measured"


def read(kept: Path) -> dict[str, dict[int, list[float]]]:
    """Give the CPU seconds of each optimiser and count, as last measured of its present version."""
    latencies: dict[str, dict[int, list[float]]] = {}
    for line in kept.read_text().splitlines() if kept.exists() else ():
        each = json.loads(line)
        if each["version"] != version_of(each["optimiser"]):
            continue
        latencies.setdefault(each["optimiser"], {})[each["count"]] = each["cpu_s"]
    return latencies
