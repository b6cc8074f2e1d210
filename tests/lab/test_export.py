"""What `luthier export` writes, without a server."""

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from luthier.lab.export import FORMS, as_csv, as_json, as_parquet, asked_again, export
from luthier.lab.tables import COLUMNS
from luthier.settings import SettingsError

BEGAN = datetime(2026, 5, 1, 12, tzinfo=UTC)


def a_row(**values: Any) -> dict[str, Any]:
    fixed = dict.fromkeys(COLUMNS) | {"TrainingJobName": "job-001", "TrainingStartTime": BEGAN}
    return {**values, **fixed}


def test_csv_keeps_what_a_line_would_not() -> None:
    hostile = 'a,"b"\nc'

    (read,) = csv.DictReader(io.StringIO(as_csv([a_row(mode=hostile)]).decode(), newline=""))

    assert read["mode"] == hostile


def test_times_are_iso_8601_in_csv_and_json() -> None:
    (read,) = csv.DictReader(io.StringIO(as_csv([a_row()]).decode(), newline=""))
    (told,) = json.loads(as_json([a_row()]))

    assert read["TrainingStartTime"] == told["TrainingStartTime"] == "2026-05-01T12:00:00+00:00"


def test_parquet_reads_back_as_the_rows_that_were_written() -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    row = a_row(eta=0.5, mode="fast")

    (read,) = parquet.read_table(io.BytesIO(as_parquet([row]))).to_pylist()

    assert read == row


def test_a_column_of_numbers_and_texts_is_text_in_parquet() -> None:
    parquet = pytest.importorskip("pyarrow.parquet")

    read = parquet.read_table(io.BytesIO(as_parquet([a_row(mode=1.0), a_row(mode="auto")]))).to_pylist()

    assert [each["mode"] for each in read] == ["1.0", "auto"]


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        ({"InputDataConfig": []}, {}),
        ({"ResourceConfig": {}, "HyperParameterTuningResourceConfig": {}}, {"HyperParameterTuningResourceConfig": {}}),
        ({"ResourceConfig": {}}, {"ResourceConfig": {}}),
        (
            {"AlgorithmSpecification": {"AlgorithmName": "mine", "MetricDefinitions": []}},
            {"AlgorithmSpecification": {"AlgorithmName": "mine"}},
        ),
        ({"StaticHyperParameters": {"_tuning_objective_metric": "loss"}}, {}),
    ],
)
def test_a_definition_is_exported_as_a_request_may_have_it(told: dict[str, Any], asked: dict[str, Any]) -> None:
    least = {"AlgorithmSpecification": {"TrainingImage": "trainer:1"}, "StaticHyperParameters": {}}

    assert asked_again({**least, **told}) == {**least, **asked}


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_tuning_job_without_training_jobs_has_the_columns(form: str) -> None:
    body = FORMS[form]([])

    assert all(column.encode() in body for column in COLUMNS)


def test_parquet_is_not_for_a_terminals_eyes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)

    with pytest.raises(SettingsError, match="name a file with --output"):
        export("first", form="parquet")
