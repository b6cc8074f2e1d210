"""
Training jobs of tuning jobs, read again only where they have changed: a page that is looked at every other second.

A training job's version rises with everything that is written of it, its metric points included; together with when it
was created, for names may be given again, it says whether what was read before is still true.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

from luthier.records.names import TrainingJobArn, TuningJobArn
from luthier.records.training_job import FinalMetric, TrainingJob
from luthier.store.engine import Store

MOST = 30_000
"""Training jobs that are kept, of the tuning jobs last looked at; those of the last one always."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """The training jobs of a tuning job by ordinal, with the last values of their metrics."""

    children: Sequence[TrainingJob]
    finals: Mapping[TrainingJobArn, Sequence[FinalMetric]]


@dataclass(frozen=True, slots=True)
class _Member:
    job: TrainingJob
    finals: Sequence[FinalMetric]

    @property
    def stamp(self) -> tuple[float, int]:
        return self.job.created_at, self.job.version


class Families:
    """Reads families from *store*, and keeps them. For any number of threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: OrderedDict[TuningJobArn, Mapping[TrainingJobArn, _Member]] = OrderedDict()
        self._lock = Lock()

    def of(self, arn: TuningJobArn) -> Family:
        """Read the family of a tuning job as it is now."""
        stamps = self._store.training_jobs.stamps_of(arn)
        with self._lock:
            known = self._known.get(arn, {})
        kept = {each: known[each] for each, stamp in stamps.items() if each in known and known[each].stamp == stamp}
        read = kept | self._read([each for each in stamps if each not in kept])
        members = {each: read[each] for each in stamps if each in read}  # one that is gone meanwhile is not there
        self._keep(arn, members)
        return Family(
            children=[each.job for each in members.values()], finals={arn: each.finals for arn, each in members.items()}
        )

    def _read(self, arns: Sequence[TrainingJobArn]) -> dict[TrainingJobArn, _Member]:
        jobs = self._store.training_jobs.several(arns)
        finals = self._store.training_jobs.final_metrics(arns)  # read later, so never older than the version says
        return {job.arn: _Member(job, finals[job.arn]) for job in jobs}

    def _keep(self, arn: TuningJobArn, members: Mapping[TrainingJobArn, _Member]) -> None:
        with self._lock:
            self._known[arn] = members
            self._known.move_to_end(arn)
            while len(self._known) > 1 and sum(len(each) for each in self._known.values()) > MOST:
                self._known.popitem(last=False)
