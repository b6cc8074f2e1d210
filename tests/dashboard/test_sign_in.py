"""Signing in: who gets in, with what, for how long, and who is kept out."""

from typing import TYPE_CHECKING

import pytest

from dashboard.conftest import OWN_KEY, OWN_SECRET
from desk import SESSIONS
from luthier.dashboard.sign_in import TRIES_AT_ONCE
from luthier.identity.visits import LASTS_S
from luthier.records.identity import AccessKey
from luthier.records.names import Scope, tuning_job_arn
from things import SCOPE, a_tuning_job

if TYPE_CHECKING:
    from dashboard.conftest import Site

OTHER_KEY = "AKIAANOTHERANOTHER22"
OTHER = Scope(account="111122223333", region="us-east-1")


def with_another_account(site: "Site") -> None:
    """A tuning job of either account, and a key of the other one."""
    site.store.tuning_jobs.add(a_tuning_job("mine"))
    site.store.tuning_jobs.add(a_tuning_job("theirs", scope=OTHER, arn=tuning_job_arn(OTHER, "theirs")))
    site.store.access_keys.add(AccessKey(access_key=OTHER_KEY, account=OTHER.account, user="bob", created_at=1.0))


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/", "%2F"),
        ("/ui/tuning-jobs/us-east-1/x?page=2", "%2Fui%2Ftuning-jobs%2Fus-east-1%2Fx%3Fpage%3D2"),
        ("/nothing", "%2Fnothing"),
    ],
)
def test_a_stranger_is_sent_to_sign_in(closed_site: "Site", path: str, place: str) -> None:
    page = closed_site.get(path)

    assert (page.status, page.headers["location"]) == (303, f"/ui/sign-in?next={place}")


def test_a_stranger_may_send_no_form(closed_site: "Site") -> None:
    closed_site.store.tuning_jobs.add(a_tuning_job())

    assert closed_site.post("/ui/tuning-jobs/us-east-1/tune/stop").status == 403


def test_the_style_sheet_is_for_everybody(closed_site: "Site") -> None:
    assert closed_site.get("/static/luthier.css").status == 200


def test_whoever_has_the_installations_key_gets_in(closed_site: "Site") -> None:
    closed_site.store.tuning_jobs.add(a_tuning_job("mine"))

    assert closed_site.sign_in(OWN_KEY, OWN_SECRET).status == 303
    assert ">mine<" in closed_site.get("/").text


def test_a_visitor_sees_the_jobs_of_the_keys_account_alone(closed_site: "Site") -> None:
    with_another_account(closed_site)
    closed_site.sign_in(OTHER_KEY, SESSIONS.secret_of(OTHER_KEY))

    text = closed_site.get("/").text

    assert ">theirs<" in text
    assert ">mine<" not in text
    assert "bob<small>111122223333</small>" in text
    assert closed_site.get("/ui/tuning-jobs/us-east-1/mine").status == 404


@pytest.mark.parametrize(
    ("access_key", "secret_key"),
    [
        (OWN_KEY, OWN_SECRET[:-1]),
        (OWN_KEY, ""),
        (OWN_KEY, "ä\0"),
        (OWN_KEY, SESSIONS.secret_of(OWN_KEY)),
        ("AKIAUNKNOWNUNKNOWN22", SESSIONS.secret_of("AKIAUNKNOWNUNKNOWN22")),
        ("", ""),
        ("'; drop table access_keys", "x"),
        ("\0" * 20, "x"),
    ],
)
def test_nobody_else_gets_in(closed_site: "Site", access_key: str, secret_key: str) -> None:
    page = closed_site.sign_in(access_key, secret_key)

    assert page.status == 403
    assert "set-cookie" not in page.headers
    assert "This access key is unknown" in page.text


def test_temporary_credentials_do_not_get_in(closed_site: "Site") -> None:
    session = SESSIONS.mint(
        role_arn=f"arn:aws:iam::{SCOPE.account}:role/r", session_name="s", expires_at=closed_site.now + 900
    )

    assert closed_site.sign_in(session.access_key, session.secret_key).status == 403


