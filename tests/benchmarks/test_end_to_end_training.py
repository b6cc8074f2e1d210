"""Tests of what is trained end to end: the data sets' files, the ranges, and the program without the service."""

import signal
import sys
from pathlib import Path

import numpy as np
import pytest
from benchmarks.end_to_end import datasets, ranges
from benchmarks.end_to_end.datasets import CHANNELS, DATASETS, SPLIT
from benchmarks.end_to_end.program import last_value, trained_apart, trained_here
from benchmarks.search.catalogue import make
from benchmarks.search.spaces import Choice, Real, Whole, from_unit
from sklearn.datasets import load_diabetes, load_wine

WINE = DATASETS["wine"]
POINT = {**from_unit(ranges.SPACE, [0.5] * len(ranges.SPACE)), "num_round": 10}


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Have the files of all data sets."""
    folder = tmp_path_factory.mktemp("rows")
    datasets.write(folder)
    return folder


def matrix(rows: Path, name: str, channel: str) -> "np.ndarray":
    return np.loadtxt(rows / name / channel / "rows.csv", delimiter=",")


def test_the_label_comes_first_and_there_is_no_header(rows: Path) -> None:
    """As SageMaker's XGBoost wants CSV."""
    labels = np.concatenate([matrix(rows, "diabetes", channel)[:, 0] for channel in CHANNELS])

    assert sorted(labels) == sorted(load_diabetes(return_X_y=True)[1])


@pytest.mark.parametrize("name", DATASETS)
def test_no_row_is_in_both_channels_or_in_none(rows: Path, name: str) -> None:
    """The channels hold as many rows as the data set, each once more than it is repeated there."""
    train, validation = (matrix(rows, name, channel) for channel in CHANNELS)
    features, labels = getattr(datasets.datasets, f"load_{name}")(return_X_y=True)

    together = np.vstack([train, validation])
    whole = np.column_stack([labels, features])
    assert np.allclose(together[np.lexsort(together.T)], whole[np.lexsort(whole.T)], rtol=1e-8)


def test_every_class_has_its_share_of_the_validation_rows(rows: Path) -> None:
    """The split is by classes."""
    shares = np.bincount(matrix(rows, "wine", "validation")[:, 0].astype(int)) / np.bincount(load_wine().target)

    assert shares == pytest.approx(0.3, abs=0.02)


def test_the_split_is_the_same_each_time() -> None:
    """Runs of different days compare."""
    assert datasets.texts("wine") == datasets.texts("wine")
    assert SPLIT == 7


def test_the_ranges_of_the_request_are_those_of_the_optimisers() -> None:
    """Names, ends and scales; a number's text is exact."""
    space = (
        Real(name="eta", low=0.01, high=0.5, log=True),
        Whole(name="depth", low=1, high=9),
        Choice(name="kind", choices=("a", "b")),
    )

    assert ranges.parameter_ranges(space) == {
        "ContinuousParameterRanges": [
            {"Name": "eta", "MinValue": "0.01", "MaxValue": "0.5", "ScalingType": "Logarithmic"}
        ],
        "IntegerParameterRanges": [{"Name": "depth", "MinValue": "1", "MaxValue": "9", "ScalingType": "Linear"}],
        "CategoricalParameterRanges": [{"Name": "kind", "Values": ["a", "b"]}],
    }


def test_the_number_of_classes_is_told_where_there_are_several() -> None:
    """XGBoost refuses it elsewhere."""
    assert {name: ranges.static(each).get("num_class") for name, each in DATASETS.items()} == {
        "diabetes": None,
        "breast_cancer": None,
        "wine": "3",
        "digits": "10",
    }


def test_the_last_value_of_the_log_counts() -> None:
    """As it does for the service."""
    log = "[0]\ttrain-rmse:3.00000\tvalidation-rmse:9.00000\n[1]\ttrain-rmse:2.00000\tvalidation-rmse:8.12500\n"

    assert last_value(log, "validation:rmse") == 8.125


def test_a_log_without_the_metric_is_an_error() -> None:
    """And not a value."""
    with pytest.raises(ValueError, match="validation:rmse"):
        last_value("nothing\n", "validation:rmse")


def test_a_training_that_fails_says_why(rows: Path) -> None:
    """In the program's words."""
    with pytest.raises(ValueError, match="max_depth"):
        trained_here(rows / "wine", {**ranges.hyperparameters(WINE, POINT), "max_depth": "-1"}, WINE.tuned)


def test_the_program_leaves_its_process_as_it_was(rows: Path) -> None:
    """It would hide scikit-learn and keep SIGTERM from ending the process."""
    before = signal.getsignal(signal.SIGTERM)
    trained_here(rows / "wine", ranges.hyperparameters(WINE, POINT), WINE.tuned)

    assert signal.getsignal(signal.SIGTERM) is before
    assert sys.modules["sklearn"] is not None


@pytest.mark.slow
def test_a_process_of_its_own_gives_the_same_value(rows: Path) -> None:
    """Peers' trainings spare the start of a process, and nothing else."""
    hyperparameters = ranges.hyperparameters(WINE, POINT)

    assert trained_here(rows / "wine", hyperparameters, WINE.tuned) == trained_apart(
        rows / "wine", hyperparameters, WINE.tuned
    )


def test_the_problem_is_the_program(rows: Path) -> None:
    """What the search benchmark's processes evaluate."""
    problem = make(WINE.problem, rows)

    assert problem.truth([POINT])[0] == trained_here(rows / "wine", ranges.hyperparameters(WINE, POINT), WINE.tuned)


def test_a_problem_without_its_rows_says_how_they_are_made(tmp_path: Path) -> None:
    """It is left out with the remedy."""
    with pytest.raises(FileNotFoundError, match=r"python -m benchmarks.end_to_end"):
        make(WINE.problem, tmp_path)
