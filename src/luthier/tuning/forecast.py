"""
When a tuning job will be over, by each of its completion rules, and how many instance hours it will have used (pure).

| rule                                | is foreseen                                                                   |
|-------------------------------------|-------------------------------------------------------------------------------|
| MaxNumberOfTrainingJobs             | by letting those that are left last as long as those that are over, on average |
| MaxRuntimeInSeconds                 | exactly                                                                       |
| MaxNumberOfTrainingJobsNotImproving | at the earliest: if no training job improves from now on                      |
| CompleteOnConvergence               | likewise                                                                      |
| TargetObjectiveMetricValue          | not at all: nobody knows which objectives are still to be found               |

Training jobs are dealt to places, MaxParallelTrainingJobs of them, the next one where one is free first:

    now ┊
    ━━━━┿━━━━━┥████████████████┥████████████████┥        ━ under way    █ to come
      ━━┿━━━━━━━━━━┥████████████████┥████████████████┥ ← over
"""

import heapq
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from luthier.tuning.completion import CONVERGED_AFTER, CONVERGED_PART, Criterion

MAX_JOBS = "MaxNumberOfTrainingJobs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One training job, as far as time goes; times are seconds since the epoch."""

    created_at: float
    started_at: float | None  # on its instances
    ended_at: float | None  # None: it is under way
    is_lost: bool  # by the service itself: it used up no budget
    instance_type: str
    instances: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """When a tuning job is complete, and how near it is by what was found."""

    created_at: float
    max_jobs: int
    max_parallel: int
    max_runtime_s: int | None = None
    has_target: bool = False
    patience: int | None = None
    completes_on_convergence: bool = False
    not_improving: int = 0  # training jobs in a row so far


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """When one rule ends the tuning job."""

    rule: str  # SageMaker's name of it
    at: float | None  # None: it cannot be foreseen
    is_earliest: bool = False  # it may be later, or never


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What is to be expected; seconds of instances are by instance type."""

    limits: tuple[Limit, ...]
    ends_at: float | None  # by the first of the rules that surely end it; None: no training job is over yet
    used_s: Mapping[str, float]
    expected_s: Mapping[str, float] | None  # in all, at that end; None likewise


def forecast(rules: Rules, runs: Sequence[Run], now: float) -> Forecast:
    """Foresee the end of a tuning job that is not over."""
    spans = _spans(rules, runs, now)
    exact = None if rules.max_runtime_s is None else rules.created_at + rules.max_runtime_s
    last = None if spans is None else max([now, *(end for _, end in spans)])
    ends = [each for each in (last, exact) if each is not None]
    ends_at = max(now, min(ends)) if ends else None
    return Forecast(
        limits=tuple(_limits(rules, runs, spans, now)),
        ends_at=ends_at,
        used_s=used(runs, now),
        expected_s=None if spans is None or ends_at is None else _expected(runs, spans, now, ends_at),
    )


def past(runs: Sequence[Run], now: float) -> Forecast:
    """Say what a tuning job has used that launches nothing more: there is nothing to foresee."""
    return Forecast(limits=(), ends_at=None, used_s=used(runs, now), expected_s=None)


def used(runs: Sequence[Run], now: float) -> Mapping[str, float]:
    """Count the seconds of instances that training jobs have had so far, by instance type."""
    seconds: dict[str, float] = {}
    for run in runs:
        if run.started_at is not None:
            until = now if run.ended_at is None else run.ended_at
            had = max(0.0, until - run.started_at) * run.instances
            seconds[run.instance_type] = seconds.get(run.instance_type, 0.0) + had
    return seconds


def _spans(rules: Rules, runs: Sequence[Run], now: float) -> list[tuple[float, float]] | None:
    """Foresee the training jobs under way, and those that are left, each from when to when; None: nobody can tell."""
    lasted = [run.ended_at - run.created_at for run in runs if run.ended_at is not None and not run.is_lost]
    if not lasted:
        return None
    mean = max(0.0, fmean(lasted))
    spans = [(now, max(now, run.created_at + mean)) for run in runs if run.ended_at is None]
    left = max(0, rules.max_jobs - sum(not run.is_lost for run in runs))
    free = [end for _, end in spans] + [now] * (rules.max_parallel - len(spans))
    heapq.heapify(free)
    for _ in range(left):
        begin = heapq.heappop(free)
        heapq.heappush(free, begin + mean)
        spans.append((begin, begin + mean))
    return spans


def _limits(
    rules: Rules, runs: Sequence[Run], spans: Sequence[tuple[float, float]] | None, now: float
) -> Iterator[Limit]:
    ends = None if spans is None else sorted(end for _, end in spans)
    yield Limit(rule=MAX_JOBS, at=None if ends is None else (ends[-1] if ends else now))
    if rules.max_runtime_s is not None:
        yield Limit(rule=Criterion.MAX_RUNTIME, at=rules.created_at + rules.max_runtime_s)
    if rules.has_target:
        yield Limit(rule=Criterion.TARGET, at=None)
    if rules.patience is not None:
        yield _earliest(Criterion.NOT_IMPROVING, rules.patience - rules.not_improving, ends, now)
    if rules.completes_on_convergence:
        yield _earliest(Criterion.CONVERGED, _until_converged(rules.not_improving, _over(runs)), ends, now)


def _earliest(rule: str, missing: int, ends: Sequence[float] | None, now: float) -> Limit:
    """Say when so many more training jobs are over; never, if there are not so many."""
    if missing <= 0:
        return Limit(rule=rule, at=now, is_earliest=True)
    at = ends[missing - 1] if ends is not None and missing <= len(ends) else None
    return Limit(rule=rule, at=at, is_earliest=True)


def _until_converged(in_a_row: int, over: int) -> int:
    """Say how many more training jobs without improvement show that a search has converged."""
    by_part = math.ceil((CONVERGED_PART * over - in_a_row) / (1.0 - CONVERGED_PART))
    return max(CONVERGED_AFTER - in_a_row, by_part)


def _over(runs: Sequence[Run]) -> int:
    return sum(run.ended_at is not None and not run.is_lost for run in runs)


def _expected(
    runs: Sequence[Run], spans: Sequence[tuple[float, float]], now: float, ends_at: float
) -> Mapping[str, float]:
    """Add to what was used what the spans will use until the end: as many instances a second as those that are over."""
    over = [run for run in runs if run.ended_at is not None and not run.is_lost]
    lasted = sum(run.ended_at - run.created_at for run in over if run.ended_at is not None)
    ahead = sum(max(0.0, min(end, ends_at) - begin) for begin, end in spans)
    share = ahead / lasted if lasted > 0.0 else 0.0
    had, so_far = used(over, now), used(runs, now)
    return {kind: so_far.get(kind, 0.0) + share * had.get(kind, 0.0) for kind in {**so_far, **had}}
