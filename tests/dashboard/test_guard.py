"""Who may have a page, and what a browser is told to keep to."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from dashboard.conftest import Site


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1:8710", "127.8.8.8", "localhost", "LOCALHOST:8710", "[::1]:8710", "tuner.example", "Tuner.Example:1"],
)
def test_a_loopback_name_or_the_configured_host_has_the_pages(site: "Site", host: str) -> None:
    assert site.get("/", host=host).status == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8710",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "192.168.1.5",
        "[fe80::1]:8710",
        "127.0.0.1@evil.example",
        "",
    ],
)
@pytest.mark.parametrize("path", ["/", "/static/luthier.css", "/nothing"])
def test_any_other_host_is_refused_and_told_what_to_do(site: "Site", host: str, path: str) -> None:
    page = site.get(path, host=host)

    assert page.status == 403
    assert "start Luthier with the setting `host`" in page.text


@pytest.mark.parametrize("path", ["/", "/nothing", "/static/luthier.css"])
def test_every_answer_keeps_the_browser_from_anything_foreign(site: "Site", path: str) -> None:
    headers = site.get(path).headers

    assert headers["content-security-policy"].startswith(
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'"
    )
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_a_page_is_never_kept(site: "Site") -> None:
    assert site.get("/").headers["cache-control"] == "no-store"


def test_a_script_is_kept_and_asked_for_again(site: "Site") -> None:
    """A big one is not sent with every page."""
    headers = site.get("/static/live.js").headers

    assert headers["cache-control"] == "no-cache"
    assert headers["etag"]


def test_where_visitors_sign_in_any_host_will_do(closed_site: "Site") -> None:
    assert closed_site.get("/ui/sign-in", host="192.168.1.5:8710").status == 200
