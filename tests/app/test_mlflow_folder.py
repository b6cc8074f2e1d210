"""Reading a folder `mlruns`, as a real MLflow has written it."""

import os
from pathlib import Path

import pytest

from luthier.app.mlflow_folder import MlflowFolder
from luthier.histories.history import HistoryError
from luthier.histories.mlflow import Choice, read_runs
from luthier.records.status import TrainingStatus
from luthier.settings import SettingsError
from mlflow_recorded import lay_out

CHOICE = Choice(objective="val/loss")


@pytest.fixture
def mlruns(tmp_path: Path) -> Path:
    return lay_out(tmp_path)


def a_file(mlruns: Path, name: str, text: str) -> Path:
    """Give the file of that name with that text."""
    return next(each for each in sorted(mlruns.glob(f"*/*/{name}")) if each.read_text().strip() == text)


def test_the_runs_of_a_search_are_read_with_their_curves(mlruns: Path) -> None:
    found = read_runs(MlflowFolder(mlruns).runs("churn", CHOICE), CHOICE)

    assert [(dict(run.hyperparameters), run.status, run.objective) for run in found] == [
        ({"depth": "3", "eta": "0.1"}, TrainingStatus.COMPLETED, 0.5),
        ({"depth": "5", "eta": "0.01"}, TrainingStatus.STOPPED, 0.75),
        ({"depth": "4", "eta": "0.9"}, TrainingStatus.FAILED, None),
        ({"depth": "9", "eta": "0.5"}, TrainingStatus.FAILED, None),
    ]
    assert [[each.value for each in run.reports] for run in found] == [[0.9, 0.6, 0.5], [0.8, 0.75], [0.7], []]


def test_their_times_are_theirs(mlruns: Path) -> None:
    first = read_runs(MlflowFolder(mlruns).runs("churn", CHOICE), CHOICE)[0]

    assert (first.began_at, first.ended_at) == (1777594200.0, 1777594500.0)


def test_the_only_experiment_with_runs_needs_no_name(mlruns: Path) -> None:
    assert len(MlflowFolder(mlruns).runs(None, CHOICE)) == 6


def test_an_experiment_that_is_not_there_is_told_with_those_that_are(mlruns: Path) -> None:
    with pytest.raises(SettingsError, match=r"--experiment: name one of those in .*'Default', 'churn', 'other'"):
        MlflowFolder(mlruns).runs("none", CHOICE)


def test_a_folder_without_experiments_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="there are none"):
        MlflowFolder(tmp_path).runs(None, CHOICE)


def test_a_line_of_a_metric_that_makes_no_sense_is_told_with_its_place(mlruns: Path) -> None:
    file = next(iter(sorted(mlruns.glob("*/*/metrics/val/loss"))))
    file.write_text("1 0.5 0\n\n2 bad 1\n")

    with pytest.raises(HistoryError, match="loss, line 2: it is '2 bad 1'"):
        MlflowFolder(mlruns).runs("churn", CHOICE)


def test_older_files_have_no_steps(mlruns: Path) -> None:
    file = next(iter(sorted(mlruns.glob("*/*/metrics/val/loss"))))
    file.write_text("1 0.5\n2 0.25\n")

    found = MlflowFolder(mlruns).runs("churn", CHOICE)

    assert [0.5, 0.25] in [[each.value for each in run.values] for run in found]


def test_links_are_not_followed(mlruns: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s3cret")
    eta = a_file(mlruns, "params/eta", "0.1")
    eta.unlink()
    eta.symlink_to(secret)

    found = MlflowFolder(mlruns).runs("churn", CHOICE)

    assert "s3cret" not in [value for run in found for value in run.parameters.values()]


def test_what_is_no_file_is_not_opened(mlruns: Path) -> None:
    eta = a_file(mlruns, "params/eta", "0.1")
    eta.unlink()
    os.mkfifo(eta)

    assert {"depth": "3"} in [run.parameters for run in MlflowFolder(mlruns).runs("churn", CHOICE)]


@pytest.mark.parametrize(
    "text",
    [b"- a list", b"name: [", b"!!python/object/apply:os.system [echo]", b"\xff", b"a: " * 500_000, b"[" * 10_000],
    ids=["list", "broken", "object", "bytes", "long", "deep"],
)
def test_yaml_that_mlflow_did_not_write_is_told_with_its_file(mlruns: Path, text: bytes) -> None:
    next(iter(mlruns.glob("*/meta.yaml"))).write_bytes(text)

    with pytest.raises(SettingsError, match=r"meta\.yaml"):
        MlflowFolder(mlruns).runs("churn", CHOICE)
