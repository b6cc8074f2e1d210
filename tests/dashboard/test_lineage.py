"""A tuning job's page leads to those that it learns from."""

from dataclasses import replace
from typing import TYPE_CHECKING

from luthier.records.names import tuning_job_arn
from luthier.records.tuning_job import WarmStart, WarmStartType
from things import SCOPE, a_tuning_job

if TYPE_CHECKING:
    from dashboard.conftest import Site


def warm(*parents: str) -> WarmStart:
    return WarmStart(
        type=WarmStartType.TRANSFER_LEARNING, parents=tuple(tuning_job_arn(SCOPE, name) for name in parents)
    )


def test_the_page_links_the_parents_that_are_there(site: "Site") -> None:
    site.store.tuning_jobs.add(a_tuning_job("Older"))
    child = a_tuning_job("child")
    specification = replace(child.specification, warm_start=warm("Older", "gone"))
    site.store.tuning_jobs.add(replace(child, specification=specification))

    text = site.get("/ui/tuning-jobs/us-east-1/child").text

    assert '<a href="/ui/tuning-jobs/us-east-1/Older">Older</a>' in text
    assert "<li>gone <small>no longer there</small></li>" in text


def test_a_tuning_job_that_starts_cold_has_no_lineage(site: "Site") -> None:
    site.store.tuning_jobs.add(a_tuning_job("tune"))

    assert "Warm start" not in site.get("/ui/tuning-jobs/us-east-1/tune").text
