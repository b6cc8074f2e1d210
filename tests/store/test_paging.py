"""Cursors that clients made up, and queries that make no sense."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from luthier.store.engine import Store
from luthier.store.paging import Cursor, TrainingJobQuery, TuningJobQuery
from things import SCOPE, a_tuning_job


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path / 'luthier.db'}")
    for number in range(3):
        opened.tuning_jobs.add(a_tuning_job(f"job{number}"))
    yield opened
    opened.close()


@pytest.mark.parametrize("token", ["", "x", "====", "é", "\ud800", "A" * 8192, urlsafe_b64encode(b"\xff").decode()])
def test_a_made_up_cursor_is_refused(store: Store, token: str) -> None:
    with pytest.raises(ValueError, match="not a cursor"):
        store.tuning_jobs.page(_query(after=Cursor(token)))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(some.text())
def test_no_token_raises_anything_but_a_value_error(store: Store, token: str) -> None:
    with pytest.raises(ValueError, match="cursor"):
        store.tuning_jobs.page(_query(after=Cursor(token)))


@pytest.mark.parametrize("value", [b"nan", b"inf", b"-1e999", b"job1", b"", b"1\0", b"\xed\xa0\x80"])
def test_a_cursor_with_a_forged_place_is_refused(store: Store, value: bytes) -> None:
    genuine = store.tuning_jobs.page(_query(limit=1)).next
    assert genuine is not None
    form, digest, _, arn = urlsafe_b64decode(genuine).split(b"\n")
    forged = urlsafe_b64encode(b"\n".join((form, digest, value, arn))).decode()

    with pytest.raises(ValueError, match=r"cursor|float"):
        store.tuning_jobs.page(_query(after=Cursor(forged)))


def test_a_cursor_fits_the_wire(store: Store) -> None:
    """AWS: NextToken has 8,192 characters at most."""
    store.tuning_jobs.add(a_tuning_job("a" * 32))

    cursor = store.tuning_jobs.page(_query(sort_by="Name", limit=1)).next

    assert cursor is not None
    assert len(cursor) < 1000


def test_a_page_of_nothing_cannot_be_asked_for() -> None:
    with pytest.raises(ValueError, match="at least one item"):
        _query(limit=0)


def test_sorting_by_the_objective_needs_its_name() -> None:
    with pytest.raises(ValueError, match="objective_metrics"):
        TrainingJobQuery(scope=SCOPE, sort_by="FinalObjectiveMetricValue", limit=1)


def _query(**changes: Any) -> TuningJobQuery:
    return TuningJobQuery(**{"scope": SCOPE, "sort_by": "CreationTime", "limit": 10, **changes})
