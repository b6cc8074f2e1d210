"""
Where a tuning job comes from, and what has come of it: warm starts over generations.

    winter ── spring ─┬─ summer          summer learned from spring and from other, spring from winter;
              other ──┘     └─ autumn    autumn learned from summer

Nobody can be an ancestor of its own, as a parent was over before its child was created. But there may be any number of
generations, and an ancestor may be reached on several ways: so each is told of once, near ones before far ones, and no
more than `MOST` of `GENERATIONS`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from luthier.records.names import TuningJobArn
from luthier.records.tuning_job import TuningJob
from luthier.store.engine import Store

MOST = 60
"""Ancestors, and likewise successors, that are told of."""

GENERATIONS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Ancestor:
    """A tuning job that another one learned from."""

    name: str
    job: TuningJob | None  # None: it is not there any more
    parents: tuple["Ancestor", ...] = ()
    is_repeated: bool = False  # its own parents stand where it is told of first
    has_more: bool = False  # it has parents that are too many, or too far, to be told of


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineage:
    """A tuning job's ancestors, its parents in the caller's order, and those that learned from it, oldest first."""

    parents: tuple[Ancestor, ...]
    successors: tuple[TuningJob, ...]
    has_more_successors: bool = False


def lineage_of(store: Store, job: TuningJob) -> Lineage:
    """Read the lineage of a tuning job; nothing can have learned from one that is not over."""
    found = dict(_ancestry(store, job))
    successors = store.tuning_jobs.successors(job, MOST + 1)
    return Lineage(
        parents=_parents(job, found, set()),
        successors=tuple(successors[:MOST]),
        has_more_successors=len(successors) > MOST,
    )


def parents_in(job: TuningJob) -> tuple[TuningJobArn, ...]:
    """Name the parents of a tuning job's warm start; () where it starts cold."""
    start = job.specification.warm_start
    return start.parents if start is not None else ()


def _ancestry(store: Store, job: TuningJob) -> Iterator[tuple[TuningJobArn, TuningJob | None]]:
    """Give what is stored under the names of the ancestors that are told of, near ones first, each once."""
    seen, generation = set[TuningJobArn](), [job]
    for _ in range(GENERATIONS):
        following = list[TuningJob]()
        for child, arn in [(each, arn) for each in generation for arn in parents_in(each)]:
            if arn in seen or len(seen) == MOST:
                continue
            seen.add(arn)
            found = store.tuning_jobs.get(arn)
            yield arn, found
            following += [found] if found is not None and _was_before(found, child) else []
        generation = following


def _was_before(parent: TuningJob, child: TuningJob) -> bool:
    """Whether *parent* is the one that *child* was created with, and none that was made anew under its name."""
    return parent.ended_at is not None and parent.ended_at <= child.created_at


def _parents(
    job: TuningJob, found: Mapping[TuningJobArn, TuningJob | None], told: set[TuningJobArn]
) -> tuple[Ancestor, ...]:
    """Give the parents of *job* that are in *found*, with theirs, unless these are *told* of already."""
    return tuple(_ancestor(job, arn, found, told) for arn in parents_in(job) if arn in found)


def _ancestor(
    child: TuningJob,
    arn: TuningJobArn,
    found: Mapping[TuningJobArn, TuningJob | None],
    told: set[TuningJobArn],
) -> Ancestor:
    parent = found[arn]
    if parent is None or not _was_before(parent, child):
        return Ancestor(name=arn.rpartition("/")[2], job=None)
    if arn in told:
        return Ancestor(name=parent.name, job=parent, is_repeated=bool(parents_in(parent)))
    told.add(arn)
    return Ancestor(
        name=parent.name,
        job=parent,
        parents=_parents(parent, found, told),
        has_more=any(each not in found for each in parents_in(parent)),
    )
