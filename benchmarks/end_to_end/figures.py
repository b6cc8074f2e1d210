"""What runs and tuning jobs amount to: mean objectives, and the seconds of a training job beside its program's."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import nan
from statistics import mean, median

from benchmarks.end_to_end.contest import Timed
from benchmarks.search.regret import incumbent
from benchmarks.search.runs import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What the tuning jobs of one problem took, with so many training jobs at a time."""

    problem: str
    parallel: int
    tuning_jobs: int
    wall_s: float  # of a tuning job, mean
    cadence_s: float  # from one training job's end to the next one's, median
    gap_s: float  # from a training job's end to the creation of one in its place; the proposal is in it; NaN: none was
    job_s: float  # from a training job's creation to its end, median
    training_s: float  # of that, in which the program ran; NaN: not told
    alone_s: float  # the same program as a process of its own, median

    @property
    def overhead_s(self) -> float:
        """Give the seconds of a training job, one at a time, in which its program did not run; NaN: not told."""
        return self.cadence_s - self.training_s


def spent(tunings: Iterable[Timed]) -> list[Spent]:
    """Add up tuning jobs by problem and training jobs at a time."""
    groups: dict[tuple[int, str], list[Timed]] = {}
    for each in tunings:
        groups.setdefault((each.run.plan.parallel, each.run.plan.problem), []).append(each)
    return [_spent(problem, parallel, group) for (parallel, problem), group in sorted(groups.items())]


def mean_incumbents(runs: Sequence[Run], counts: Sequence[int]) -> Mapping[str, list[float]]:
    """Give, for each optimiser that has *runs*, the mean over them of the best objective after each of *counts*."""
    by_optimiser: dict[str, list[Run]] = {}
    for run in runs:
        by_optimiser.setdefault(run.plan.optimiser, []).append(run)
    return {
        optimiser: [mean(incumbent(run, count) for run in own) for count in counts]
        for optimiser, own in sorted(by_optimiser.items())
    }


def _spent(problem: str, parallel: int, tunings: Sequence[Timed]) -> Spent:
    return Spent(
        problem=problem,
        parallel=parallel,
        tuning_jobs=len(tunings),
        wall_s=mean(each.wall_s for each in tunings),
        cadence_s=median(_all(_cadences(each) for each in tunings)),
        gap_s=median(_all(_gaps(each) for each in tunings) or [nan]),
        job_s=median(_all(_jobs(each) for each in tunings)),
        training_s=median(_all(each.training_s for each in tunings) or [nan]),
        alone_s=median(_all(each.alone_s for each in tunings)),
    )


def _cadences(timed: Timed) -> list[float]:
    """Give the seconds from each end to the next; before the first training job there is the creation."""
    return [end - before for before, end in zip((0.0, *timed.ended_s), timed.ended_s, strict=False)]


def _gaps(timed: Timed) -> list[float]:
    """Give the seconds from each end to the creation after it; with several at a time a place is free at each end."""
    starts = sorted(timed.created_s)[timed.run.plan.parallel :]
    return [start - end for end, start in zip(timed.ended_s, starts, strict=False)]


def _jobs(timed: Timed) -> list[float]:
    return [end - start for start, end in zip(timed.created_s, timed.ended_s, strict=True)]


def _all(series: Iterable[Iterable[float]]) -> list[float]:
    return [value for each in series for value in each]
