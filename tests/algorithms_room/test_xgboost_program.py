"""The program that stands in for SageMaker's XGBoost image, run as a training job runs it."""

import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import xgboost

from luthier.algorithms.xgboost.metrics import metric_definitions

BINARY = {"num_round": "5", "objective": "binary:logistic", "max_depth": "3"}


@dataclass(frozen=True)
class Ended:
    """How a run of the program ended."""

    code: int
    log: str
    ml: Path

    @property
    def failure(self) -> str:
        return (self.ml / "output/failure").read_text()

    @property
    def lines(self) -> list[str]:
        return [line for line in self.log.splitlines() if re.match(r"\[\d+\]\t", line)]

    def model(self) -> xgboost.Booster:
        booster = xgboost.Booster()
        booster.load_model(self.ml / "model/xgboost-model")
        return booster


def some_rows(count: int, seed: int) -> np.ndarray:
    """Rows of a label and four features, of which the first tells the label."""
    features = np.random.default_rng(seed).normal(size=(count, 4))
    noise = np.random.default_rng(seed + 1).normal(size=count)
    return np.column_stack([features[:, 0] + noise / 2 > 0, features])


def a_job(ml: Path, hyperparameters: dict[str, str], content_type: str = "text/csv", *, validates: bool = True) -> Path:
    """Lay out `/opt/ml` for a training job on CSV."""
    channels = {"train": 200, "validation": 100} if validates else {"train": 200}
    for seed, (name, count) in enumerate(channels.items()):
        (ml / "input/data" / name).mkdir(parents=True)
        np.savetxt(ml / "input/data" / name / "part.csv", some_rows(count, seed), delimiter=",", fmt="%.6g")
    config = ml / "input/config"
    config.mkdir()
    (config / "hyperparameters.json").write_text(json.dumps(hyperparameters))
    described = {name: {"TrainingInputMode": "File", "ContentType": content_type} for name in channels}
    (config / "inputdataconfig.json").write_text(json.dumps(described))
    return ml


