"""Who runs what: plans are handed to the optimisers' processes, and every finished run is written down at once."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from threading import Lock

from benchmarks.search import ledger
from benchmarks.search.availability import Absence
from benchmarks.search.environments import python_of, python_of_problems
from benchmarks.search.lines import Child, Died
from benchmarks.search.optimisers import OPTIMISERS, version_of
from benchmarks.search.runs import Plan, from_line


def plans_for(
    optimisers: Iterable[str], problems: Sequence[str], *, seeds: int, budget: int, parallel: Iterable[int]
) -> list[Plan]:
    """Plan every combination; the runs that compare with each other lie close together."""
    chosen = list(optimisers)
    return [
        Plan(
            optimiser=optimiser,
            version=version_of(optimiser),
            problem=problem,
            seed=seed,
            budget=budget,
            parallel=workers,
        )
        for workers in parallel
        for seed in range(seeds)
        for problem in problems
        for optimiser in chosen
    ]


def hold(
    plans: Sequence[Plan],
    runs: Path,
    *,
    data: Path | None,
    processes: int,
    limit_s: float,
    python: Path | None = None,
) -> list[Absence]:
    """
    Perform the *plans* that the file *runs* does not hold yet, each within *limit_s*; tell what was left out.

    The interpreter *python* evaluates the problems; None: that of `python_of_problems`.
    """
    absences = _uninstalled(plans)
    present = [plan for plan in plans if python_of(OPTIMISERS[plan.optimiser].environment) is not None]
    ledger.mend(runs)
    wanted = ledger.missing(present, ledger.read(runs))
    courts = _Courts(runs, data, limit_s=limit_s, total=len(wanted), python=python or python_of_problems())
    by_optimiser = groupby(sorted(wanted, key=lambda plan: plan.optimiser), key=lambda plan: plan.optimiser)
    shares = [
        group[start::processes] for _, each in by_optimiser for group in [list(each)] for start in range(processes)
    ]
    with ThreadPoolExecutor(max_workers=processes) as pool:
        for found in pool.map(courts.play, [share for share in shares if share]):
            absences += found
    return sorted(set(absences))


def _uninstalled(plans: Iterable[Plan]) -> list[Absence]:
    environments = {plan.optimiser: OPTIMISERS[plan.optimiser].environment for plan in plans}
    return [
        Absence(what=optimiser, why=f"not installed: python -m benchmarks.search.environments {environment}")
        for optimiser, environment in environments.items()
        if python_of(environment) is None
    ]


class _Courts:
    """Where shares of plans are performed, and the one file that all write to."""

    def __init__(self, runs: Path, data: Path | None, *, limit_s: float, total: int, python: Path) -> None:
        self._runs, self._data, self._limit_s, self._python = runs, data, limit_s, python
        self._lock, self._done, self._total = Lock(), 0, total

    def play(self, share: Sequence[Plan]) -> list[Absence]:
        """Perform plans of one optimiser in turn; after a failure the next plan gets a new process."""
        absences: list[Absence] = []
        left = list(share)
        while left:
            with self._entrant(left[0].optimiser) as entrant:
                absence = self._play_until_it_dies(entrant, left)
            if absence is not None:
                absences.append(absence)
        return absences

    def _entrant(self, optimiser: str) -> Child:
        python = python_of(OPTIMISERS[optimiser].environment)
        assert python is not None
        data = [str(self._data)] if self._data is not None else []
        return Child(python, "benchmarks.search.entrant", optimiser, str(self._python), *data)

    def _play_until_it_dies(self, entrant: Child, left: list[Plan]) -> Absence | None:
        while left:
            plan = left.pop(0)
            try:
                run = from_line(entrant.ask(asdict(plan), limit_s=self._limit_s))
            except Died as death:
                self._tell(f"{plan.optimiser} on {plan.problem}, seed {plan.seed}: {death}")
                return Absence(what=f"{plan.optimiser} on {plan.problem}", why=str(death))
            with self._lock:
                ledger.append(self._runs, run)
            cpu_s = sum(run.ask_cpu_s) + sum(run.tell_cpu_s)
            self._tell(f"{plan.optimiser} on {plan.problem}, seed {plan.seed}, P={plan.parallel}: {cpu_s:.1f} CPU s")
        return None

    def _tell(self, what: str) -> None:
        with self._lock:
            self._done += 1
            print(f"[{self._done} of {self._total}] {what}", flush=True)
