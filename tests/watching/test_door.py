"""Who is answered what at /healthz, /readyz and /metrics."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from luthier.watching.door import make_door
from luthier.watching.health import Finding, Health

WELL = Finding(is_well=True, text="answers")
ILL = Finding(is_well=False, text="does not answer")
HERE, ELSEWHERE = "127.0.0.1", "10.1.2.3"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    text: str

    def json(self) -> Any:
        return json.loads(self.text)


def always(finding: Finding) -> Callable[[], Finding]:
    return lambda: finding


def ask(
    path: str,
    *,
    checks: Mapping[str, Finding] | None = None,
    token: str = "",
    has_numbers: bool = True,
    comes_from: str = HERE,
    host: str = "127.0.0.1:8710",
    authorization: str | None = None,
) -> Answer:
    """Ask as somebody at an address of choice: a real connection could only come from this machine."""
    found = {name: always(each) for name, each in (checks or {}).items()}
    door = make_door(Health(found, lambda: 1.0), (lambda: b"numbers 1\n") if has_numbers else None, token)
    headers = [(b"host", host.encode())]
    if authorization is not None:
        headers.append((b"authorization", authorization.encode()))
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "http_version": "1.1",
        "headers": headers,
        "client": (comes_from, 5000),
        "server": ("127.0.0.1", 8710),
    }
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(door(scope, receive, send))
    return Answer(
        status=sent[0]["status"],
        headers={name.decode(): value.decode() for name, value in sent[0]["headers"]},
        text=b"".join(each.get("body", b"") for each in sent[1:]).decode(),
    )


def test_a_process_that_answers_is_alive() -> None:
    answer = ask("/healthz", checks={"database": ILL}, comes_from=ELSEWHERE)

    assert (answer.status, answer.json()) == (200, {"status": "alive"})


def test_a_server_is_ready_when_everything_is_well() -> None:
    answer = ask("/readyz", checks={"database": WELL}, comes_from=ELSEWHERE, host="luthier.example")

    assert answer.status == 200
    assert answer.json() == {"status": "ready", "checks": {"database": {"ok": True, "says": "answers"}}}


def test_one_thing_that_is_not_well_is_enough_not_to_be_ready() -> None:
    answer = ask("/readyz", checks={"database": WELL, "objects": ILL})

    assert answer.status == 503
    assert answer.json()["checks"]["objects"] == {"ok": False, "says": "does not answer"}


@pytest.mark.parametrize("host", ["127.0.0.1:8710", "localhost", "[::1]:8710"])
def test_this_machine_has_the_numbers_without_a_token(host: str) -> None:
    answer = ask("/metrics", host=host)

    assert (answer.status, answer.text) == (200, "numbers 1\n")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")


@pytest.mark.parametrize(("comes_from", "host"), [(ELSEWHERE, "127.0.0.1"), (HERE, "rebound.example"), (HERE, "")])
def test_nobody_else_has_the_numbers_without_a_token(comes_from: str, host: str) -> None:
    answer = ask("/metrics", comes_from=comes_from, host=host)

    assert answer.status == 403
    assert "metrics_token" in answer.text


def test_whoever_sends_the_token_has_the_numbers() -> None:
    answer = ask(
        "/metrics", token="s3cret", comes_from=ELSEWHERE, host="luthier.example", authorization="Bearer s3cret"
    )

    assert answer.status == 200


@pytest.mark.parametrize("authorization", [None, "Bearer other", "Bearer s3cret ", "s3cret", "Bearer "])
def test_once_there_is_a_token_this_machine_needs_it_too(authorization: str | None) -> None:
    answer = ask("/metrics", token="s3cret", authorization=authorization)

    assert answer.status == 401
    assert answer.headers["www-authenticate"] == "Bearer"


def test_numbers_can_be_switched_off() -> None:
    assert ask("/metrics", has_numbers=False).status == 404
