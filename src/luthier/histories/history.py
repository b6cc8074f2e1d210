"""A history: a search that is over, wherever it was, as a tuning job could have run it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from luthier.records.correctable import CorrectableError
from luthier.records.json_value import JsonObject
from luthier.records.status import TrainingStatus, TuningStatus


class HistoryError(CorrectableError):
    """What was given is no history; the message says where, by the row or the member, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A value of the objective, as a training reported it on its way."""

    value: float  # finite
    at: float | None = None  # seconds since the epoch; None: nobody knows


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One training that somebody has run."""

    place: str  # where it was read, for messages: row 7
    hyperparameters: Mapping[str, str]  # as text: at least those that were searched
    status: TrainingStatus  # Completed, Stopped or Failed
    objective: float | None  # finite
    began_at: float | None = None  # seconds since the epoch; None: nobody knows
    ended_at: float | None = None
    name: str | None = None  # None: it has none that a training job could have
    definition: str | None = None  # the name of its training job definition, where there are several
    failure: str | None = None
    reports: Sequence[Report] = ()  # of the objective, oldest first; (): nobody knows its curve
    is_early: bool = False  # its search stopped it before its end, so that its objective is none of an end


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A search, with all that was run."""

    request: JsonObject  # what CreateHyperParameterTuningJob would have been asked
    runs: Sequence[Run]  # in the order in which they began
    status: TuningStatus = TuningStatus.COMPLETED
    created_at: float | None = None  # seconds since the epoch; None: as its first run began
    ended_at: float | None = None  # None: as its last run ended
    failure: str | None = None