def test_the_cookie_is_for_this_site_and_no_script(closed_site: "Site") -> None:
    cookie = closed_site.sign_in(OWN_KEY, OWN_SECRET).headers["set-cookie"]

    assert {part.strip() for part in cookie.split(";")[1:]} == {
        "HttpOnly",
        "Max-Age=43200",
        "Path=/",
        "SameSite=strict",
    }


def test_behind_a_proxy_that_speaks_tls_the_cookie_is_secure(closed_site: "Site") -> None:
    token = closed_site.token("/ui/sign-in")
    fields = {"token": token, "access-key": OWN_KEY, "secret-key": OWN_SECRET}

    page = closed_site.post("/ui/sign-in", fields, X_Forwarded_Proto="https")

    assert "Secure" in page.headers["set-cookie"]


def test_a_visit_ends_after_twelve_hours(closed_site: "Site") -> None:
    closed_site.sign_in(OWN_KEY, OWN_SECRET)
    closed_site.now += LASTS_S

    assert closed_site.get("/").status == 303


def test_who_holds_a_key_that_was_removed_is_out_at_once(closed_site: "Site") -> None:
    with_another_account(closed_site)
    closed_site.sign_in(OTHER_KEY, SESSIONS.secret_of(OTHER_KEY))
    assert closed_site.get("/").status == 200

    closed_site.store.access_keys.remove(OTHER_KEY)

    assert closed_site.get("/").status == 303


@pytest.mark.parametrize(
    "cookie", ["x", "luthier-visit=", "luthier-visit=x", "luthier-visit=\xff", "a=b; luthier-visit"]
)
def test_a_made_up_cookie_lets_nobody_in(closed_site: "Site", cookie: str) -> None:
    closed_site.cookie = cookie

    assert closed_site.get("/").status == 303


def test_after_signing_in_one_is_where_one_wanted_to_be(closed_site: "Site") -> None:
    wanted = "/ui/tuning-jobs/us-east-1/x?page=2"
    fields = {
        "token": closed_site.token("/ui/sign-in"),
        "access-key": OWN_KEY,
        "secret-key": OWN_SECRET,
        "next": wanted,
    }

    assert closed_site.post("/ui/sign-in", fields).headers["location"] == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/ui/x\r\nSet-Cookie: a=b",
        "/ui/sign-in",
    ],
)
def test_nobody_is_led_elsewhere(closed_site: "Site", wanted: str) -> None:
    fields = {
        "token": closed_site.token("/ui/sign-in"),
        "access-key": OWN_KEY,
        "secret-key": OWN_SECRET,
        "next": wanted,
    }

    assert closed_site.post("/ui/sign-in", fields).headers["location"] == "/"


def test_guesses_are_throttled_and_later_allowed_again(closed_site: "Site") -> None:
    found = [closed_site.sign_in(OWN_KEY, "a guess").status for _ in range(TRIES_AT_ONCE + 1)]
    assert found == [403] * TRIES_AT_ONCE + [429]
    assert closed_site.sign_in(OWN_KEY, OWN_SECRET).status == 429

    closed_site.now += 10.0

    assert closed_site.sign_in(OWN_KEY, OWN_SECRET).status == 303


def test_a_visitor_signs_out(closed_site: "Site") -> None:
    closed_site.sign_in(OWN_KEY, OWN_SECRET)
    token = closed_site.token("/", "/ui/sign-out")

    page = closed_site.post("/ui/sign-out", {"token": token})

    assert page.headers["location"] == "/ui/sign-in"
    assert 'luthier-visit=""' in page.headers["set-cookie"]
    assert "Max-Age=0" in page.headers["set-cookie"]


def test_what_was_typed_is_shown_again_and_never_obeyed_nor_is_the_secret(closed_site: "Site") -> None:
    page = closed_site.sign_in('"><script>alert(1)</script>', "hush-hush")

    assert "<script>alert" not in page.text
    assert "hush-hush" not in page.text


def test_where_nobody_need_sign_in_the_form_leads_on(site: "Site") -> None:
    page = site.get("/ui/sign-in")

    assert (page.status, page.headers["location"]) == (303, "/")
