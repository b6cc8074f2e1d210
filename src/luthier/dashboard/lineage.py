"""The tuning jobs that a tuning job learns from, over generations, and those that learned from it, as links (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass

from luthier.records.tuning_job import TuningJob
from luthier.tuning.lineage import Ancestor, Lineage


@dataclass(frozen=True, slots=True, kw_only=True)
class Relative:
    """A tuning job by its name, with its parents; *url* is None once it has been deleted."""

    name: str
    url: str | None
    note: str = ""  # why its parents are not told of here
    parents: Sequence["Relative"] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Relatives:
    """What a page shows of a lineage."""

    parents: Sequence[Relative]
    successors: Sequence[Relative]
    has_more_successors: bool


def relatives_of(lineage: Lineage) -> Relatives:
    """Turn a lineage into links."""
    return Relatives(
        parents=[_ancestor(each) for each in lineage.parents],
        successors=[Relative(name=each.name, url=_url(each)) for each in lineage.successors],
        has_more_successors=lineage.has_more_successors,
    )


def note_on(ancestor: Ancestor) -> str:
    """Say what is to be known of an ancestor beside its name; empty where that is nothing."""
    if ancestor.job is None:
        return "no longer there"
    if ancestor.is_repeated:
        return "its parents are named already"
    return "and further generations" if ancestor.has_more else ""


def _ancestor(each: Ancestor) -> Relative:
    parents = [_ancestor(parent) for parent in each.parents]
    url = None if each.job is None else _url(each.job)
    return Relative(name=each.name, url=url, note=note_on(each), parents=parents)


def _url(job: TuningJob) -> str:
    return f"/ui/tuning-jobs/{job.scope.region}/{job.name}"
