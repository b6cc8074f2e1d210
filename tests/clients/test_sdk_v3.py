"""The SageMaker Python SDK, version 3, unmodified, in an environment of its own."""

from pathlib import Path
from typing import Any

import pytest

from clients.conftest import seen_by
from clients_env import tell
from luthier_server import Luthier

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def test_tune_waits_and_tells_the_best_training_job(recording: Luthier, tmp_path: Path) -> None:
    told = tell(recording, "sdk3", "sdk_v3.py", "tune", tmp_path)

    assert (told["status"], told["rows"]) == ("Completed", 3)
    assert told["best"] == told["lowest"]
    seen = seen_by(recording, told["best"])
    assert seen["hyperparameters"]["rounds"] == "7"
    assert seen["files"] == {"train/rows.csv": "1,2\n3,4\n"}


def test_a_stopped_tuning_job_says_so_at_once(recording: Luthier, tmp_path: Path) -> None:
    told = tell(recording, "sdk3", "sdk_v3.py", "stop", tmp_path)

    assert told["at_once"] in ("Stopping", "Stopped")  # it may be over by the time that the client asks
    assert told["status"] == "Stopped"
    assert "ValidationException" in told["refusal"]


def test_a_model_trainer_trains(recording: Luthier, tmp_path: Path) -> None:
    told = tell(recording, "sdk3", "sdk_v3.py", "train", tmp_path)

    assert told["status"] == "Completed"
    assert told["model"].endswith("/output/model.tar.gz")
    assert "epoch=2 loss=" in told["output"]
    assert seen_by(recording, told["name"])["environment"]["COLOUR"] == "blue"


def test_a_model_trainer_brings_its_source_code(recording: Luthier, tmp_path: Path) -> None:
    told = tell(recording, "sdk3", "sdk_v3.py", "source_code", tmp_path)

    assert told["status"] == "Completed"
    seen = seen_by(recording, told["name"])
    words = seen["arguments"]
    assert dict(zip(words[::2], words[1::2], strict=True)) == {"--kind": "a b", "--rounds": "3"}
    assert seen["environment"]["SM_CHANNEL_TRAINING"] == "/opt/ml/input/data/training"
    assert seen["greeting"].startswith("/tmp/environment/")
    assert "hello from train.py: kind=a b" in told["output"]


def test_the_source_code_of_a_model_trainer_is_tuned(recording: Luthier, tmp_path: Path) -> None:
    told = tell(recording, "sdk3", "sdk_v3.py", "tune_source_code", tmp_path)

    assert told["status"] == "Completed"
    seen = seen_by(recording, told["best"])
    words = seen["arguments"]
    chosen = dict(zip(words[::2], words[1::2], strict=True))
    assert (chosen["--kind"], chosen["--rounds"]) == ("a b", "3")
    assert 0 <= float(chosen["--rate"]) <= 1
    assert set(chosen) == {"--kind", "--rate", "--rounds"}
    assert seen["greeting"].startswith("/tmp/environment/")


def test_hyperband_is_configured_by_the_sdks_own_classes(recording: Luthier, tmp_path: Path) -> None:
    told = tell(recording, "sdk3", "sdk_v3.py", "hyperband", tmp_path)

    given, inferred = (told[name]["HyperParameterTuningJobConfig"] for name in ("v3-hyperband", "v3-epochs"))
    assert {told[name]["HyperParameterTuningJobStatus"] for name in ("v3-hyperband", "v3-epochs")} == {"Completed"}
    assert [given["Strategy"], inferred["Strategy"]] == ["Hyperband", "Hyperband"]
    assert given["StrategyConfig"] == {"HyperbandStrategyConfig": {"MinResource": 1, "MaxResource": 3}}
    assert "StrategyConfig" not in inferred
    assert "MaxResource parameter is not provided and could not be inferred" in told["refusal"]


def test_a_warm_start_names_its_parent_and_the_best_of_both(recording: Luthier, tmp_path: Path) -> None:
    told = tell(recording, "sdk3", "sdk_v3.py", "warm_start", tmp_path)

    parent, child = told["v3-parent"], told["v3-warm"]
    assert child["WarmStartConfig"] == {
        "ParentHyperParameterTuningJobs": [{"HyperParameterTuningJobName": "v3-parent"}],
        "WarmStartType": "IdenticalDataAndAlgorithm",
    }
    assert objective(child["OverallBestTrainingJob"]) == min(
        objective(each["BestTrainingJob"]) for each in (parent, child)
    )


def test_resources_are_found_listed_and_deleted(recording: Luthier, tmp_path: Path) -> None:
    told = tell(recording, "sdk3", "sdk_v3.py", "resources", tmp_path)

    assert told["names"] == ["v3-resources"]
    assert len(told["children"]) == 3
    assert told["left"] == []
    assert told["child"] == told["children"][0]


def objective(summary: Any) -> float:
    return float(summary["FinalHyperParameterTuningJobObjectiveMetric"]["Value"])
