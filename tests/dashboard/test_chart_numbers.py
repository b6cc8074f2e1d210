"""The numbers behind the charts, as a page's script gets them."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from luthier.records.search_space import CategoricalRange, SearchSpace
from luthier.records.status import TrainingStatus
from things import a_training_job, a_tuning_job

if TYPE_CHECKING:
    from dashboard.conftest import Site

TUNE = "/ui/tuning-jobs/us-east-1/tune"
OVER = TrainingStatus.COMPLETED


def numbers(site: "Site", kind: str) -> Any:
    page = site.get(f"{TUNE}/{kind}")
    assert page.headers["content-type"] == "application/json"
    return json.loads(page.text)


def test_curves_hold_every_report_of_the_objective(site: "Site") -> None:
    job = a_training_job(1, OVER)
    site.add(job)
    for sequence, value in enumerate((0.9, 0.5, 0.25), 1):
        site.report(job, value, sequence=sequence)

    found = numbers(site, "curves")

    assert (found["metric"], found["of"]) == ("loss", 1)
    assert found["curves"] == [
        {
            "name": job.name,
            "url": f"/ui/training-jobs/us-east-1/{job.name}",
            "ordinal": 1,
            "status": "Completed",
            "steps": [1, 2, 3],
            "values": [0.9, 0.5, 0.25],
            "reports": 3,
            "best": True,
            "early": False,
        }
    ]


def test_the_axis_of_curves_leaves_a_diverged_one_beyond_it(site: "Site") -> None:
    jobs = [a_training_job(number, OVER) for number in range(1, 10)]
    site.add(*jobs)
    for job in jobs:
        site.report(job, 1e30 if job.ordinal == 9 else 0.5 + 0.01 * (job.ordinal or 0))

    assert numbers(site, "curves")["high"] < 1.0


def test_lines_hold_axes_and_values(site: "Site") -> None:
    job = a_training_job(1, OVER, tuned={"eta": "0.1", "max_depth": "3", "booster": "dart"})
    site.add(job)
    site.report(job, 0.5)

    (found,) = numbers(site, "lines")["definitions"]

    assert [axis["name"] for axis in found["axes"]] == ["eta", "max_depth", "booster"]
    assert (found["lines"][0]["values"], found["lines"][0]["objective"]) == ([0.1, 3, "dart"], 0.5)


@pytest.mark.parametrize("kind", ["curves", "lines"])
def test_a_tuning_job_without_objectives_has_no_numbers(site: "Site", kind: str) -> None:
    site.add(a_training_job(1))

    assert site.get(f"{TUNE}/{kind}").status == 200


@pytest.mark.parametrize("kind", ["curves", "lines"])
def test_an_unknown_tuning_job_has_no_chart(site: "Site", kind: str) -> None:
    assert site.get(f"/ui/tuning-jobs/us-east-1/nobody/{kind}").status == 404


def test_odd_choices_arrive_as_text_that_can_be_seen(site: "Site") -> None:
    space = SearchSpace(ranges=(CategoricalRange(name="odd", choices=("\ud800", "</script>")),))
    site.store.tuning_jobs.add(a_tuning_job(specification={"space": space}))
    job = a_training_job(1, OVER, tuned={"odd": "\ud800"})
    site.add(job)
    site.report(job, 0.5)

    (found,) = numbers(site, "lines")["definitions"]

    assert found["axes"][0]["choices"] == ["\\ud800", "</script>"]
    assert found["lines"][0]["values"] == ["\\ud800"]


def test_the_page_names_the_numbers_of_its_charts_and_their_version(site: "Site") -> None:
    job = a_training_job(1)
    site.add(job)
    site.report(job, 0.5)
    before = site.get(TUNE).text
    site.report(job, 0.4, sequence=2)

    after = site.get(TUNE).text

    assert f'data-url="{TUNE}/curves" data-version="2.1.2"' in before
    assert f'data-url="{TUNE}/curves" data-version="2.1.3"' in after


def test_without_an_objective_there_is_no_frame_for_a_chart(site: "Site") -> None:
    site.add(a_training_job(1))

    assert "data-chart" not in site.get(TUNE).text
