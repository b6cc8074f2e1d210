"""
How far tuning jobs are, counted again only where one of their training jobs has changed.

A list is looked at every few seconds, and may stand for ten thousand training jobs, of which hardly any has changed.
What the store keeps of them has a version each, so their number and the sum of their versions say whether any has.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from luthier.dashboard.tuning_view import Standing, lasted
from luthier.records.names import TuningJobArn
from luthier.records.tuning_job import TuningJob
from luthier.store.engine import Store
from luthier.tuning.forecast import Run
from luthier.tuning.outlook import runs_of, time_left
from luthier.tuning.progress import Progress, objective_values, progress

MOST = 500
"""Tuning jobs whose counters are kept: those last looked at."""

Stamp = tuple[float, int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A tuning job of a list."""

    standing: Standing
    left_s: float | None  # an estimate; None: it is over, or nothing is known


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted:
    stamp: Stamp
    progress: Progress
    runs: tuple[Run, ...]


class Standings:
    """Counts training jobs, and remembers the counts as long as they are true. For any number of threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._counted: OrderedDict[TuningJobArn, _Counted] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, jobs: Sequence[TuningJob], now: float) -> list[Line]:
        """Say how far each of *jobs* is."""
        stamps = self._stamps(jobs)
        known = self._known(stamps)
        known |= self._count([job for job in jobs if job.arn not in known], stamps)
        return [
            Line(
                standing=Standing(job=job, progress=known[job.arn].progress, duration_s=lasted(job, now)),
                left_s=time_left(job, known[job.arn].runs, now),
            )
            for job in jobs
        ]

    def _stamps(self, jobs: Sequence[TuningJob]) -> dict[TuningJobArn, Stamp]:
        of_children = self._store.training_jobs.stamps([job.arn for job in jobs])
        return {job.arn: (job.created_at, job.version, *of_children[job.arn]) for job in jobs}

    def _known(self, stamps: dict[TuningJobArn, Stamp]) -> dict[TuningJobArn, _Counted]:
        with self._lock:
            known = {arn: found for arn in stamps if (found := self._counted.get(arn)) and found.stamp == stamps[arn]}
            for arn in known:
                self._counted.move_to_end(arn)
        return known

    def _count(self, jobs: Sequence[TuningJob], stamps: dict[TuningJobArn, Stamp]) -> dict[TuningJobArn, _Counted]:
        """Count anew; what changed after its stamp was taken is merely counted once more next time."""
        families = self._store.training_jobs.of_tuning_jobs([job.arn for job in jobs])
        finals = self._store.training_jobs.final_metrics([child.arn for each in families.values() for child in each])
        counted = {}
        for job in jobs:
            children = families[job.arn]
            values = objective_values(job.specification, children, finals)
            seen = progress(job.specification, children, values)
            counted[job.arn] = _Counted(stamp=stamps[job.arn], progress=seen, runs=runs_of(children))
        with self._lock:
            self._counted.update(counted)
            while len(self._counted) > MOST:
                self._counted.popitem(last=False)
        return counted
