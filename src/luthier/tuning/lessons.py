"""What a search learns from the training jobs of its tuning job's parents."""

from dataclasses import replace

from luthier.records.tuning_job import TuningJob
from luthier.store.engine import Store
from luthier.tuning.curves import CurveShelf
from luthier.tuning.early_stopping import lessons
from luthier.tuning.parents import parents_of
from luthier.tuning.view import Parent


def parents_to_learn_from(store: Store, shelf: CurveShelf, job: TuningJob) -> tuple[Parent, ...]:
    """Give the parents as `parents_of` does, with what a search learns from their training jobs for finals."""
    return tuple(_as_lessons(store, shelf, parent) for parent in parents_of(store, job))


def _as_lessons(store: Store, shelf: CurveShelf, parent: Parent) -> Parent:
    specification = parent.job.specification
    curves = shelf.of(store, specification, parent.children) if specification.follows_curves else {}
    return replace(parent, finals=lessons(specification, parent.children, parent.finals, curves))
