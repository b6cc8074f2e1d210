"""Temporary credentials and derived secrets."""

import re
from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luthier.identity.sessions import LONGEST_TOKEN, Session, Sessions

ROLE = "arn:aws:iam::111122223333:role/service-role/trainer"
SESSIONS = Sessions(b"a secret")
OTHERS = Sessions(b"another secret")
SESSION = SESSIONS.mint(role_arn=ROLE, session_name="me@work", expires_at=1_800_000_000)
JOB = "arn:aws:sagemaker:us-east-1:111122223333:training-job/tune-001"


def test_a_session_is_opened_as_it_was_minted() -> None:
    assert SESSIONS.open(SESSION.access_key, SESSION.token) == SESSION


def test_a_session_outlives_the_process_that_minted_it() -> None:
    assert Sessions(b"a secret").open(SESSION.access_key, SESSION.token) == SESSION


def test_a_session_is_of_its_roles_account() -> None:
    assert (
        Session(
            access_key=SESSION.access_key,
            secret_key=SESSION.secret_key,
            token=SESSION.token,
            expires_at=1_800_000_000.0,
            account="111122223333",
            role_arn=ROLE,
            session_name="me@work",
        )
        == SESSION
    )


def test_an_access_key_of_a_session_looks_like_awss() -> None:
    assert re.fullmatch("ASIA[A-Z2-7]{16}", SESSION.access_key)


def test_a_secret_key_has_forty_characters() -> None:
    assert len(SESSION.secret_key) == 40


def test_two_sessions_of_one_name_have_nothing_in_common() -> None:
    other = SESSIONS.mint(role_arn=ROLE, session_name="me@work", expires_at=1_800_000_000)

    assert {other.access_key, other.secret_key, other.token}.isdisjoint(
        {SESSION.access_key, SESSION.secret_key, SESSION.token}
    )


def test_a_token_of_another_key_opens_nothing() -> None:
    other = SESSIONS.mint(role_arn=ROLE, session_name="me@work", expires_at=1_800_000_000)

    assert SESSIONS.open(other.access_key, SESSION.token) is None


def test_a_token_of_another_installation_opens_nothing() -> None:
    assert OTHERS.open(SESSION.access_key, SESSION.token) is None


@pytest.mark.parametrize("place", range(0, len(SESSION.token), 7))
def test_a_token_with_another_character_opens_nothing(place: int) -> None:
    other = "A" if SESSION.token[place] != "A" else "B"

    assert SESSIONS.open(SESSION.access_key, SESSION.token[:place] + other + SESSION.token[place + 1 :]) is None


@pytest.mark.parametrize("length", [0, 1, 31, 42, 43, 44, 100, len(SESSION.token) - 1])
def test_a_truncated_token_opens_nothing(length: int) -> None:
    assert SESSIONS.open(SESSION.access_key, SESSION.token[:length]) is None


@pytest.mark.parametrize("end", ["=", "==", "\n", " ", "!", "A", "AAAA"])
def test_a_token_with_something_after_it_opens_nothing(end: str) -> None:
    assert SESSIONS.open(SESSION.access_key, SESSION.token + end) is None


def test_no_token_is_longer_than_what_is_read() -> None:
    with pytest.raises(ValueError, match="too long"):
        SESSIONS.mint(role_arn=ROLE + "x" * LONGEST_TOKEN, session_name="me", expires_at=1.0)


def test_the_longest_role_and_session_have_a_token() -> None:
    longest = "arn:aws:iam::111122223333:role/".ljust(2048, "x")
    session = SESSIONS.mint(role_arn=longest, session_name="s" * 64, expires_at=1.0)

    assert SESSIONS.open(session.access_key, session.token) == session


@given(st.one_of(st.text(), st.binary().map(lambda some: urlsafe_b64encode(some).decode())))
def test_made_up_tokens_open_nothing(token: str) -> None:
    assert SESSIONS.open(SESSION.access_key, token) is None
    assert SESSIONS.job_of_token(token) is None


def test_secrets_are_not_shown_by_chance() -> None:
    assert SESSION.token not in repr(SESSION)
    assert SESSION.secret_key not in repr(SESSION)


def test_a_training_jobs_token_names_it() -> None:
    assert SESSIONS.job_of_token(SESSIONS.job_token(JOB, 1234.5)) == (JOB, 1234.5)


def test_a_training_job_has_the_same_token_each_time() -> None:
    assert SESSIONS.job_token(JOB, 1234) == SESSIONS.job_token(JOB, 1234.0)


def test_a_training_jobs_token_of_another_installation_is_none() -> None:
    assert OTHERS.job_of_token(SESSIONS.job_token(JOB, 1234.5)) is None


def test_a_sessions_token_is_no_training_jobs() -> None:
    assert SESSIONS.job_of_token(SESSION.token) is None


def test_a_training_jobs_token_is_no_sessions() -> None:
    assert SESSIONS.open(JOB, SESSIONS.job_token(JOB, 1234.5)) is None


def test_the_secret_of_an_access_key_is_always_the_same() -> None:
    assert SESSIONS.secret_of("AKIAONE") == Sessions(b"a secret").secret_of("AKIAONE")


def test_each_access_key_and_installation_has_a_secret_of_its_own() -> None:
    secrets = {SESSIONS.secret_of("AKIAONE"), SESSIONS.secret_of("AKIATWO"), OTHERS.secret_of("AKIAONE")}

    assert [len(secret) for secret in secrets] == [40, 40, 40]
