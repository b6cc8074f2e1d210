"""The table of training jobs: picked, sorted by every column, and asked for by addresses."""

from collections.abc import Sequence

import pytest

from luthier.dashboard.children_table import PAGE, Asked, Row, asked, table
from luthier.dashboard.plot import Mark
from luthier.records.status import TrainingStatus
from luthier.records.tuning_job import ObjectiveType
from things import a_training_job, a_tuning_definition

MINIMIZE = ObjectiveType.MINIMIZE
TUNED = ("eta", "booster")


def a_row(ordinal: int, objective: float | None = None, *, duration_s: float = 1.0, **changes: object) -> Row:
    return Row(
        job=a_training_job(ordinal, **{"status": TrainingStatus.COMPLETED, **changes}),
        definition=a_tuning_definition(),
        objective=objective,
        mark=Mark.COUNTED,
        duration_s=duration_s,
        url="",
    )


def ordinals(rows: Sequence[Row], **query: str) -> list[int | None]:
    found = table(rows, asked(query, TUNED, MINIMIZE), MINIMIZE)
    return [row.job.ordinal for row in found.rows]


ROWS = [
    a_row(1, 0.5, duration_s=30.0, tuned={"eta": "0.1", "booster": "gbtree"}, name="tune-a"),
    a_row(2, 0.25, duration_s=9.0, tuned={"eta": "0.02", "booster": "dart"}, name="tune-C"),
    a_row(3, None, duration_s=100.0, tuned={"eta": "1e-05"}, name="tune-b", failure_reason="AlgorithmError: no"),
]


@pytest.mark.parametrize(
    ("column", "order", "expected"),
    [
        ("name", "asc", [2, 1, 3]),
        ("duration", "desc", [3, 1, 2]),
        ("duration", "asc", [2, 1, 3]),
        ("objective", "asc", [2, 1, 3]),
        ("objective", "desc", [1, 2, 3]),
        ("reason", "asc", [3, 1, 2]),
        ("tuned.eta", "asc", [3, 2, 1]),
        ("tuned.eta", "desc", [1, 2, 3]),
        ("tuned.booster", "asc", [2, 1, 3]),
        ("tuned.nobody", "asc", [1, 2, 3]),
    ],
)
def test_rows_are_sorted_by_any_column_with_blanks_last(column: str, order: str, expected: list[int]) -> None:
    assert ordinals(ROWS, sort=column, order=order) == expected


def test_a_hyperparameter_that_is_called_like_a_column_has_its_own() -> None:
    rows = [a_row(1, tuned={"objective": "2"}), a_row(2, tuned={"objective": "1"})]
    wanted = asked({"sort": "tuned.objective"}, ["objective"], MINIMIZE)

    assert [row.job.ordinal for row in table(rows, wanted, MINIMIZE).rows] == [2, 1]


def test_rows_are_picked_by_a_part_of_the_name_in_capitals_or_not() -> None:
    assert ordinals(ROWS, text=" E-c ") == [2]


def test_rows_are_picked_by_status() -> None:
    rows = [a_row(1), a_row(2, status=TrainingStatus.FAILED)]

    assert ordinals(rows, status="Failed") == [2]


def test_those_stopped_early_can_be_picked_from_those_stopped_by_hand() -> None:
    rows = [
        a_row(1, status=TrainingStatus.STOPPED),
        a_row(2, status=TrainingStatus.STOPPED, stop_reason="worse than the median"),
    ]

    assert ordinals(rows, status="Early") == [2]


def test_a_status_that_there_is_not_leaves_nothing_out() -> None:
    assert len(ordinals(ROWS, status="<b>")) == 3


def test_pages_are_of_what_was_picked() -> None:
    rows = [a_row(number, name=f"tune-{'odd' if number % 2 else 'even'}-{number}") for number in range(1, PAGE + 3)]

    found = table(rows, asked({"text": "odd", "page": "7"}, TUNED, MINIMIZE), MINIMIZE)

    assert (found.found, found.pages, found.asked.page) == (PAGE // 2 + 1, 1, 1)


def test_links_keep_what_was_picked_and_go_back_to_the_first_page() -> None:
    shown = table(ROWS, Asked(column="name", direction="asc", page=1, status="Completed", text="tune&a"), MINIMIZE)

    assert shown.link("name") == "?sort=name&order=desc&status=Completed&text=tune%26a"
    assert shown.link(shown.column_of("eta")) == "?sort=tuned.eta&order=asc&status=Completed&text=tune%26a"


def test_a_reason_is_the_failure_or_why_it_was_stopped_early() -> None:
    assert a_row(1, failure_reason="broken").reason == "broken"
    assert a_row(1, status=TrainingStatus.STOPPED, stop_reason="hopeless").reason == "hopeless"
    assert a_row(1, status=TrainingStatus.COMPLETED, stop_reason="it ended before it heard").reason == ""
    assert a_row(1).reason == ""
