"""The earlier tuning jobs that a tuning job learns from, as links of its page."""

from dataclasses import dataclass

from luthier.records.names import TuningJobArn
from luthier.records.tuning_job import TuningJob
from luthier.store.engine import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Ancestor:
    """A parent by its name; *url* is None once it has been deleted."""

    name: str
    url: str | None


def parents_of(store: Store, job: TuningJob) -> list[Ancestor]:
    """Name the warm-start parents of *job* in the order of its request; none where it starts cold."""
    start = job.specification.warm_start
    return [_ancestor(store, arn) for arn in start.parents] if start is not None else []


def _ancestor(store: Store, arn: TuningJobArn) -> Ancestor:
    found = store.tuning_jobs.get(arn)
    if found is None:
        return Ancestor(name=arn.rpartition("/")[2], url=None)
    return Ancestor(name=found.name, url=f"/ui/tuning-jobs/{found.scope.region}/{found.name}")
