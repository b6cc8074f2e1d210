"""What can be searched: which jobs there are, and the records that Search shows of them."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Generic, TypeVar

from botocore.model import ListShape, StructureShape

from luthier.api.describe import described_tuning_job
from luthier.api.describe_training import described_training_job
from luthier.api.desk import Desk
from luthier.api.tags import shown
from luthier.records.call import Call
from luthier.records.json_value import JsonObject
from luthier.records.training_job import TrainingJob
from luthier.records.tuning_job import TuningJob
from luthier.store.paging import Cursor, Page, TrainingJobQuery, TuningJobQuery
from luthier.tuning.parents import parents_of
from luthier.wire.model import operation

MOST_LOOKED_AT = 10_000  # jobs, the newest ones
AT_ONCE = 500

OF_METRICS = frozenset({"FinalMetricDataList"})
OF_CHILDREN = frozenset(
    {"TrainingJobStatusCounters", "ObjectiveStatusCounters", "BestTrainingJob", "TuningJobCompletionDetails"}
    | {"OverallBestTrainingJob"}
)
OF_PARENTS = frozenset({"OverallBestTrainingJob"})

Job = TypeVar("Job", TrainingJob, TuningJob)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource(Generic[Job]):
    """A kind of job that can be searched."""

    name: str  # as it stands in a request, and in a SearchRecord
    page: Callable[[Desk, Call, Cursor | None], Page[Job]]  # newest first
    records: Callable[[Desk, Call, Sequence[Job], Collection[str]], list[JsonObject]]  # with the members asked for

    @property
    def shape(self) -> StructureShape:
        """What its records may hold."""
        return _shape(self.name)

    def jobs(self, desk: Desk, call: Call) -> Iterator[Sequence[Job]]:
        """Give every job of the caller's, newest first, some at a time."""
        after: Cursor | None = None
        while True:
            page = self.page(desk, call, after)
            yield page.items
            if page.next is None:
                return
            after = page.next


def newest(resource: Resource[Job], desk: Desk, call: Call) -> tuple[list[Job], bool]:
    """Give the jobs that are looked at, and whether those are all there are."""
    every = (job for some in resource.jobs(desk, call) for job in some)
    found = list(islice(every, MOST_LOOKED_AT + 1))
    return found[:MOST_LOOKED_AT], len(found) <= MOST_LOOKED_AT


def _training_page(desk: Desk, call: Call, after: Cursor | None) -> Page[TrainingJob]:
    query = TrainingJobQuery(scope=call.scope, sort_by="CreationTime", descending=True, limit=AT_ONCE, after=after)
    return desk.store.training_jobs.page(query)


def _training_records(desk: Desk, _: Call, jobs: Sequence[TrainingJob], members: Collection[str]) -> list[JsonObject]:
    arns = [job.arn for job in jobs]
    finals = desk.store.training_jobs.final_metrics(arns if OF_METRICS.intersection(members) else [])
    return _tagged(desk, arns, [described_training_job(job, finals.get(job.arn, ())) for job in jobs], members)


def _tuning_page(desk: Desk, call: Call, after: Cursor | None) -> Page[TuningJob]:
    query = TuningJobQuery(scope=call.scope, sort_by="CreationTime", descending=True, limit=AT_ONCE, after=after)
    return desk.store.tuning_jobs.page(query)


def _tuning_records(desk: Desk, call: Call, jobs: Sequence[TuningJob], members: Collection[str]) -> list[JsonObject]:
    arns = [job.arn for job in jobs]
    families = desk.store.training_jobs.of_tuning_jobs(arns if OF_CHILDREN.intersection(members) else [])
    finals = desk.store.training_jobs.final_metrics([child.arn for each in families.values() for child in each])
    parents = {job.arn: parents_of(desk.store, job) for job in jobs} if OF_PARENTS.intersection(members) else {}
    records = [
        described_tuning_job(job, families.get(job.arn, []), finals, call.now, parents.get(job.arn, ())) for job in jobs
    ]
    return _tagged(desk, arns, records, members)


def _tagged(
    desk: Desk, arns: Sequence[str], records: Sequence[JsonObject], members: Collection[str]
) -> list[JsonObject]:
    if "Tags" not in members:
        return list(records)
    tags = desk.store.tags.of_each(arns)
    return [{**record, "Tags": shown(tags[arn])} for arn, record in zip(arns, records, strict=True)]


@cache
def _shape(name: str) -> StructureShape:
    output = operation("sagemaker", "Search").output
    assert output is not None
    results = output.members["Results"]
    assert isinstance(results, ListShape)
    assert isinstance(results.member, StructureShape)
    shape = results.member.members[name]
    assert isinstance(shape, StructureShape)
    return shape


TRAINING_JOBS = Resource(name="TrainingJob", page=_training_page, records=_training_records)
TUNING_JOBS = Resource(name="HyperParameterTuningJob", page=_tuning_page, records=_tuning_records)
