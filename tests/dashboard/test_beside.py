"""Training jobs beside each other: their lines, where they differ, and addresses that name what is not there."""

from typing import TYPE_CHECKING

import pytest

from luthier.dashboard.beside import MOST, beside
from luthier.dashboard.children_table import Row
from luthier.dashboard.plot import LEFT, RIGHT, Mark
from luthier.records.status import TrainingStatus
from things import a_training_job, a_tuning_definition

if TYPE_CHECKING:
    from dashboard.conftest import Site

PAGE = "/ui/tuning-jobs/us-east-1/tune/beside"


def a_row(ordinal: int, **hyperparameters: str) -> Row:
    job = a_training_job(ordinal, TrainingStatus.COMPLETED, tuned={}, hyperparameters=hyperparameters)
    return Row(job=job, definition=a_tuning_definition(), objective=0.5, mark=Mark.COUNTED, duration_s=1.0, url="")


def test_hyperparameters_that_differ_are_told_apart_from_those_that_do_not() -> None:
    found = beside([a_row(1, eta="0.1", depth="3"), a_row(2, eta="0.2", depth="3")], {})

    assert [(each.name, each.values) for each in found.different] == [("eta", ("0.1", "0.2"))]
    assert [each.name for each in found.alike] == ["depth"]


def test_one_that_has_no_such_hyperparameter_differs() -> None:
    found = beside([a_row(1, eta="0.1"), a_row(2)], {})

    assert [each.values for each in found.different] == [("0.1", None)]


def test_curves_share_their_axes() -> None:
    rows = [a_row(1), a_row(2)]

    found = beside(rows, {rows[0].job.arn: [1.0, 0.5, 0.25], rows[1].job.arn: [1.0]})

    long, short = (each.points.split() for each in found.columns)
    assert (len(long), len(short)) == (3, 2)
    assert long[0] == short[0]
    assert (long[0].split(",")[0], long[-1].split(",")[0]) == (f"{LEFT:.1f}", f"{RIGHT:.1f}")


def test_one_that_has_reported_nothing_has_no_line() -> None:
    found = beside([a_row(1)], {})

    assert [each.points for each in found.columns] == [""]
    assert found.upward == ()


def test_the_page_shows_those_that_its_address_names_in_that_order(site: "Site") -> None:
    jobs = [a_training_job(each, TrainingStatus.COMPLETED) for each in (1, 2, 3)]
    site.add(*jobs)
    for job in jobs:
        site.report(job, 0.5)

    page = site.get(f"{PAGE}?no=3&no=1")

    assert page.status == 200
    assert page.text.index(">No. 3<") < page.text.index(">No. 1<")
    assert ">No. 2<" not in page.text
    assert page.text.count("<polyline") == 2


@pytest.mark.parametrize("number", ["9", "1x", "-1", ""])
def test_a_number_that_is_no_training_jobs_is_not_found(site: "Site", number: str) -> None:
    site.add(a_training_job(1))

    assert site.get(f"{PAGE}?no={number}").status == 404


def test_more_than_there_are_colours_for_is_refused(site: "Site") -> None:
    site.add(a_training_job(1))

    assert site.get(PAGE + "?" + "&".join(f"no={each}" for each in range(1, MOST + 2))).status == 400


def test_with_none_picked_the_page_says_where_to_pick(site: "Site") -> None:
    site.add(a_training_job(1))

    assert "tick up to 8" in site.get(PAGE).text


def test_the_table_has_a_box_for_each_training_job(site: "Site") -> None:
    site.add(a_training_job(1), a_training_job(2))

    page = site.get("/ui/tuning-jobs/us-east-1/tune")

    assert page.text.count('form="beside" name="no"') == 2
    assert f'<form id="beside" class="foot" action="{PAGE}">' in page.text
