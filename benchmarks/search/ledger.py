"""The file of runs: one line of JSON for each that is finished, so that a tournament goes on where it was cut off."""

import gzip
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.search.runs import Plan, Run, from_line, to_line


def read(path: Path) -> list[Run]:
    """Give the runs of a file, which may be packed by gzip; none if there is no file. A line cut short is left out."""
    return list(_runs(path)) if path.exists() else []


def mend(path: Path) -> None:
    """Take off the half of a line that a kill may have left at the end of a file, so that the next one begins anew."""
    written = path.read_bytes() if path.exists() else b""
    whole = written.rfind(b"\n") + 1
    if whole < len(written):
        os.truncate(path, whole)


def append(path: Path, run: Run) -> None:
    """Add a run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write(json.dumps(to_line(run)) + "\n")


def missing(plans: Iterable[Plan], runs: Iterable[Run]) -> list[Plan]:
    """Give the plans that no run fulfils; a longer one does, since no optimiser knows its budget."""
    budgets: dict[Plan, int] = {}
    for run in runs:
        kind = replace(run.plan, budget=0)
        budgets[kind] = max(run.plan.budget, budgets.get(kind, 0))
    return [plan for plan in plans if budgets.get(replace(plan, budget=0), 0) < plan.budget]


def _runs(path: Path) -> Iterator[Run]:
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as file:
        for line in file:
            if line.endswith("\n"):
                yield from_line(json.loads(line))
