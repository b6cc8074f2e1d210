"""
What a page shows, as a version: cheap to ask for, and another one whenever the page would show something else.

Rows carry versions of their own, which rise with everything that is written of them; of many training jobs, their
number and the sum of their versions do. Beside the rows, a page shows what is painted and what is logged.

The time that passes is not counted: a page is not another one because a second more has gone by.
"""

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256

from luthier.dashboard.gallery import Gallery
from luthier.dashboard.job_list import read_list
from luthier.dashboard.streams import Seen
from luthier.records.names import TrainingJobArn, TuningJobArn
from luthier.records.training_job import TrainingJob
from luthier.records.tuning_job import TuningJob
from luthier.store.engine import Store

LogSizes = Callable[[TrainingJob], Sequence[int]]
"""The bytes of the log of each of a training job's hosts."""

GONE = Seen(version="gone", is_over=True)


class Versions:
    """Looks at the rows of *store*, at the *gallery*, and at logs. For any number of threads."""

    def __init__(self, store: Store, gallery: Gallery, log_sizes: LogSizes) -> None:
        self._store, self._gallery, self._log_sizes = store, gallery, log_sizes

    def of_list(self, account: str, asked: Mapping[str, str]) -> Seen:
        """Look at a page of the list of tuning jobs, which is never over; raises HTTPException where there is none."""
        regions, _, page = read_list(self._store, account, asked)
        going_on = [job.arn for job in page.items if not job.status.is_over]
        children = self._store.training_jobs.stamps(going_on)
        jobs = [(job.arn, job.created_at, job.version, children.get(job.arn)) for job in page.items]
        return Seen(version=_version(regions, jobs, page.next), is_over=False)

    def of_tuning_job(self, arn: TuningJobArn) -> Seen:
        """Look at a tuning job, its training jobs and its portrait."""
        job = self._store.tuning_jobs.get(arn)
        if job is None:
            return GONE
        painted, is_coming = self._gallery.glance(job)
        return Seen(version=version_with(self.of_rows(job), painted), is_over=job.status.is_over and not is_coming)

    def of_rows(self, job: TuningJob) -> str:
        """Give the version of a tuning job and its training jobs, whatever has been painted of them."""
        return _version(job.created_at, job.version, self._store.training_jobs.stamps([job.arn])[job.arn])

    def of_training_job(self, arn: TrainingJobArn) -> Seen:
        """Look at a training job and its logs."""
        job = self._store.training_jobs.get(arn)
        if job is None:
            return GONE
        version = _version(job.created_at, job.version, self._log_sizes(job))
        return Seen(version=version, is_over=job.status.is_over)


def version_with(rows: str, painted: int) -> str:
    """Give the version of a page that shows *rows*, and a portrait of so many training jobs; 0 without one."""
    return f"{rows}.{painted}"


def _version(*parts: object) -> str:
    return sha256(repr(parts).encode()).hexdigest()[:16]
