"""The list of tuning jobs: searched, filtered, sorted, and how long each will go on."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from starlette.exceptions import HTTPException

from luthier.dashboard.job_list import PAGE, Wanted, wanted_by
from luthier.records.status import TrainingStatus, TuningStatus
from things import a_training_job, a_tuning_job

if TYPE_CHECKING:
    from dashboard.conftest import Site


def three(site: "Site") -> None:
    """Tuning jobs beta, Alpha and gamma, made in this order; gamma is stopped."""
    for name, created in (("beta", 1000.0), ("Alpha", 2000.0), ("gamma", 3000.0)):
        site.store.tuning_jobs.add(a_tuning_job(name, created_at=created))
    gamma = a_tuning_job("gamma", created_at=3000.0)
    assert site.store.tuning_jobs.replace(replace(gamma, status=TuningStatus.STOPPED, ended_at=3500.0))


def names(text: str) -> list[str]:
    return re.findall(r'<th scope="row" role="rowheader"><a href="[^"]*">([^<]*)</a>', text)


@pytest.mark.parametrize(
    ("address", "listed"),
    [
        ("/", ["gamma", "Alpha", "beta"]),
        ("/?sort=created&order=asc", ["beta", "Alpha", "gamma"]),
        ("/?sort=name", ["Alpha", "beta", "gamma"]),
        ("/?sort=name&order=desc", ["gamma", "beta", "Alpha"]),
        ("/?sort=status&order=desc", ["gamma", "beta", "Alpha"]),
        ("/?status=Stopped", ["gamma"]),
        ("/?status=InProgress&sort=name", ["Alpha", "beta"]),
        ("/?find=a&sort=name", ["Alpha", "beta", "gamma"]),
        ("/?find=amm", ["gamma"]),
        ("/?find=%20amm%20", ["gamma"]),
        ("/?find=a&status=Stopped", ["gamma"]),
        ("/?sort=nonsense&order=nonsense&status=nonsense", ["gamma", "Alpha", "beta"]),
    ],
)
def test_an_address_says_which_tuning_jobs_are_listed(site: "Site", address: str, listed: list[str]) -> None:
    three(site)

    assert names(site.get(address).text) == listed


@pytest.mark.parametrize("find", ["%25", "_", "%00", "%F0%9F%92%A9", "%22%3E%3Cb%3E", "%ff", "'%20or%201=1"])
def test_hostile_letters_are_found_in_no_name_and_shown_as_they_are(site: "Site", find: str) -> None:
    three(site)

    page = site.get(f"/?find={find}")

    assert page.status == 200
    assert names(page.text) == []
    assert not re.search('"><b>|\0', page.text)


def test_a_list_that_is_narrowed_to_nothing_says_so(site: "Site") -> None:
    three(site)

    assert "No tuning job is Failed and has “x” in its name" in site.get("/?find=x&status=Failed").text


def test_the_form_keeps_what_is_asked_for(site: "Site") -> None:
    three(site)

    text = site.get("/?find=amm&status=Stopped&sort=name&order=desc").text

    assert 'name="find" type="search" value="amm"' in text
    assert "<option selected>Stopped</option>" in text
    assert 'name="sort" value="name"' in text
    assert 'name="order" value="desc"' in text


def test_a_filtered_list_is_dealt_over_pages_too(site: "Site") -> None:
    for number in range(2 * PAGE + 2):
        name = f"{'odd' if number % 2 else 'even'}-{number:02d}"
        site.store.tuning_jobs.add(a_tuning_job(name, created_at=1000.0 + number))
    address, found = "/?find=odd&sort=name", list[str]()

    while address:
        text = site.get(address).text
        found += names(text)
        following = re.search(r'href="([^"]*)" rel="next"', text)
        address = following[1].replace("&amp;", "&") if following else ""

    assert found == [f"odd-{number:02d}" for number in range(1, 2 * PAGE + 2, 2)]


def test_a_row_says_how_long_the_tuning_job_will_go_on(site: "Site") -> None:
    site.add(a_training_job(1, TrainingStatus.COMPLETED, created_at=1000.0, ended_at=1100.0))

    assert "about 8 min left" in site.get("/").text  # nine of 100 s to come, two at a time


def test_a_heading_sorts_the_other_way_round_the_second_time() -> None:
    wanted = Wanted(region="r", sort="name", descending=False)

    assert wanted.link("name") == "/?region=r&sort=name&order=desc"
    assert wanted.link("created") == "/?region=r&sort=created&order=desc"


def test_what_is_asked_for_stays_in_every_address() -> None:
    wanted = wanted_by({"find": "a&b", "status": "Failed", "after": "x"}, ["r"])

    assert wanted.page_link("y") == "/?region=r&find=a%26b&status=Failed&sort=created&order=desc&after=y"


def test_a_region_without_tuning_jobs_is_not_found() -> None:
    with pytest.raises(HTTPException):
        wanted_by({"region": "mars-1"}, ["r"])
