"""The request that runs could have come from."""

from typing import Any

import pytest

from luthier.histories.asked import asked_for
from luthier.histories.history import HistoryError, Run
from luthier.records.status import TrainingStatus


def runs(**values: list[str]) -> list[Run]:
    count = len(next(iter(values.values())))
    return [
        Run(
            place=f"row {number}",
            hyperparameters={name: each[number] for name, each in values.items()},
            status=TrainingStatus.COMPLETED,
            objective=1.0,
        )
        for number in range(count)
    ]


def asked(**values: list[str]) -> Any:
    return asked_for(runs(**values), metric="loss", kind="Minimize")


def test_whole_numbers_are_an_integer_range_from_end_to_end() -> None:
    request = asked(depth=["7", "3", "5"])

    (found,) = request["HyperParameterTuningJobConfig"]["ParameterRanges"]["IntegerParameterRanges"]
    assert (found["MinValue"], found["MaxValue"]) == ("3", "7")


def test_other_numbers_are_a_continuous_range() -> None:
    request = asked(eta=["1e-3", "1"])

    (found,) = request["HyperParameterTuningJobConfig"]["ParameterRanges"]["ContinuousParameterRanges"]
    assert (found["MinValue"], found["MaxValue"]) == ("0.001", "1.0")


@pytest.mark.parametrize("values", [["a", "b", "a"], ["1", "nan", "1"], ["1", "1_0", "1"]])
def test_what_is_not_always_a_number_is_a_category(values: list[str]) -> None:
    request = asked(mode=values)

    (found,) = request["HyperParameterTuningJobConfig"]["ParameterRanges"]["CategoricalParameterRanges"]
    assert found["Values"] == values[:2]


def test_what_never_changed_is_static() -> None:
    request = asked(eta=["1", "2"], epochs=["9", "9"])

    assert request["TrainingJobDefinition"]["StaticHyperParameters"] == {"epochs": "9"}


def test_runs_that_are_all_alike_have_searched_nothing() -> None:
    with pytest.raises(HistoryError, match="no hyperparameter has two values"):
        asked(eta=["1", "1"])


def test_a_category_of_too_many_values_is_refused_by_name() -> None:
    with pytest.raises(HistoryError, match="'note' has 31 values"):
        asked(note=[f"text {number}" for number in range(31)])
