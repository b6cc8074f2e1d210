"""A tuning job's page leads to those that it learns from, and to those that learned from it."""

from typing import TYPE_CHECKING

from luthier.records.names import tuning_job_arn
from luthier.records.status import TuningStatus
from luthier.records.tuning_job import WarmStart, WarmStartType
from things import SCOPE, a_tuning_job

if TYPE_CHECKING:
    from dashboard.conftest import Site


def warm(*parents: str) -> WarmStart:
    return WarmStart(
        type=WarmStartType.TRANSFER_LEARNING, parents=tuple(tuning_job_arn(SCOPE, name) for name in parents)
    )


def test_the_page_links_the_parents_that_are_there(site: "Site") -> None:
    add(site, "Older", at=10.0)
    add(site, "child", "Older", "gone", at=20.0)

    text = site.get("/ui/tuning-jobs/us-east-1/child").text

    assert link("Older") in text
    assert "<li>gone <small>no longer there</small></li>" in text


def test_a_tuning_job_that_starts_cold_has_no_lineage(site: "Site") -> None:
    site.store.tuning_jobs.add(a_tuning_job("tune"))

    assert "Warm start" not in site.get("/ui/tuning-jobs/us-east-1/tune").text


def add(site: "Site", name: str, *parents: str, at: float) -> None:
    """Store a tuning job that was created *at*, and was over a second later."""
    times = {"created_at": at, "modified_at": at, "ended_at": at + 1.0, "status": TuningStatus.COMPLETED}
    start = warm(*parents) if parents else None
    site.store.tuning_jobs.add(a_tuning_job(name, specification={"warm_start": start}, **times))


def page(site: "Site", name: str) -> str:
    """Give a page's text without the space between its lines."""
    return "".join(line.strip() for line in site.get(f"/ui/tuning-jobs/us-east-1/{name}").text.splitlines())


def link(name: str) -> str:
    return f'<a href="/ui/tuning-jobs/us-east-1/{name}">{name}</a>'


def test_the_page_shows_ancestors_under_those_that_learned_from_them(site: "Site") -> None:
    add(site, "winter", at=10.0)
    add(site, "spring", "winter", at=20.0)
    add(site, "summer", "spring", at=30.0)

    assert f"<li>{link('spring')}<ul><li>{link('winter')}</li></ul></li>" in page(site, "summer")


def test_the_page_of_a_parent_links_those_that_learned_from_it(site: "Site") -> None:
    add(site, "spring", at=20.0)
    add(site, "summer", "spring", at=30.0)

    assert f'<h3>Learned from it</h3><ul class="lineage"><li>{link("summer")}</li></ul>' in page(site, "spring")
