"""
Why training jobs failed, those with the same reason together, the most frequent first (pure).

Reasons that differ in numbers alone, or in the name of the training job, are one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from luthier.dashboard.remedies import remedy
from luthier.dashboard.training_view import training_job_url
from luthier.records.status import TrainingStatus
from luthier.records.training_job import TrainingJob

MOST = 8
"""Reasons that are shown."""

EXAMPLES = 3
_COMPARED = 400  # characters of a reason
_CHANGING = re.compile(r"0x[0-9a-f]+|[0-9]+(?:[.:][0-9]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A training job that failed for a reason."""

    ordinal: int
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One reason, in the words of the last training job that failed for it."""

    reason: str
    remedy: str | None
    count: int
    examples: tuple[Example, ...]  # the last ones, the newest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Failures:
    """The most frequent reasons."""

    count: int  # training jobs that failed, for any reason
    failures: tuple[Failure, ...]
    others: int  # training jobs that failed for a reason that is not among them


def failures_of(children: Sequence[TrainingJob]) -> Failures | None:
    """Group the failed ones of *children*, given by ordinal; None if there is none."""
    groups: dict[str, list[TrainingJob]] = {}
    for job in children:
        if job.status is TrainingStatus.FAILED:
            groups.setdefault(_shape(job), []).append(job)
    if not groups:
        return None
    ordered = sorted(groups.values(), key=len, reverse=True)
    return Failures(
        count=sum(map(len, ordered)),
        failures=tuple(_failure(each) for each in ordered[:MOST]),
        others=sum(map(len, ordered[MOST:])),
    )


def _shape(job: TrainingJob) -> str:
    reason = (job.failure_reason or "")[:_COMPARED]
    return _CHANGING.sub("#", reason.replace(job.name, "#"))


def _failure(jobs: Sequence[TrainingJob]) -> Failure:
    last = jobs[-1]
    reason = last.failure_reason or ""
    return Failure(
        reason=reason,
        remedy=remedy(reason),
        count=len(jobs),
        examples=tuple(
            Example(ordinal=each.ordinal or 0, url=training_job_url(each)) for each in reversed(jobs[-EXAMPLES:])
        ),
    )
