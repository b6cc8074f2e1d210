"""Records as rows and back: a job's table has a column for each of its fields, the scope being two."""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any, TypeVar

from sqlalchemy import RowMapping

from luthier.records.names import Scope
from luthier.records.training_job import TrainingJob
from luthier.records.tuning_job import TuningJob

T = TypeVar("T")

_AT_ONCE = 500  # SQLite before 3.32 takes 999 variables in a statement


def row_of(job: TuningJob | TrainingJob) -> dict[str, object]:
    """Lay a job out as column values."""
    plain = {each.name: getattr(job, each.name) for each in fields(job) if each.name != "scope"}
    return plain | {"account": job.scope.account, "region": job.scope.region}


def changes_of(job: TuningJob | TrainingJob, settled: frozenset[str]) -> dict[str, object]:
    """Lay out what may change of a job, that is all but the *settled* columns, as its next version."""
    return {name: value for name, value in row_of(job).items() if name not in settled} | {"version": job.version + 1}


def tuning_job_of(row: RowMapping) -> TuningJob:
    """Read a row that has every column of the tuning jobs' table, and maybe more."""
    return TuningJob(scope=_scope_of(row), **_fields_of(row, TuningJob))


def training_job_of(row: RowMapping) -> TrainingJob:
    """Read a row that has every column of the training jobs' table, and maybe more."""
    return TrainingJob(scope=_scope_of(row), **_fields_of(row, TrainingJob))


def portions(keys: Sequence[T]) -> Iterator[Sequence[T]]:
    """Deal *keys* into parts short enough for one statement's variables."""
    for start in range(0, len(keys), _AT_ONCE):
        yield keys[start : start + _AT_ONCE]


def _scope_of(row: RowMapping) -> Scope:
    return Scope(account=row["account"], region=row["region"])


def _fields_of(row: RowMapping, kind: type[TuningJob] | type[TrainingJob]) -> dict[str, Any]:  # typed by the columns
    return {name: row[name] for name in _NAMES[kind]}


_NAMES = {kind: [each.name for each in fields(kind) if each.name != "scope"] for kind in (TuningJob, TrainingJob)}
