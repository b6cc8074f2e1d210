"""What journal entries make of a training job that was stopped."""

from typing import Any

import pytest

from luthier.records.journal import Ended, Outcome
from luthier.training.transitions import take_in
from things import a_training_job


@pytest.mark.parametrize(
    ("outcome", "changes", "message"),
    [
        (Outcome.STOPPED, {}, "Training job stopped"),
        (Outcome.STOPPED, {"stop_reason": "it would not win"}, "Training job stopped early: it would not win"),
        (Outcome.COMPLETED, {"stop_reason": "it would not win"}, "Training job completed"),
    ],
    ids=["by somebody", "early", "too late"],
)
def test_who_was_stopped_early_says_why(outcome: Outcome, changes: dict[str, Any], message: str) -> None:
    job, _ = take_in(a_training_job(**changes), [Ended(outcome=outcome, at=1003.0)])

    assert job.transitions[-1].message == message
