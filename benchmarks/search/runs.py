"""
One run: an optimiser on a problem, with a seed, as recorded in one line.

With P workers, each evaluation takes a simulated, log-normal time; whenever one ends the optimiser is told and asked
again, while the P - 1 others are pending. CPU seconds are those of the optimiser's process alone.
"""

import heapq
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from benchmarks.search.optimisers import Maker
from benchmarks.search.spaces import Point, from_json, snap

Evaluate = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""One message to the problems' process, and its answer (`serving.py`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run is to be; runs of equal plans are interchangeable."""

    optimiser: str
    version: str  # of the optimiser: a run of an older one does not count
    problem: str
    seed: int
    budget: int
    parallel: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A finished run; the sequences have an element for each evaluation, in the order in which they ended."""

    plan: Plan
    observed: tuple[float, ...]
    truth: tuple[float, ...]
    ask_cpu_s: tuple[float, ...]  # in the order of asking
    tell_cpu_s: tuple[float, ...]


def to_line(run: Run) -> dict[str, Any]:
    """Give a run as it is written in a file of runs."""
    rounded = {name: [float(f"{value:.7g}") for value in getattr(run, name)] for name in ("observed", "truth")}
    cpu = {name: [round(value, 5) for value in getattr(run, name)] for name in ("ask_cpu_s", "tell_cpu_s")}
    return {**asdict(run.plan), **rounded, **cpu}


def from_line(line: Mapping[str, Any]) -> Run:
    """Give the run that `to_line` wrote."""
    series = {name: tuple(line[name]) for name in ("observed", "truth", "ask_cpu_s", "tell_cpu_s")}
    return Run(plan=plan_of(line), **series)


def plan_of(line: Mapping[str, Any]) -> Plan:
    """Give the plan that a line or a message holds."""
    return Plan(**{name: line[name] for name in ("optimiser", "version", "problem", "seed", "budget", "parallel")})


def perform(plan: Plan, optimiser: Maker, evaluate: Evaluate) -> Run:
    """Run *plan*; what the optimiser or the problem raises rises."""
    return _Simulation(plan, optimiser, evaluate).finish()


def number_of(problem: str) -> int:
    """Give the number by which a problem's noise differs from another's."""
    return zlib.crc32(problem.encode()) % 100_000


class _Simulation:
    """P workers on a simulated clock."""

    def __init__(self, plan: Plan, optimiser: Maker, evaluate: Evaluate) -> None:
        self._plan, self._evaluate = plan, evaluate
        self._space = from_json(evaluate({"open": plan.problem})["space"])
        self._number = number_of(plan.problem)
        own = zlib.crc32(plan.optimiser.encode()) % 997
        seed = (1000 * plan.seed + self._number + own) % 2**31
        self._optimiser = optimiser(self._space, seed=seed, parallel=plan.parallel)
        self._clock = np.random.default_rng([plan.seed, self._number, 5])
        self._running: list[tuple[float, int, Any, Mapping[str, Any]]] = []
        self._asks: list[float] = []
        self._tells: list[float] = []

    def finish(self) -> Run:
        """Run to the end of the budget."""
        answers = []
        for _ in range(min(self._plan.parallel, self._plan.budget)):
            self._begin(0.0)
        while self._running:
            now, _, token, answer = heapq.heappop(self._running)
            self._tell(token, answer["point"], answer["observed"])
            answers.append(answer)
            if len(self._asks) < self._plan.budget:
                self._begin(now)
        return Run(
            plan=self._plan,
            observed=tuple(each["observed"] for each in answers),
            truth=tuple(each["truth"] for each in answers),
            ask_cpu_s=tuple(self._asks),
            tell_cpu_s=tuple(self._tells),
        )

    def _begin(self, now: float) -> None:
        started = time.process_time()
        token, point = self._optimiser.ask()
        self._asks.append(time.process_time() - started)
        ordinal = len(self._asks) - 1
        seed = [self._plan.seed, self._number, ordinal]
        answer = self._evaluate({"evaluate": dict(snap(self._space, point)), "seed": seed})
        duration = float(np.exp(0.5 * self._clock.normal()))
        heapq.heappush(self._running, (now + duration, ordinal, token, answer))

    def _tell(self, token: Any, point: Point, value: float) -> None:
        started = time.process_time()
        self._optimiser.tell(token, point, value)
        self._tells.append(time.process_time() - started)
