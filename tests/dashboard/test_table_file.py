"""The table of training jobs as a file."""

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

from luthier.dashboard.children_table import Row
from luthier.dashboard.plot import Mark
from luthier.dashboard.table_file import as_cells, as_csv
from luthier.records.status import TrainingStatus
from things import a_training_job, a_tuning_definition

if TYPE_CHECKING:
    from dashboard.conftest import Site

TABLE = "/ui/tuning-jobs/us-east-1/tune/table"
TUNED = ("eta", "booster")


def lines_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def a_row(tuned: dict[str, str], reason: str | None = None, mark: Mark = Mark.COUNTED) -> Row:
    job = a_training_job(1, TrainingStatus.COMPLETED, tuned=tuned, failure_reason=reason)
    return Row(job=job, definition=a_tuning_definition(), objective=0.5, mark=mark, duration_s=1.0, url="")


def test_a_file_has_every_training_job_with_whole_numbers(site: "Site") -> None:
    jobs = [a_training_job(each, TrainingStatus.COMPLETED, tuned={"eta": "0.123456789012"}) for each in (1, 2)]
    site.add(*jobs)
    site.report(jobs[0], 0.987654321098)

    page = site.get(f"{TABLE}.csv?sort=ordinal&order=asc")

    assert page.headers["content-disposition"] == 'attachment; filename="tune.csv"'
    first, second = lines_of(page.text)
    assert (first["TrainingJobName"], first["eta"]) == (jobs[0].name, "0.123456789012")
    assert (first["FinalObjectiveValue"], second["FinalObjectiveValue"]) == ("0.987654321098", "")


def test_a_file_holds_what_the_table_is_asked_for(site: "Site") -> None:
    site.add(a_training_job(1, TrainingStatus.COMPLETED), a_training_job(2, TrainingStatus.FAILED))

    found = json.loads(site.get(f"{TABLE}.json?status=Failed").text)

    assert [each["TrainingJobStatus"] for each in found] == ["Failed"]


def test_the_page_leads_to_its_files_with_what_it_is_asked_for(site: "Site") -> None:
    site.add(a_training_job(1, TrainingStatus.FAILED))

    page = site.get("/ui/tuning-jobs/us-east-1/tune?status=Failed")

    assert f'href="{TABLE}.csv?sort=ordinal&amp;order=desc&amp;status=Failed"' in page.text


def test_a_file_of_no_tuning_job_is_not_found(site: "Site") -> None:
    assert site.get("/ui/tuning-jobs/us-east-1/other/table.csv").status == 404


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-x", "@SUM(A1)", "\tx"])
def test_a_text_that_a_program_may_take_for_a_formula_is_made_harmless(text: str) -> None:
    table = as_cells([a_row({"eta": "-0.5", "booster": text}, reason=text)], TUNED)

    (line,) = lines_of(as_csv(table, TUNED).decode())

    assert line["booster"].startswith("'")
    assert line["WhyItEnded"].startswith("'")
    assert line["eta"] == "-0.5"


@pytest.mark.parametrize(
    ("text", "value"), [("3", 3), ("1e-3", 0.001), ("nan", "nan"), ("inf", "inf"), ("gbtree", "gbtree"), ("٣", 3.0)]
)
def test_what_reads_as_a_finite_number_is_one(text: str, value: object) -> None:
    (cells,) = as_cells([a_row({"eta": text})], TUNED)

    assert cells["eta"] == value
    assert cells["booster"] is None


def test_a_value_that_does_not_count_is_left_out() -> None:
    (cells,) = as_cells([a_row({}, mark=Mark.OPEN)], TUNED)

    assert cells["FinalObjectiveValue"] is None
