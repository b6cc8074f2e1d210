"""What a host reports."""

from pathlib import Path

import pytest

from luthier.clusters.workspace import Workspace
from luthier.host.journal import Journal, training_s
from luthier.records.journal import Ended, JournalEntry, MetricSeen, Outcome, PhaseEntered
from luthier.records.status import SecondaryStatus


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (SecondaryStatus.STARTING, "Preparing the instances for training."),
        (SecondaryStatus.DOWNLOADING, "Downloading input data"),
        (SecondaryStatus.TRAINING, "Training image download completed. Training in progress."),
        (SecondaryStatus.UPLOADING, "Uploading generated training model"),
    ],
)
def test_a_phase_is_reported_in_sagemakers_words(tmp_path: Path, status: SecondaryStatus, message: str) -> None:
    Journal(Workspace(tmp_path), lambda: 7.0).enter(status)

    assert Workspace(tmp_path).entries() == (PhaseEntered(status=status, at=7.0, message=message),)


def test_no_metrics_make_no_entry(tmp_path: Path) -> None:
    Journal(Workspace(tmp_path), lambda: 7.0).see([])

    assert Workspace(tmp_path).entries() == ()


def test_a_reason_holds_only_what_a_database_can(tmp_path: Path) -> None:
    Journal(Workspace(tmp_path), lambda: 7.0).end(Outcome.FAILED, "a\0b\ud800c" + 2000 * "d")

    assert Workspace(tmp_path).entries() == (
        Ended(outcome=Outcome.FAILED, at=7.0, reason=("a\N{REPLACEMENT CHARACTER}b?c" + 2000 * "d")[:1024]),
    )


def entered(status: SecondaryStatus, at: float) -> JournalEntry:
    return PhaseEntered(status=status, at=at, message="")


def test_the_time_of_a_try_that_was_lost_ends_with_its_last_word() -> None:
    entries = [
        entered(SecondaryStatus.STARTING, 10.0),
        entered(SecondaryStatus.TRAINING, 20.0),
        MetricSeen(name="loss", value=1.0, at=50.0),
        entered(SecondaryStatus.RESTARTING, 9000.0),
        entered(SecondaryStatus.STARTING, 9001.0),
        entered(SecondaryStatus.TRAINING, 9002.0),
    ]

    assert training_s(entries) == 30.0


def test_the_time_of_a_try_ends_with_its_phase() -> None:
    entries = [entered(SecondaryStatus.TRAINING, 20.0), entered(SecondaryStatus.UPLOADING, 25.0)]

    assert training_s(entries) == 5.0
