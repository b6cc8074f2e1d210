"""When the pages say that the objective is not found."""

from collections.abc import Sequence

import pytest

from luthier.dashboard.metric_alarm import Alarm, alarm, doubts
from luthier.records.algorithm import MetricDefinition
from luthier.records.status import SecondaryStatus, TrainingStatus
from luthier.records.training_job import TrainingJob, Transition
from things import a_definition, a_specification, a_training_job

PRINTED = ["epoch 1", "", "Loss: 0.5"]


def a_job(status: TrainingStatus, secondary: SecondaryStatus = SecondaryStatus.TRAINING) -> TrainingJob:
    transitions = (Transition(status=secondary, at=1001.0, message=""),)
    return a_training_job(1, status, transitions=transitions, started_at=1001.0)


RUNNING, COMPLETED, FAILED = (
    a_job(each) for each in (TrainingStatus.IN_PROGRESS, TrainingStatus.COMPLETED, TrainingStatus.FAILED)
)


def said(job: TrainingJob, lines: Sequence[str] = PRINTED, loss: float | None = None) -> Alarm | None:
    return alarm(a_specification(), [job], {} if loss is None else {job.arn: loss}, lambda _: lines)


@pytest.mark.parametrize("job", [RUNNING, COMPLETED], ids=["running", "over"])
def test_output_without_the_objective_is_told(job: TrainingJob) -> None:
    found = said(job)

    assert found is not None
    assert (found.lines, found.metric.name) == (2, "loss")
    assert found.proposal is not None
    assert found.proposal.first.value == 0.5


def test_nothing_is_said_once_it_was_found() -> None:
    assert said(COMPLETED, loss=0.5) is None


def test_nothing_is_said_of_one_that_failed_or_has_not_begun() -> None:
    assert said(FAILED) is None
    assert said(a_job(TrainingStatus.IN_PROGRESS, SecondaryStatus.DOWNLOADING)) is None


def test_silence_is_told_when_it_is_over() -> None:
    over = said(COMPLETED, [])

    assert said(RUNNING, []) is None
    assert over is not None
    assert (over.lines, over.proposal) == (0, None)


def test_a_pattern_that_looks_wrong_is_doubted_once() -> None:
    good, bad = MetricDefinition(name="a", regex=r"a=(\S+)"), MetricDefinition(name="b", regex="b=(.*?)")

    [doubt] = doubts(a_specification(training=a_definition(metrics=(good, bad, bad))))

    assert doubt.metric == bad
    assert len(doubt.warnings) == 1
