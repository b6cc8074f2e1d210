"""Metrics that are told as JSON."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luthier.metrics.records import Record, RecordReader, record_in
from luthier.metrics.scraper import Scraper
from luthier.records.algorithm import MetricDefinition

LOSS = MetricDefinition(name="loss", regex="loss=([0-9.]+)")


def values(reader: RecordReader | Scraper, told: bytes) -> list[tuple[str, float]]:
    return [(seen.name, seen.value) for seen in [*reader.feed(told, 1.0), *reader.finish(1.0)]]


def test_a_record_is_a_name_and_a_value() -> None:
    line = '{"MetricName": "loss", "Value": 0.25, "Timestamp": 1772357412.0, "Step": 3}'

    assert record_in(line) == Record(name="loss", value=0.25)


@pytest.mark.parametrize(
    "line",
    [
        "loss=0.5",
        "{",
        "[]",
        "{}",
        '{"MetricName": "loss"}',
        '{"MetricName": 3, "Value": 0.5}',
        '{"MetricName": "loss", "Value": "0.5"}',
        '{"MetricName": "loss", "Value": true}',
        '{"MetricName": "loss", "Value": null}',
        '{"MetricName": "loss", "Value": NaN}',
        '{"MetricName": "loss", "Value": -Infinity}',
        '{"MetricName": "loss", "Value": 1e999}',
        f'{{"MetricName": "loss", "Value": 1{"0" * 400}}}',
        f'{{"MetricName": "loss", "Value": 1{"0" * 5000}}}',
        '{"MetricName":' + "[" * 30_000,
    ],
)
def test_anything_else_is_none(line: str) -> None:
    assert record_in(line) is None


@given(st.text())
def test_no_line_is_a_trouble(line: str) -> None:
    assert record_in("{" + line) is None


def test_only_metrics_that_are_asked_for_are_read() -> None:
    told = (
        b'{"MetricName": "loss", "Value": 1}\n{"MetricName": "secret", "Value": 2}\n{"MetricName": "loss", "Value": 3}'
    )

    assert values(RecordReader(["loss"]), told) == [("loss", 1.0), ("loss", 3.0)]


def test_a_log_may_hold_records() -> None:
    assert values(Scraper([LOSS]), b'{"MetricName": "loss", "Value": 0.125}\n') == [("loss", 0.125)]


def test_a_metric_that_is_told_by_records_is_not_looked_for() -> None:
    log = b'loss=9\n{"MetricName": "loss", "Value": 0.5}\nloss=0.5\n'

    assert values(Scraper([LOSS]), log) == [("loss", 9.0), ("loss", 0.5)]


def test_a_metric_that_is_told_elsewhere_is_not_looked_for() -> None:
    other = MetricDefinition(name="accuracy", regex="accuracy=([0-9.]+)")

    assert values(Scraper([LOSS, other], {"loss"}), b"loss=0.5 accuracy=0.75\n") == [("accuracy", 0.75)]
