"""The SageMaker Python SDK, version 2, unmodified, in an environment of its own."""

from pathlib import Path
from typing import Any

import pytest

from clients.conftest import seen_by
from clients_env import tell
from luthier_server import Luthier

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def test_fit_waits_and_tells_the_best_training_job(recording: Luthier, tmp_path: Path) -> None:
    told = tell(recording, "sdk2", "sdk_v2.py", "fit", tmp_path)

    assert (told["status"], told["rows"]) == ("Completed", 3)
    assert told["best"] == told["lowest"]
    assert {"x", "depth", "kind", "FinalObjectiveValue", "TrainingJobName"} <= set(told["columns"])
    assert set(told["ranges"]) == {"x", "depth", "kind"}
    seen = seen_by(recording, told["best"])
    assert seen["hyperparameters"]["rounds"] == "7"
    assert seen["hyperparameters"]["_tuning_objective_metric"] == "loss"
    assert seen["files"] == {"train/rows.csv": "1,2\n3,4\n"}
    assert seen["environment"]["COLOUR"] == "blue"


def test_the_best_estimator_is_the_best_training_job(recording: Luthier, tmp_path: Path) -> None:
    told = tell(recording, "sdk2", "sdk_v2.py", "best_estimator", tmp_path)

    assert told["model_data"].endswith(f"/{told['best']}/output/model.tar.gz")
    assert told["hyperparameters"]["rounds"] == "7"
    assert told["tags"] == [{"Key": "team", "Value": "north"}]
    assert float(seen_by(recording, told["best"])["hyperparameters"]["x"]) == float(told["hyperparameters"]["x"])


def test_a_tuning_job_can_be_attached(recording: Luthier, tmp_path: Path) -> None:
    told = tell(recording, "sdk2", "sdk_v2.py", "attach", tmp_path)

    assert told["static"]["rounds"] == "7"
    assert told["image"] == "recorder:1"
    assert seen_by(recording, told["best"])["hyperparameters"]["rounds"] == "7"


def test_a_stopped_tuning_job_says_so_at_once(recording: Luthier, tmp_path: Path) -> None:
    told = tell(recording, "sdk2", "sdk_v2.py", "stop", tmp_path)

    assert told["at_once"] in ("Stopping", "Stopped")  # it may be over by the time that the client asks
    assert told["status"] == "Stopped"


def test_several_estimators_are_tuned_by_one_tuning_job(recording: Luthier, tmp_path: Path) -> None:
    told = tell(recording, "sdk2", "sdk_v2.py", "several", tmp_path)

    assert told["names"] == ["first", "first", "second", "second"]
    assert seen_by(recording, told["best"])["hyperparameters"]["rounds"] == told["rounds"]


def test_hyperband_is_configured_by_the_sdks_own_classes(recording: Luthier, tmp_path: Path) -> None:
    told = tell(recording, "sdk2", "sdk_v2.py", "hyperband", tmp_path)

    configs = [told[name]["HyperParameterTuningJobConfig"] for name in ("v2-hyperband", "v2-epochs")]
    assert {told[name]["HyperParameterTuningJobStatus"] for name in ("v2-hyperband", "v2-epochs")} == {"Completed"}
    assert [each["Strategy"] for each in configs] == ["Hyperband", "Hyperband"]
    assert configs[0]["StrategyConfig"] == told["sent"]
    assert "StrategyConfig" not in configs[1]
    assert told["refused"]["Message"].startswith("MaxResource parameter is not provided and could not be inferred")


def test_an_estimator_shows_its_log_while_it_fits(recording: Luthier, tmp_path: Path) -> None:
    told = tell(recording, "sdk2", "sdk_v2.py", "logs", tmp_path)

    assert "epoch=2 loss=" in told["output"]
    assert told["attached"] == told["model_data"]
    assert set(told["metrics"]) == {"loss"}
    assert seen_by(recording, "v2-logs")["hyperparameters"] == {"rounds": "7"}


def test_warm_start_helpers_name_the_parents(recording: Luthier, tmp_path: Path) -> None:
    told = tell(recording, "sdk2", "sdk_v2.py", "warm_start", tmp_path)

    assert told["refused"]["Code"] == "ValidationException"
    assert told["refused"]["Message"].startswith("A metric is required for this hyperparameter tuning job objective.")
    parent, identical, transfer = (told[name] for name in ("v2-parent", "v2-identical", "v2-transfer"))
    assert {each["HyperParameterTuningJobStatus"] for each in (parent, identical, transfer)} == {"Completed"}
    assert identical["WarmStartConfig"] == {
        "ParentHyperParameterTuningJobs": [{"HyperParameterTuningJobName": "v2-parent"}],
        "WarmStartType": "IdenticalDataAndAlgorithm",
    }
    assert transfer["WarmStartConfig"]["WarmStartType"] == "TransferLearning"
    assert len(transfer["WarmStartConfig"]["ParentHyperParameterTuningJobs"]) == 2
    assert objective(identical["OverallBestTrainingJob"]) == min(
        objective(each["BestTrainingJob"]) for each in (parent, identical)
    )
    assert "OverallBestTrainingJob" not in transfer
    best = transfer["BestTrainingJob"]["TrainingJobName"]
    assert seen_by(recording, best)["files"] == {"train/rows.csv": "5,6\n"}


def objective(summary: Any) -> float:
    return float(summary["FinalHyperParameterTuningJobObjectiveMetric"]["Value"])
