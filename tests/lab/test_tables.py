"""Training jobs as rows, without a server."""

from datetime import UTC, datetime, timedelta
from typing import Any

from luthier.lab.tables import COLUMNS, DEFINITION, rows

BEGAN = datetime(2026, 5, 1, 12, tzinfo=UTC)


def a_summary(number: int = 1, objective: float | None = 0.5, **tuned: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "TrainingJobName": f"job-{number:03d}",
        "TrainingJobStatus": "Completed",
        "TrainingStartTime": BEGAN,
        "TrainingEndTime": BEGAN + timedelta(seconds=90),
        "TunedHyperParameters": tuned,
    }
    metric = {"MetricName": "loss", "Value": objective}
    return told if objective is None else {**told, "FinalHyperParameterTuningJobObjectiveMetric": metric}


def test_a_row_has_the_hyperparameters_and_then_the_sdks_columns() -> None:
    (row,) = rows([a_summary(eta="0.3", booster="dart")])

    assert list(row) == ["eta", "booster", *COLUMNS]


def test_a_hyperparameter_that_reads_as_a_number_is_one() -> None:
    (row,) = rows([a_summary(eta="0.3", depth="3", booster="dart")])

    assert (row["eta"], row["depth"], row["booster"]) == (0.3, 3.0, "dart")


def test_a_category_called_nan_stays_text() -> None:
    (row,) = rows([a_summary(fill="nan")])

    assert row["fill"] == "nan"


def test_the_elapsed_time_is_in_seconds() -> None:
    (row,) = rows([a_summary()])

    assert row["TrainingElapsedTimeSeconds"] == 90.0


def test_a_training_job_without_an_objective_has_none() -> None:
    (row,) = rows([a_summary(objective=None)])

    assert row["FinalObjectiveValue"] is None


def test_rows_have_the_same_columns_where_definitions_tune_different_hyperparameters() -> None:
    one, other = a_summary(1, eta="0.1"), a_summary(2, depth="3")

    table = rows([{**one, DEFINITION: "trees"}, {**other, DEFINITION: "lines"}])

    assert list(table[0]) == list(table[1]) == ["eta", "depth", *COLUMNS, DEFINITION]
    assert table[0]["depth"] is None
