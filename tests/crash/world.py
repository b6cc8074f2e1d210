"""
A world in which controllers can be killed anywhere.

The store is the real one. The cluster is played, since a real one does not stand still between two lines of a
controller: training jobs move by a journal line or two whenever the world ticks, also while no controller is alive.
Every effect that a controller has on the store or the cluster goes through a `Fuse`, which counts the boundaries
before and after it and lets a test strike at any of them.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from luthier.records.journal import (
    ClusterSpec,
    Ended,
    JournalEntry,
    MetricSeen,
    Observation,
    Outcome,
    PhaseEntered,
    Presence,
)
from luthier.records.names import TrainingJobArn
from luthier.records.reason import Drawn, Reason
from luthier.records.search_space import Assignment, SearchSpace
from luthier.records.status import SecondaryStatus
from luthier.records.trial import Trial
from luthier.store.engine import Store
from luthier.strategies.early_stopping.verdict import Verdict
from things import a_usage


class Killed(BaseException):
    """The process is gone: nothing may catch this but the test."""


@dataclass(slots=True)
class Fuse:
    """Counts effect boundaries, and does what the test wants at some of them."""

    strikes: dict[int, Callable[[], None]] = field(default_factory=dict)
    passed: int = 0

    def around(self, effect: Callable[..., Any]) -> Callable[..., Any]:
        """Give the same effect with a boundary before and one after it."""

        def fused(*arguments: Any) -> Any:
            self._pass()
            answer = effect(*arguments)
            self._pass()
            return answer

        return fused

    def _pass(self) -> None:
        self.passed += 1
        strike = self.strikes.get(self.passed)
        if strike is not None:
            strike()


class Fused:
    """Anything, with some of its verbs behind a fuse."""

    def __init__(self, inner: object, fuse: Fuse, verbs: Collection[str]) -> None:
        self._inner, self._fuse, self._verbs = inner, fuse, verbs

    def __getattr__(self, name: str) -> Any:
        verb = getattr(self._inner, name)
        return self._fuse.around(verb) if name in self._verbs else verb


class FusedStore:
    """The real store, its writes behind a fuse."""

    def __init__(self, store: Store, fuse: Fuse) -> None:
        self.tuning_jobs = Fused(store.tuning_jobs, fuse, {"replace"})
        self.training_jobs = Fused(store.training_jobs, fuse, {"add_children", "take_in", "request_stop", "delete"})


@dataclass(slots=True)
class PlayedJob:
    """What the world knows of one training job."""

    journal: list[JournalEntry] = field(default_factory=list)
    spec: ClusterSpec | None = None
    is_stopping: bool = False
    is_removed: bool = False

    @property
    def is_over(self) -> bool:
        return bool(self.journal) and isinstance(self.journal[-1], Ended)


class PlayedCluster:
    """A cluster that keeps the promises of the Protocol, and remembers every launch."""

    def __init__(self, places: int | None = None) -> None:
        self.jobs: dict[TrainingJobArn, PlayedJob] = {}
        self.places = places  # how many training jobs run at once; None: all
        self.queue: list[ClusterSpec] = []  # forgotten, as its process is, with every death
        self.launches: list[ClusterSpec] = []
        self.now = 2000.0

    def start(self, spec: ClusterSpec) -> None:
        job = self.jobs.get(spec.arn)
        if job is None and spec.arn not in (each.arn for each in self.queue):
            self.queue.append(spec)
            self._let_in()

    def observe(self, arn: TrainingJobArn, after: int) -> Observation:
        self._let_in()
        job = self.jobs.get(arn)
        if job is None:
            waiting = next((f"Waiting; {self.running} run" for each in self.queue if each.arn == arn), None)
            return Observation(presence=Presence.ABSENT, waiting=waiting)
        presence = Presence.REMOVED if job.is_removed else Presence.PRESENT
        return Observation(presence=presence, is_stopping=job.is_stopping, entries=tuple(job.journal[after:]))

    def stop(self, arn: TrainingJobArn) -> None:
        self.queue = [each for each in self.queue if each.arn != arn]
        job = self.jobs.setdefault(arn, PlayedJob())
        job.is_stopping = True
        if job.spec is None and not job.is_over:
            job.journal.append(Ended(outcome=Outcome.STOPPED, at=self.now))

    def remove(self, arn: TrainingJobArn) -> None:
        self.jobs[arn].is_removed = True

    def forget(self, arn: TrainingJobArn) -> bool:
        job = self.jobs.get(arn)
        if job is not None and not job.is_over:
            return False
        self.jobs.pop(arn, None)
        return True

    @property
    def running(self) -> int:
        return sum(job.spec is not None and not job.is_over for job in self.jobs.values())

    def _let_in(self) -> None:
        while self.queue and (self.places is None or self.running < self.places):
            spec = self.queue.pop(0)
            self.jobs[spec.arn] = PlayedJob(spec=spec)
            self.launches.append(spec)

    def tick(self) -> None:
        """Let every training job write its next journal line, or two."""
        self.now += 1.0
        for job in self.jobs.values():
            if job.spec is not None and not job.is_over:
                job.journal += self._next_lines(job, job.spec)

    def _next_lines(self, job: PlayedJob, spec: ClusterSpec) -> list[JournalEntry]:
        if job.is_stopping:
            return [Ended(outcome=Outcome.STOPPED, at=self.now)]
        match len(job.journal):
            case 0:
                return [PhaseEntered(status=SecondaryStatus.STARTING, at=self.now, message="Starting")]
            case 1:
                return [PhaseEntered(status=SecondaryStatus.TRAINING, at=self.now, message="Training")]
            case 2:
                seen = MetricSeen(name="loss", value=loss(spec), at=self.now)
                return [seen, a_usage(at=self.now, processor_s=2.5)]
            case _:
                return [Ended(outcome=Outcome.COMPLETED, at=self.now)]


def loss(spec: ClusterSpec) -> float:
    """Play the objective: a function of the hyperparameters alone."""
    return abs(float(dict(spec.hyperparameters)["eta"]) - 0.1)


class Wary:
    """A strategy whose answer depends on all it may depend on: the trials, open and closed, and the generator."""

    def propose(
        self, space: SearchSpace, trials: Sequence[Trial], count: int, rng: np.random.Generator
    ) -> Sequence[Assignment]:
        known = sum(trial.value or 0.0 for trial in trials) + sum(trial.is_open for trial in trials) / 7
        return [
            {
                "eta": 0.001 + 0.999 * float((rng.random() + known) % 1.0),
                "max_depth": int(rng.integers(1, 10)),
                "booster": "dart",
            }
            for _ in range(count)
        ]

    def reasons(
        self, space: SearchSpace, trials: Sequence[Trial], count: int, rng: np.random.Generator
    ) -> Sequence[Reason]:
        return [Drawn() for _ in self.propose(space, trials, count, rng)]


def hasty(trials: Sequence[Trial]) -> list[Verdict]:
    """Stop whatever has reported a value above a half."""
    return [
        Verdict(place=place, reason="it is above a half")
        for place, trial in enumerate(trials)
        if trial.is_open and trial.curve and trial.curve[-1] > 0.5
    ]
