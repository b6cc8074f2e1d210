"""Visits to the pages, and the tokens of their forms."""

import itertools

import pytest

from luthier.identity.sessions import Sessions
from luthier.identity.visits import LASTS_S, NO_VISIT, Visits

NOW = 1_800_000_000.0
KEY = "AKIAEXAMPLEEXAMPLE22"


def visits(secret: bytes = b"secret") -> Visits:
    numbers = itertools.count(1)
    return Visits(Sessions(secret), draw=lambda count: next(numbers).to_bytes(count, "big"))


def test_a_cookie_tells_whose_visit_it_is() -> None:
    visit = visits().of(visits().begin(KEY, NOW), NOW)

    assert visit is not None
    assert visit.access_key == KEY


def test_each_visit_has_a_name_of_its_own() -> None:
    made = visits()
    one, other = (made.of(made.begin(KEY, NOW), NOW) for _ in range(2))

    assert one is not None
    assert other is not None
    assert one.name != other.name


def test_a_visit_ends_after_twelve_hours() -> None:
    cookie = visits().begin(KEY, NOW)

    assert visits().of(cookie, NOW + LASTS_S - 1) is not None
    assert visits().of(cookie, NOW + LASTS_S) is None


@pytest.mark.parametrize("cookie", ["", "x", "x" * 10_000, "ä", "=", "\0"])
def test_what_is_no_cookie_of_ours_is_no_visit(cookie: str) -> None:
    assert visits().of(cookie, NOW) is None


def test_a_cookie_of_another_installation_is_no_visit() -> None:
    assert visits().of(visits(b"another").begin(KEY, NOW), NOW) is None


def test_one_letter_changed_makes_a_cookie_worthless() -> None:
    cookie = visits().begin(KEY, NOW)

    for place in range(len(cookie)):
        other = "A" if cookie[place] != "A" else "B"
        assert visits().of(cookie[:place] + other + cookie[place + 1 :], NOW) is None


def test_no_other_sealed_text_is_a_cookie() -> None:
    sessions = Sessions(b"secret")
    others = [
        sessions.mint(role_arn="arn:aws:iam::000000000000:role/r", session_name="s", expires_at=NOW + 99).token,
        sessions.job_token("arn", NOW),
        visits().token("visit", KEY, NOW),
    ]

    assert [visits().of(each, NOW) for each in others] == [None] * len(others)


def test_a_token_fits_its_visit_and_its_address_alone() -> None:
    token = visits().token("visit", "/stop", NOW)

    assert visits().fits(token, "visit", "/stop", NOW)
    assert not visits().fits(token, "another", "/stop", NOW)
    assert not visits().fits(token, NO_VISIT, "/stop", NOW)
    assert not visits().fits(token, "visit", "/other", NOW)


def test_a_token_grows_old() -> None:
    token = visits().token("visit", "/stop", NOW)

    assert not visits().fits(token, "visit", "/stop", NOW + LASTS_S)


def test_a_cookie_is_no_token() -> None:
    assert not visits().fits(visits().begin(KEY, NOW), KEY, KEY, NOW)
