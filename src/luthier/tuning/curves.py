"""
Objective curves of training jobs, read from the store and kept for as long as nothing is added to them.

Where a training job has several hosts, their logs are read as one, in turns: as many reports in a row as there are
hosts are one step, and its value is their mean. That is as true of metrics which only one host reports.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from threading import Lock

from luthier.records.names import TrainingJobArn
from luthier.records.training_job import TrainingJob
from luthier.records.tuning_job import TuningSpecification
from luthier.store.engine import Store

KEPT = 4096
"""Curves that are kept; those that were asked for last."""

Curve = tuple[float, ...]
_Key = tuple[TrainingJobArn, float, int, str]


class CurveShelf:
    """
    Curves that have been read before.

    How many lines of its journal have been taken in says how many points a training job has, and points are only ever
    added: so a curve that is found under its key is the one in the store. Threads may use it together.
    """

    def __init__(self) -> None:
        self._curves: OrderedDict[_Key, Curve] = OrderedDict()
        self._guard = Lock()

    def of(
        self, store: Store, specification: TuningSpecification, jobs: Sequence[TrainingJob]
    ) -> Mapping[TrainingJobArn, Curve]:
        """Give the objective of each of *jobs* as reported so far, oldest first; () for one that has reported none."""
        keys = {job.arn: _key(specification, job) for job in jobs}
        with self._guard:
            found = {arn: self._curves[key] for arn, key in keys.items() if key in self._curves}
        found |= _read(store, specification, [job for job in jobs if job.arn not in found])
        with self._guard:
            for arn, key in keys.items():
                self._curves[key] = found[arn]
                self._curves.move_to_end(key)
            while len(self._curves) > KEPT:
                self._curves.popitem(last=False)
        return found


def step_means(values: Sequence[float], hosts: int) -> Curve:
    """Average as many values in a row as there are *hosts*; a step that is not whole yet is left out."""
    if hosts == 1:
        return tuple(values)
    whole = range(0, len(values) - hosts + 1, hosts)
    return tuple(sum(value / hosts for value in values[start : start + hosts]) for start in whole)


def _read(store: Store, specification: TuningSpecification, jobs: Sequence[TrainingJob]) -> dict[TrainingJobArn, Curve]:
    read: dict[TrainingJobArn, Curve] = {}
    for metric in {_metric(specification, job) for job in jobs}:
        asked = {job.arn: job for job in jobs if _metric(specification, job) == metric}
        for arn, points in store.training_jobs.curves(list(asked), metric).items():
            hosts = asked[arn].definition.instance_count
            read[arn] = step_means([point.value for point in points], hosts)
    return read


def _key(specification: TuningSpecification, job: TrainingJob) -> _Key:
    return job.arn, job.created_at, job.journal_read, _metric(specification, job)


def _metric(specification: TuningSpecification, job: TrainingJob) -> str:
    return specification.definition_of(job).objective.metric
