"""Where a tuning job comes from and what has come of it, as lines of text and as JSON (pure)."""

from collections.abc import Iterator

from luthier.app.cells import clean
from luthier.dashboard.lineage import note_on
from luthier.records.json_value import JsonObject
from luthier.records.tuning_job import TuningJob
from luthier.tuning.lineage import Ancestor, Lineage


def lines(job: TuningJob, lineage: Lineage) -> list[str]:
    """Lay a lineage out, ancestors indented by their generations; nothing where there is nobody."""
    start = job.specification.warm_start
    said = list[str]()
    if start is not None:
        said += [f"It learns from ({start.type}):", *_ancestors(lineage.parents, 1)]
    if lineage.successors:
        said += ["These learned from it:", *(f"  {clean(each.name)}" for each in lineage.successors)]
    return [*said, *(["  and more"] if lineage.has_more_successors else [])]


def document(lineage: Lineage) -> JsonObject:
    """Give the same as JSON."""
    return {
        "Parents": [_document(each) for each in lineage.parents],
        "Successors": [each.name for each in lineage.successors],
        "HasMoreSuccessors": lineage.has_more_successors,
    }


def _ancestors(parents: tuple[Ancestor, ...], generation: int) -> Iterator[str]:
    for each in parents:
        note = note_on(each)
        yield f"{'  ' * generation}{clean(each.name)}{f' ({note})' if note else ''}"
        yield from _ancestors(each.parents, generation + 1)


def _document(each: Ancestor) -> JsonObject:
    return {
        "HyperParameterTuningJobName": each.name,
        "IsThere": each.job is not None,
        "IsRepeated": each.is_repeated,
        "HasMore": each.has_more,
        "Parents": [_document(parent) for parent in each.parents],
    }
