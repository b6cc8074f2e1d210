"""Throttling: who asks too often is told so, and real clients come through all the same."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from answering import answering, client
from desk import Desk
from luthier.store.engine import Store
from luthier.wire import throttle
from luthier.wire.errors import Dialect
from luthier.wire.throttle import BURST_S, Throttle, rate_exceeded


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    store = Store.open(f"sqlite:///{tmp_path / 'luthier.db'}")
    yield Desk(store)
    store.close()


def admitted(of: Throttle, count: int, now: float, account: str = "a") -> int:
    return sum(of.admits(account, now) for _ in range(count))


def test_a_few_seconds_worth_may_come_at_once() -> None:
    assert admitted(Throttle(10), 1000, now=0.0) == 10 * BURST_S


def test_an_empty_bucket_fills_again_with_time() -> None:
    of = Throttle(10)
    admitted(of, 1000, now=0.0)

    assert [admitted(of, 1000, now) for now in (0.05, 0.1, 1.1, 1000.0)] == [0, 1, 10, 10 * BURST_S]


def test_accounts_do_not_take_each_others_tokens() -> None:
    of = Throttle(10)
    admitted(of, 1000, now=0.0)

    assert admitted(of, 1000, now=0.0, account="b") == 10 * BURST_S


def test_without_a_limit_everything_is_admitted() -> None:
    assert admitted(Throttle(0), 100_000, now=0.0) == 100_000


def test_a_clock_that_goes_back_takes_and_gives_nothing() -> None:
    of = Throttle(10)
    admitted(of, 1000, now=1000.0)

    assert [admitted(of, 1000, now) for now in (900.0, 900.5)] == [0, 5]


def test_the_account_that_asked_least_lately_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "MOST_ACCOUNTS", 2)
    of = Throttle(1)
    for account in ("a", "b", "a", "c"):
        admitted(of, 1000, now=0.0, account=account)

    assert (admitted(of, 1000, 0.0, "a"), admitted(of, 1000, 0.0, "b")) == (0, BURST_S)


@pytest.mark.parametrize(
    ("dialect", "code"),
    [
        (Dialect.JSON, "ThrottlingException"),
        (Dialect.CBOR, "ThrottlingException"),
        (Dialect.QUERY, "Throttling"),
        (Dialect.EC2, "Throttling"),
    ],
)
def test_the_error_has_the_code_of_its_protocol(dialect: Dialect, code: str) -> None:
    error = rate_exceeded(dialect)

    assert (error.code, error.message, error.http_status) == (code, "Rate exceeded", 400)


@pytest.mark.parametrize(
    ("service", "operation", "code"),
    [
        ("sagemaker", "list_hyper_parameter_tuning_jobs", "ThrottlingException"),
        ("sts", "get_caller_identity", "Throttling"),
    ],
)
def test_a_client_that_does_not_try_again_is_told(desk: Desk, service: str, operation: str, code: str) -> None:
    with answering(desk, requests_per_second=0.5) as url:
        ask = getattr(client(service, url), operation)
        ask()

        with pytest.raises(ClientError) as caught:
            ask()

    assert caught.value.response["Error"] == {"Code": code, "Message": "Rate exceeded"} | (
        {"Type": "Sender"} if service == "sts" else {}
    )


def test_a_burst_of_boto3_succeeds_by_trying_again(desk: Desk) -> None:
    with answering(desk, requests_per_second=4) as url:
        sts = client("sts", url, retries={"mode": "standard", "total_max_attempts": 10})

        answers = [sts.get_caller_identity() for _ in range(14)]

    assert any(answer["ResponseMetadata"]["RetryAttempts"] for answer in answers)
