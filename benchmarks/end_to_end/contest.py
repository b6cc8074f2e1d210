"""Luthier's part: every tuning job that is planned and not finished is run, checked, and written down at once."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.end_to_end.datasets import DATASETS
from benchmarks.end_to_end.replay import replay
from benchmarks.end_to_end.server import Clients, a_server
from benchmarks.end_to_end.tuning_job import Tuning, store, tune
from benchmarks.search import ledger
from benchmarks.search.runs import Plan, Run, from_line, to_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """A finished tuning job as a run of the search benchmark, and what its parts took; seconds since its creation."""

    run: Run
    wall_s: float
    created_s: tuple[float, ...]  # of each training job, in the order in which they ended
    ended_s: tuple[float, ...]
    alone_s: tuple[float, ...]  # that the program takes by itself, with some of the same hyperparameters
    training_s: tuple[float, ...] = ()  # that it took within each training job; earlier tuning jobs do not tell


def hold(plans: Sequence[Plan], kept: Path, rows: Path) -> None:
    """Run the tuning jobs of *plans* that the file *kept* does not hold yet, one after another on one server."""
    ledger.mend(kept)
    wanted = ledger.missing(plans, [each.run for each in read(kept)])
    if not wanted:
        return
    with a_server() as clients:
        for count, plan in enumerate(wanted, start=1):
            timed = perform(clients, plan, rows)
            _append(kept, timed)
            print(
                f"[{count} of {len(wanted)}] {plan.problem}, seed {plan.seed}, P={plan.parallel}: {timed.wall_s:.1f} s"
            )


def perform(clients: Clients, plan: Plan, rows: Path) -> Timed:
    """Run one tuning job, and every one of its trainings again without the service."""
    dataset = DATASETS[plan.problem.partition(":")[2]]
    store(clients.s3, dataset, rows / dataset.name)
    tuning = tune(clients, dataset, plan)
    return _timed(plan, tuning, replay(dataset, tuning.trainings, rows))


def read(kept: Path) -> list[Timed]:
    """Give the finished tuning jobs of a file; none if there is no file. A line cut short is left out."""
    written = kept.read_text() if kept.exists() else ""
    return [_from_line(json.loads(line)) for line in written.splitlines(keepends=True) if line.endswith("\n")]


def _timed(plan: Plan, tuning: Tuning, alone_s: Sequence[float]) -> Timed:
    objectives = tuple(each.objective for each in tuning.trainings)
    return Timed(
        run=Run(plan=plan, observed=objectives, truth=objectives, ask_cpu_s=(), tell_cpu_s=()),
        wall_s=tuning.wall_s,
        created_s=tuple(each.created_s for each in tuning.trainings),
        ended_s=tuple(each.ended_s for each in tuning.trainings),
        alone_s=tuple(round(each, 3) for each in alone_s),
        training_s=tuple(each.training_s for each in tuning.trainings),
    )


def _append(kept: Path, timed: Timed) -> None:
    times = {name: list(getattr(timed, name)) for name in SERIES}
    kept.parent.mkdir(parents=True, exist_ok=True)
    with kept.open("a") as file:
        file.write(json.dumps({**to_line(timed.run), "wall_s": timed.wall_s, **times}) + "\n")


SERIES = ("created_s", "ended_s", "alone_s", "training_s")


def _from_line(line: Mapping[str, Any]) -> Timed:
    return Timed(run=from_line(line), wall_s=line["wall_s"], **{name: tuple(line.get(name, ())) for name in SERIES})
