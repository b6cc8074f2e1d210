"""An outbox: where changes of jobs' states wait for one destination, and which of them it wants."""

from collections.abc import Collection
from dataclasses import dataclass
from fnmatch import fnmatchcase

from luthier.records.state_change import JobKind, StateChange

WEBHOOK = "webhook"  # the outbox of the setting of that name


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbox:
    """What one destination is told of; a filter that is empty lets everything through."""

    name: str
    kinds: Collection[JobKind] = ()
    tuning_jobs: Collection[str] = ()  # patterns of names, with * and ?, in lower case
    statuses: Collection[str] = ()  # of the job, in SageMaker's words

    def wants(self, change: StateChange) -> bool:
        """Whether it passes all filters; of no tuning job, it passes no pattern."""
        name = change.tuning_job
        return (
            (not self.kinds or change.kind in self.kinds)
            and (not self.statuses or change.status in self.statuses)
            and (not self.tuning_jobs or any(name and fnmatchcase(name, each) for each in self.tuning_jobs))
        )
