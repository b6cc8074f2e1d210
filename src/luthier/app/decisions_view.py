"""Decisions about a tuning job, as text and as JSON (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from luthier.app.cells import brief, clean
from luthier.dashboard.decision_wording import said
from luthier.dashboard.wording import iso, moment
from luthier.records.json_value import JsonObject, JsonValue
from luthier.records.training_job import TrainingJob
from luthier.tuning.decisions import Decision, Why


def listing(name: str, decisions: Sequence[Decision]) -> RenderableType:
    """Lay out decisions, a line each, the oldest first."""
    return Group(Text(clean(f"{name} (times in UTC)"), style="bold"), *(_line(each) for each in decisions))


def story(job: TrainingJob, decisions: Sequence[Decision]) -> RenderableType:
    """Lay out what was decided about one training job, with the hyperparameters that it was given."""
    tuned = ", ".join(f"{brief(name)}={brief(value)}" for name, value in job.tuned.items())
    title = Text(clean(f"{job.name} is {job.status} (times in UTC)"), style="bold")
    return Group(title, Text(tuned), *(_line(each) for each in decisions))


def document(name: str, decisions: Sequence[Decision]) -> JsonObject:
    """Give the same as JSON, with everything unrounded."""
    return {"HyperParameterTuningJobName": name, "Decisions": [_entry(each) for each in decisions]}


def _line(each: Decision) -> Text:
    line = Text(f"{moment(each.at)}  ")
    if each.training_job is not None:
        line.append(clean(f"{each.training_job} "), style="cyan")
    return line.append(clean(said(each)))


def _entry(each: Decision) -> JsonObject:
    entry: dict[str, JsonValue] = {
        "At": iso(each.at),
        "Event": str(each.event),
        "TrainingJobName": each.training_job,
        "Text": said(each),
    }
    if each.proposal is not None:
        entry["Known"] = {
            "Before": each.proposal.ordinal - 1,
            "Running": list(each.proposal.running),
            "Digest": each.proposal.shown,
            "MadeBy": each.proposal.made_by,
        }
    if isinstance(each.why, Why):
        entry["Reason"] = {"Kind": type(each.why.reason).__name__, **_members(asdict(each.why.reason))}
        entry["Turn"] = {
            "DefinitionName": each.why.turn.definition.name,
            "Before": each.why.turn.had,
            "IsDue": each.why.turn.is_due,
        }
    return entry


def _members(figures: Mapping[str, Any]) -> dict[str, JsonValue]:
    """Name a record's fields as the API names members."""
    return {
        "".join(word.capitalize() for word in name.split("_")): _members(value) if isinstance(value, dict) else value
        for name, value in figures.items()
    }
