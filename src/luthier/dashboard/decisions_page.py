"""
The pages that say why: of a training job all that was decided about it, of a tuning job everything, newest first.

Why a point was proposed is computed again when the page of its training job is asked for, which takes as long as the
proposal took. The page of a tuning job says what was decided, and leads there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.responses import Response

from luthier.dashboard.decision_wording import said
from luthier.records.training_job import TrainingJob
from luthier.records.tuning_job import TuningJob
from luthier.store.engine import Store
from luthier.strategies import Strategy
from luthier.tuning.decisions import Decision, Forgotten, Why, decisions_of, reasons_of
from luthier.tuning.history import History, history_of

MOST = 500
"""Decisions of a tuning job that are shown, the newest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A decision in words."""

    at: float
    text: str
    training_job: str | None  # its name; None: it is the tuning job's own decision


class DecisionsPage:
    """Shows decisions; *strategies* are those that made the proposals, by SageMaker's name."""

    def __init__(self, store: Store, strategies: Mapping[str, Strategy]) -> None:
        self._store, self._strategies = store, strategies

    def of_tuning_job(self, job: TuningJob, render: Callable[..., Response]) -> Response:
        """Answer with what was decided about *job* and its training jobs."""
        found = decisions_of(history_of(self._store, job))
        shown = [_said(each) for each in reversed(found[-MOST:])]
        return render("decisions.html", tuning_job=job, training_job=None, decisions=shown, left_out=len(found) - MOST)

    def of_training_job(self, child: TrainingJob, render: Callable[..., Response]) -> Response:
        """Answer with what was decided about *child*, and why."""
        job = self._store.tuning_jobs.get(child.tuning_job) if child.tuning_job and child.ordinal else None
        found = self._about(job, child) if job is not None else []
        return render("decisions.html", tuning_job=job, training_job=child, decisions=found, left_out=0)

    def _about(self, job: TuningJob, child: TrainingJob) -> list[Said]:
        history = history_of(self._store, job)
        reasons = self._reasons(history, child)
        return [_said(each) for each in decisions_of(history, reasons) if each.training_job == child.name]

    def _reasons(self, history: History, child: TrainingJob) -> Mapping[int, Why | Forgotten]:
        strategy = self._strategies[history.job.specification.strategy]
        for proposal, children in history.written():
            if any(each.arn == child.arn for each in children):
                return reasons_of(history, strategy, proposal)
        return {}


def _said(decision: Decision) -> Said:
    text = said(decision)
    return Said(at=decision.at, text=text[:1].upper() + text[1:] + ".", training_job=decision.training_job)