def started(ml: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "luthier.algorithms.xgboost"],
        env=os.environ | {"LUTHIER_ML": str(ml)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def run(ml: Path) -> Ended:
    process = started(ml)
    log, _ = process.communicate(timeout=60)
    return Ended(code=process.returncode, log=log, ml=ml)


def test_it_leaves_a_model_that_any_xgboost_loads(tmp_path: Path) -> None:
    ended = run(a_job(tmp_path, BINARY))

    assert (ended.code, ended.model().num_boosted_rounds()) == (0, 5)
    assert [path.name for path in (tmp_path / "model").iterdir()] == ["xgboost-model"]


def test_its_log_is_what_the_built_in_definitions_read(tmp_path: Path) -> None:
    given = BINARY | {"eval_metric": "auc,error@0.3", "_tuning_objective_metric": "validation:f1_macro"}

    ended = run(a_job(tmp_path, given))

    line = ended.lines[-1].replace("\t", "#011")
    caught = {each.name for each in metric_definitions() if re.search(each.regex, line)}
    assert caught == {"train:auc", "validation:auc", "train:f1_macro", "validation:f1_macro"}
    assert "validation-error@0.3:" in line


def test_the_metric_of_tweedie_is_printed_under_sagemakers_name(tmp_path: Path) -> None:
    given = {"num_round": "3", "objective": "reg:tweedie", "early_stopping_rounds": "2"}

    ended = run(a_job(tmp_path, given | {"_tuning_objective_metric": "validation:tweedie-nloglik"}))

    assert "\tvalidation-tweedie-nloglik:" in ended.lines[0]


def test_the_same_seed_gives_the_same_model(tmp_path: Path) -> None:
    given = BINARY | {"subsample": "0.5", "seed": "7"}

    first, second = (run(a_job(tmp_path / name, given)) for name in "ab")

    assert first.model().save_raw() == second.model().save_raw()


def test_early_stopping_keeps_the_best_rounds_only(tmp_path: Path) -> None:
    given = BINARY | {"num_round": "500", "eta": "1", "early_stopping_rounds": "3", "eval_metric": "logloss"}

    ended = run(a_job(tmp_path, given))

    losses = [float(line.rpartition(":")[2]) for line in ended.lines]
    assert len(losses) < 500
    assert ended.model().num_boosted_rounds() == len(losses) - 3


@pytest.mark.parametrize("booster", ["gblinear", "dart"])
def test_every_booster_trains_and_stops_early(tmp_path: Path, booster: str) -> None:
    given = BINARY | {"booster": booster, "early_stopping_rounds": "2"}
    if booster == "gblinear":
        del given["max_depth"]

    assert run(a_job(tmp_path, given)).code == 0


def test_an_unknown_hyperparameter_fails_with_its_name(tmp_path: Path) -> None:
    ended = run(a_job(tmp_path, BINARY | {"max_dept": "3"}))

    assert (ended.code, ended.failure) == (1, "ClientError: Extraneous hyperparameter found: 'max_dept'")


def test_what_xgboost_refuses_fails_without_its_stack_trace(tmp_path: Path) -> None:
    ended = run(a_job(tmp_path, BINARY | {"base_score": "2"}))

    assert ended.failure.startswith("ClientError: XGBoost refused: ")
    assert "base_score must be in (0,1)" in ended.failure
    assert "/workspace" not in ended.failure


def test_csv_without_its_content_type_is_told_what_to_do(tmp_path: Path) -> None:
    ended = run(a_job(tmp_path, BINARY, content_type=""))

    assert "set the channel's ContentType to text/csv" in ended.failure


@pytest.mark.parametrize(
    "content_type", ["application/json", "text/csv; label_size=2", "application/x-recordio-protobuf"]
)
def test_another_content_type_is_refused(tmp_path: Path, content_type: str) -> None:
    ended = run(a_job(tmp_path, BINARY, content_type=content_type))

    assert "ClientError: channel train: " in ended.failure


def test_a_validation_metric_needs_a_validation_channel(tmp_path: Path) -> None:
    ended = run(a_job(tmp_path, BINARY | {"_tuning_objective_metric": "validation:auc"}, validates=False))

    assert "channel named validation" in ended.failure


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"training": {}}, "Extraneous channel found: 'training'"),
        ({}, "Missing required channel: train"),
        ({"train": {"TrainingInputMode": "Pipe"}}, "Pipe mode"),
    ],
)
def test_channels_that_do_not_fit_are_named(tmp_path: Path, document: dict[str, object], said: str) -> None:
    ml = a_job(tmp_path, BINARY)
    (ml / "input/config/inputdataconfig.json").write_text(json.dumps(document))

    assert said in run(ml).failure


def test_a_channel_without_files_is_named(tmp_path: Path) -> None:
    ml = a_job(tmp_path, BINARY)
    (ml / "input/data/train/part.csv").unlink()

    assert "No data in train channel path" in run(ml).failure


def test_metrics_that_are_not_xgboosts_own_need_one_instance(tmp_path: Path) -> None:
    ml = a_job(tmp_path, BINARY | {"_tuning_objective_metric": "validation:f1"})
    resources = {"current_host": "localhost", "hosts": ["localhost"]}
    (ml / "input/config/resourceconfig.json").write_text(json.dumps(resources))
    assert run(ml).code == 0

    (ml / "input/config/resourceconfig.json").write_text(json.dumps(resources | {"hosts": ["localhost", "other"]}))

    assert "f1 is computed on one instance alone" in run(ml).failure


@pytest.mark.parametrize(("saves", "models"), [("true", ["xgboost-model"]), ("false", [])])
def test_sigterm_ends_it_after_the_round_with_the_model_so_far(tmp_path: Path, saves: str, models: list[str]) -> None:
    given = BINARY | {"num_round": "1000000", "save_model_on_termination": saves}
    process = started(a_job(tmp_path, given))
    assert process.stdout is not None
    while not process.stdout.readline().startswith("[3]\t"):
        assert process.poll() is None

    process.send_signal(signal.SIGTERM)

    process.communicate(timeout=60)
    folder = tmp_path / "model"
    assert process.returncode == 0
    assert [path.name for path in folder.iterdir()] == models if folder.exists() else models == []
