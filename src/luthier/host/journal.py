"""What a training host has to report, written into its workspace's journal as it happens."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from luthier.clusters.workspace import Workspace
from luthier.records.journal import Ended, JournalEntry, MetricSeen, Outcome, PhaseEntered
from luthier.records.status import SecondaryStatus
from luthier.records.usage import UsageSeen

LONGEST_REASON = 1024  # characters: FailureReason in SageMaker's API

_MESSAGES = {  # as SageMaker words them
    SecondaryStatus.STARTING: "Preparing the instances for training.",
    SecondaryStatus.DOWNLOADING_IMAGE: "Downloading the training image",
    SecondaryStatus.DOWNLOADING: "Downloading input data",
    SecondaryStatus.TRAINING: "Training image download completed. Training in progress.",
    SecondaryStatus.UPLOADING: "Uploading generated training model",
}


@dataclass(frozen=True, slots=True)
class Journal:
    """The one writer of a journal, which holds its workspace's lock. *clock* gives seconds since the epoch."""

    workspace: Workspace
    clock: Callable[[], float]

    def enter(self, status: SecondaryStatus) -> None:
        """Report the next phase, from Starting to Uploading."""
        self.workspace.append([PhaseEntered(status=status, at=self.clock(), message=_MESSAGES[status])])

    def see(self, metrics: Sequence[MetricSeen]) -> None:
        """Report metrics, if there are any."""
        if metrics:
            self.workspace.append(metrics)

    def measure(self, stretch: UsageSeen) -> None:
        """Report what a host has used."""
        self.workspace.append([stretch])

    def end(self, outcome: Outcome, reason: str | None = None, *, is_retryable: bool = False) -> None:
        """Report the end; nothing may follow. What no database can hold is left out of the reason."""
        text = None if reason is None else _printable(reason)[:LONGEST_REASON]
        self.workspace.append([Ended(outcome=outcome, at=self.clock(), reason=text, is_retryable=is_retryable)])


def training_s(entries: Sequence[JournalEntry]) -> float:
    """
    Say for how many seconds an algorithm has run in earlier tries, by the entries of a journal.

    A try whose host was lost ran until the last entry that it made, as far as anybody knows.
    """
    total, last_at = 0.0, 0.0
    begun_at: float | None = None
    for each in entries:
        if isinstance(each, PhaseEntered):
            if begun_at is not None:
                total += (last_at if each.status is SecondaryStatus.RESTARTING else each.at) - begun_at
            begun_at = each.at if each.status is SecondaryStatus.TRAINING else None
        last_at = each.at
    return total


def _printable(text: str) -> str:
    """Replace NUL and lone surrogates."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode("utf-8")
