"""What came of computing proposals again, as text and as JSON (pure)."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from luthier.app.cells import clean
from luthier.records.json_value import JsonObject
from luthier.tuning.replay import Outcome, Replayed

_COMPLAINTS = {
    Outcome.DIFFERENT: "The first that differs is {name}, the training job {ordinal}:",
    Outcome.LOST: "What {name}, the training job {ordinal}, was chosen from cannot be shown again: training jobs that "
    "it knew, or parents of a warm start, have been deleted, or another Luthier proposed it.",
    Outcome.UNRECORDED: "{name}, the training job {ordinal}, was proposed by a Luthier that kept no record.",
}


def is_reproduced(found: Sequence[Replayed]) -> bool:
    """Whether all came out as they are recorded; of nothing, nothing differs."""
    return all(each.outcome is Outcome.REPRODUCED for each in found)


def report(name: str, found: Sequence[Replayed], here: str) -> RenderableType:
    """Say how many came out again, and of each complaint the first training job; *here* is what computed it now."""
    reproduced = sum(each.outcome is Outcome.REPRODUCED for each in found)
    parts: list[RenderableType] = [
        Text(clean(f"{name}: {reproduced} of {len(found)} proposals reproduced bit for bit."))
    ]
    for outcome, complaint in _COMPLAINTS.items():
        first = next((each for each in found if each.outcome is outcome), None)
        if first is not None:
            parts.append(Text(complaint.format(name=first.training_job, ordinal=first.ordinal)))
            parts += [_difference(first)] if outcome is Outcome.DIFFERENT else []
    others = [maker for maker in _makers(found) if maker != here]
    if others:
        parts.append(Text(clean(f"They were proposed by {'; '.join(others)}. This is {here}: last digits may differ.")))
    return Group(*parts)


def document(name: str, found: Sequence[Replayed], here: str) -> JsonObject:
    """Give the same as JSON, with every training job."""
    counts = Counter(str(each.outcome) for each in found)
    return {
        "HyperParameterTuningJobName": name,
        "IsReproduced": is_reproduced(found),
        "Outcomes": {str(each): counts[str(each)] for each in Outcome},
        "ComputedBy": here,
        "TrainingJobs": [_entry(each) for each in found],
    }


def _entry(each: Replayed) -> JsonObject:
    return {
        "TrainingJobName": each.training_job,
        "Ordinal": each.ordinal,
        "Outcome": str(each.outcome),
        "Recorded": dict(each.recorded),
        "Computed": None if each.computed is None else dict(each.computed),
        "MadeBy": None if each.proposal is None else each.proposal.made_by,
    }


def _makers(found: Sequence[Replayed]) -> list[str]:
    return list(dict.fromkeys(each.proposal.made_by for each in found if each.proposal is not None))


def _difference(each: Replayed) -> Table:
    """Lay out the hyperparameters that differ, to their last digit."""
    grid = Table("hyperparameter", "recorded", "computed now", box=None, header_style="bold")
    computed = each.computed or {}
    for name in sorted({*each.recorded, *computed}):
        if each.recorded.get(name) != computed.get(name):
            values = (each.recorded.get(name, "none"), computed.get(name, "none"))
            grid.add_row(*(Text(clean(value)) for value in (name, *values)))
    return grid
