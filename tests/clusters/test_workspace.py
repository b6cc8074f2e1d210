"""The folder of a training host: its journal, its lock, its markers."""

import json
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest

from luthier.clusters.workspace import LOST, Workspace, unfinished, workspace
from luthier.records.journal import Ended, MetricSeen, Outcome, PhaseEntered
from luthier.records.names import TrainingJobArn
from luthier.records.status import SecondaryStatus
from training_hosts import a_spec

STARTING = PhaseEntered(status=SecondaryStatus.STARTING, at=1.0, message="Preparing")
LOSS = MetricSeen(name="loss", value=0.5, at=2.0)
COMPLETED = Ended(outcome=Outcome.COMPLETED, at=3.0)


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    """The workspace of a training job that was asked to start."""
    place = workspace(tmp_path, a_spec().arn)
    place.write_spec(a_spec())
    return place


def test_a_specification_of_a_version_without_credentials_can_be_read(place: Workspace) -> None:
    file = place.folder / "spec.json"
    before = json.loads(file.read_text())
    del before["credentials_token"]
    file.write_text(json.dumps(before))

    assert place.spec() == replace(a_spec(), credentials_token=None)


def test_a_workspace_is_named_by_account_region_and_training_job(tmp_path: Path) -> None:
    arn = TrainingJobArn("arn:aws:sagemaker:eu-west-1:123456789012:training-job/tune-001")

    assert workspace(tmp_path, arn).folder == tmp_path / "123456789012" / "eu-west-1" / "tune-001" / "hosts"


@pytest.mark.parametrize(
    "arn",
    [
        "tune-001",
        "arn:aws:sagemaker:eu-west-1:123456789012:training-job/..",
        "arn:aws:sagemaker:eu-west-1:123456789012:training-job/a/b",
        "arn:aws:sagemaker:..:123456789012:training-job/a",
        "arn:aws:sagemaker:eu-west-1:123456789012:training-job/a\n",
    ],
)
def test_what_is_no_arn_of_a_training_job_has_no_workspace(tmp_path: Path, arn: str) -> None:
    with pytest.raises(ValueError, match="not the ARN"):
        workspace(tmp_path, TrainingJobArn(arn))


def test_a_specification_reads_as_it_was_written(place: Workspace) -> None:
    assert place.spec() == a_spec()


def test_the_first_specification_stays(place: Workspace) -> None:
    place.write_spec(a_spec(hyperparameters={"eta": "9"}))

    assert place.spec() == a_spec()


def test_a_specification_may_hold_any_text(tmp_path: Path) -> None:
    spec = a_spec(hyperparameters={"x": "\ud800\0\n\N{SNOWMAN}"})
    place = Workspace(tmp_path)

    place.write_spec(spec)

    assert place.spec() == spec


def test_nobody_else_may_look_into_a_workspace(place: Workspace) -> None:
    assert place.folder.stat().st_mode & 0o077 == 0


def test_a_journal_reads_as_it_was_written(place: Workspace) -> None:
    place.append([STARTING])
    place.append([LOSS, COMPLETED])

    assert place.entries() == (STARTING, LOSS, COMPLETED)


def test_a_journal_can_be_read_from_a_place_on(place: Workspace) -> None:
    place.append([STARTING, LOSS, COMPLETED])

    assert place.entries(after=2) == (COMPLETED,)


def test_a_line_that_is_not_finished_is_not_read(place: Workspace) -> None:
    place.append([STARTING, LOSS])
    tear(place, 5)

    assert place.entries() == (STARTING,)


@pytest.mark.parametrize("lost", range(1, 12))
def test_a_torn_line_is_not_glued_to_the_next(place: Workspace, lost: int) -> None:
    place.append([STARTING, LOSS])
    tear(place, lost)

    place.append([COMPLETED])

    assert place.entries() == (STARTING, COMPLETED)


def test_a_journal_of_nothing_but_a_torn_line_has_not_begun(place: Workspace) -> None:
    place.append([STARTING])
    tear(place, 1)

    assert place.last_entry() is None


def test_the_lock_has_one_holder(place: Workspace) -> None:
    with place.held(wait=False) as first, place.held(wait=False) as second:
        assert (first, second) == (True, False)


def test_the_lock_can_be_waited_for(place: Workspace) -> None:
    taken = []

    def take() -> None:
        with place.held(wait=True) as is_held:
            taken.append(is_held)

    with place.held(wait=False):
        waiting = Thread(target=take)
        waiting.start()
        assert taken == []
    waiting.join(10)

    assert taken == [True]


def test_a_host_that_began_and_is_gone_is_lost(place: Workspace) -> None:
    place.append([STARTING])

    place.settle(9.0)

    assert place.last_entry() == Ended(outcome=Outcome.FAILED, at=9.0, reason=LOST, is_retryable=True)


def test_a_host_that_was_stopped_before_it_began_has_stopped(place: Workspace) -> None:
    place.mark_stop()

    place.settle(9.0)

    assert place.last_entry() == Ended(outcome=Outcome.STOPPED, at=9.0)


def test_a_host_that_has_not_begun_has_nothing_to_settle(place: Workspace) -> None:
    assert not place.settle(9.0)
    assert place.entries() == ()


def test_an_end_is_the_last_entry(place: Workspace) -> None:
    place.append([STARTING, COMPLETED])

    place.settle(9.0)

    assert place.entries() == (STARTING, COMPLETED)


def tear(place: Workspace, count: int) -> None:
    """Take a journal's last bytes away."""
    journal = place.folder / "journal.jsonl"
    journal.write_bytes(journal.read_bytes()[:-count])


def lose(place: Workspace) -> None:
    """Have an agent begin, and die."""
    place.append([PhaseEntered(status=SecondaryStatus.STARTING, at=1.0, message="")])


def test_lost_hosts_begin_anew_as_often_as_wanted(tmp_path: Path) -> None:
    place = retried(tmp_path, 1)

    lose(place)
    assert (place.settle(2.0), place.awaits_restart) == (False, True)

    lose(place)
    assert (place.settle(3.0), place.awaits_restart) == (True, False)
    assert place.last_entry() == Ended(outcome=Outcome.FAILED, at=3.0, reason=LOST, is_retryable=True)


def test_settling_twice_restarts_once(tmp_path: Path) -> None:
    place = retried(tmp_path, 2)
    lose(place)

    place.settle(2.0)
    place.settle(3.0)

    assert [entry.at for entry in place.entries()] == [1.0, 2.0]


def test_lost_hosts_that_are_to_stop_have_stopped(tmp_path: Path) -> None:
    place = retried(tmp_path, 1)
    lose(place)
    place.mark_stop()

    assert place.settle(2.0)
    assert place.last_entry() == Ended(outcome=Outcome.STOPPED, at=2.0)


def retried(tmp_path: Path, retries: int) -> Workspace:
    place = workspace(tmp_path, a_spec().arn)
    place.write_spec(a_spec(max_retries=retries))
    return place


def test_a_workspace_that_makes_no_sense_takes_up_no_place(place: Workspace, tmp_path: Path) -> None:
    other = workspace(tmp_path, a_spec("Tune-002").arn)
    other.write_spec(a_spec("Tune-002"))

    (place.folder / "spec.json").write_text('{"arn": 1}')

    assert list(unfinished(tmp_path)) == [a_spec("Tune-002").arn]
