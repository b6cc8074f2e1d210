"""What hosts of training jobs have used, as rows: written when the journal's lines are taken in, then only read."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields

from sqlalchemy import Connection, RowMapping, case, delete, func, insert, select

from luthier.records.names import TrainingJobArn
from luthier.records.usage import UsageSeen
from luthier.store.database import Database
from luthier.store.rows import portions
from luthier.store.usage_table import usage_samples

_c = usage_samples.c
_WEIGHED = func.sum(_c.gpu_percent * _c.span_s)  # null as the mean is, where it is not known
_JOINED = (  # as `luthier.records.usage.joined` does
    _c.training_job,
    _c.host,
    func.max(_c.at).label("at"),
    func.sum(_c.span_s).label("span_s"),
    func.max(_c.cpus).label("cpus"),
    func.max(_c.memory_limit_bytes).label("memory_limit_bytes"),
    func.max(_c.gpus).label("gpus"),
    func.max(_c.disk_limit_bytes).label("disk_limit_bytes"),
    func.sum(_c.processor_s).label("processor_s"),
    func.max(_c.peak_cpu_percent).label("peak_cpu_percent"),
    func.max(_c.memory_bytes).label("memory_bytes"),
    (_WEIGHED / func.sum(case((_c.gpu_percent.is_not(None), _c.span_s)))).label("gpu_percent"),
    func.max(_c.peak_gpu_percent).label("peak_gpu_percent"),
    func.max(_c.gpu_memory_percent).label("gpu_memory_percent"),
    func.max(_c.disk_bytes).label("disk_bytes"),
)


class UsageSamples:
    """What the hosts of every training job have used; it is written by `TrainingJobs.take_in`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_training_job(self, arn: TrainingJobArn) -> list[UsageSeen]:
        """List the stretches of all hosts of a training job, in the order in which they were reported."""
        wanted = select(usage_samples).where(_c.training_job == arn).order_by(_c.sequence)
        with self._database.reading() as connection:
            return [_sample_of(row) for row in connection.execute(wanted).mappings()]

    def totals(self, arns: Sequence[TrainingJobArn]) -> Mapping[TrainingJobArn, list[UsageSeen]]:
        """Join all stretches of each host of several training jobs, by host; every ARN asked for is a key."""
        found: dict[TrainingJobArn, list[UsageSeen]] = {arn: [] for arn in arns}
        with self._database.reading() as connection:
            for portion in portions(list(found)):
                wanted = select(*_JOINED).where(_c.training_job.in_(portion)).group_by(_c.training_job, _c.host)
                for row in connection.execute(wanted.order_by(_c.training_job, func.min(_c.sequence))).mappings():
                    found[row["training_job"]].append(_sample_of(row))
        return found


def add_samples(connection: Connection, arn: TrainingJobArn, samples: Mapping[int, UsageSeen]) -> None:
    """
    Store what hosts have used, by the journal's line, but for lines that are there already.

    The caller has just written the training job's row in the same transaction, so nobody else adds to them.
    """
    if not samples:
        return
    known = set(connection.scalars(select(_c.sequence).where(_c.training_job == arn, _c.sequence >= min(samples))))
    rows = [
        {"training_job": arn, "sequence": sequence, **asdict(sample)}
        for sequence, sample in samples.items()
        if sequence not in known
    ]
    if rows:
        connection.execute(insert(usage_samples), rows)


def remove_samples(connection: Connection, arn: TrainingJobArn) -> None:
    """Forget what the hosts of a training job have used, which is being deleted."""
    connection.execute(delete(usage_samples).where(_c.training_job == arn))


def _sample_of(row: RowMapping) -> UsageSeen:
    return UsageSeen(**{each.name: row[each.name] for each in fields(UsageSeen)})
