"""The tables say what they mean, and hold what the records hold."""

from dataclasses import fields
from pathlib import Path

import pytest
from sqlalchemy import Column, Table

from luthier.records.training_job import TrainingJob
from luthier.records.tuning_job import TuningJob
from luthier.store.schema import describe_schema
from luthier.store.tables import metadata, training_jobs, tuning_jobs

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "schema.md"


@pytest.mark.parametrize("column", [each for table in metadata.tables.values() for each in table.columns], ids=str)
def test_every_column_has_a_sentence(column: Column[object]) -> None:
    assert column.comment is not None
    assert column.comment.endswith(".")


@pytest.mark.parametrize(("table", "record"), [(tuning_jobs, TuningJob), (training_jobs, TrainingJob)])
def test_a_table_has_a_column_for_every_field(table: Table, record: type) -> None:
    expected = {each.name for each in fields(record)} - {"scope"} | {"account", "region"}

    assert set(table.columns.keys()) == expected


def test_the_reference_page_is_up_to_date() -> None:
    """If not: python -m luthier.store.schema > docs/reference/schema.md."""
    assert PAGE.read_text(encoding="utf-8") == describe_schema()
