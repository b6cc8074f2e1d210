"""Scripts of users with the SageMaker Python SDK, version 2, unmodified: SKLearn and PyTorch estimators."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from clients.conftest import seen_by
from clients_env import tell
from luthier_server import Luthier

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def fitted(recording: Luthier, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Fit one SKLearn estimator, and give what the client saw and, as `seen`, what its script saw."""
    told = tell(recording, "sdk2", "sdk_v2_script_mode.py", "fit", tmp_path_factory.mktemp("fit"))
    return {**told, "seen": seen_by(recording, "v2-sklearn")}


def test_the_images_name_is_the_one_that_the_sdk_knows(fitted: dict[str, Any]) -> None:
    assert fitted["image"] == "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"


def test_the_source_folder_goes_through_the_default_bucket(fitted: dict[str, Any]) -> None:
    given = {name: json.loads(value) for name, value in fitted["hyperparameters"].items()}

    assert given["sagemaker_submit_directory"] == f"s3://{fitted['bucket']}/v2-sklearn/source/sourcedir.tar.gz"
    assert given["sagemaker_program"] == "train.py"


def test_hyperparameters_reach_the_script_as_arguments(fitted: dict[str, Any]) -> None:
    assert fitted["seen"]["arguments"] == ["--kind", "a b", "--rounds", "3"]
    assert json.loads(fitted["seen"]["environment"]["SM_HPS"]) == {"kind": "a b", "rounds": 3}


def test_the_script_learns_from_its_channel(fitted: dict[str, Any]) -> None:
    assert fitted["seen"]["environment"]["SM_CHANNEL_TRAINING"] == "/opt/ml/input/data/training"
    assert fitted["seen"]["coefficient"] == pytest.approx(1.0)


def test_requirements_of_the_source_folder_are_installed_for_the_script(fitted: dict[str, Any]) -> None:
    assert fitted["seen"]["greeting"].startswith("/tmp/environment/")


def test_variables_of_the_estimator_reach_the_script(fitted: dict[str, Any]) -> None:
    assert fitted["seen"]["environment"]["COLOUR"] == "blue"


def test_the_model_data_holds_what_the_script_saved(fitted: dict[str, Any]) -> None:
    assert fitted["model_data"].endswith("/v2-sklearn/output/model.tar.gz")
    assert fitted["model_files"] == ["model.joblib", "seen.json"]


@pytest.mark.parametrize("of", ["output", "logs"])
def test_the_scripts_lines_are_shown(fitted: dict[str, Any], of: str) -> None:
    """While it fits, and again by the estimator's `logs()`."""
    assert "hello from train.py: kind=a b" in fitted[of]
    assert "epoch=2 loss=0.373333" in fitted[of]


def test_a_script_is_tuned(recording: Luthier, tmp_path: Path) -> None:
    told = tell(recording, "sdk2", "sdk_v2_script_mode.py", "tune", tmp_path)

    assert told["rows"] == 2
    assert (told["kind"], told["entry_point"]) == ("SKLearn", "train.py")
    assert told["model_files"] == ["model.joblib", "seen.json"]
    words = seen_by(recording, told["best"])["arguments"]
    chosen = dict(zip(words[::2], words[1::2], strict=True))
    assert set(chosen) == {"--kind", "--rounds", "--rate"}
    assert float(chosen["--rate"]) == float(told["hyperparameters"]["rate"])


@pytest.mark.skipif(bool(find_spec("torch")), reason="PyTorch is there")
def test_a_framework_that_is_missing_is_told_with_the_remedy(recording: Luthier, tmp_path: Path) -> None:
    """At once for the shipped image; for one that stands for an environment, as the reason of its failure."""
    added = ["images", "add", "*pytorch-training:2.4*", "--script-mode", "pytorch", "--data-folder", recording.folder]
    subprocess.check_call([sys.executable, "-m", "luthier.cli", *added, "--", sys.executable])

    told = tell(recording, "sdk2", "sdk_v2_script_mode.py", "without_torch", tmp_path)

    remedy = "run pip install 'luthier[pytorch]'"
    assert told["refused"]["Code"] == "ValidationException"
    assert f"PyTorch is not installed in {sys.prefix}; {remedy}" in told["refused"]["Message"]
    assert told["status"] == "Failed"
    assert remedy in told["reason"]
    assert told["reason"] in told["raised"]
