"""Which changes a destination wants."""

import pytest

from luthier.records.names import Scope
from luthier.records.outbox import Outbox
from luthier.records.state_change import JobKind, StateChange

CHANGE = StateChange(
    id="7f1c",
    kind=JobKind.TRAINING,
    arn="arn",
    name="Churn-1-004-ab",
    scope=Scope(account="000000000000", region="us-east-1"),
    created_at=1.0,
    at=2.0,
    status="Completed",
    tuning_job="churn-1",
)


@pytest.mark.parametrize(
    ("filters", "is_wanted"),
    [
        ({}, True),
        ({"kinds": [JobKind.TRAINING]}, True),
        ({"kinds": [JobKind.TUNING]}, False),
        ({"statuses": ["Completed", "Failed"]}, True),
        ({"statuses": ["Failed"]}, False),
        ({"tuning_jobs": ["churn-*"]}, True),
        ({"tuning_jobs": ["other", "churn-?"]}, True),
        ({"tuning_jobs": ["churn"]}, False),
        ({"tuning_jobs": ["churn-*"], "statuses": ["Failed"]}, False),
    ],
)
def test_a_change_has_to_pass_every_filter(filters: dict[str, list[str]], is_wanted: bool) -> None:
    assert Outbox(name="chat", **filters).wants(CHANGE) is is_wanted  # type: ignore[arg-type]


def test_of_no_tuning_job_it_passes_no_pattern() -> None:
    alone = StateChange(
        id="7f1c",
        kind=JobKind.TRAINING,
        arn="arn",
        name="alone",
        scope=CHANGE.scope,
        created_at=1.0,
        at=2.0,
        status="Completed",
    )

    assert not Outbox(name="chat", tuning_jobs=["*"]).wants(alone)
    assert Outbox(name="chat").wants(alone)
