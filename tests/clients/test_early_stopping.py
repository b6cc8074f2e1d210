"""Training jobs that are stopped early, told by boto3 against a real server."""

from collections.abc import Iterator
from typing import Any

import pytest

from clients.curves import JOBS, a_luthier_with_curves, stopped_of, tune_curves
from luthier_server import Luthier

pytestmark = [pytest.mark.slow]

EPOCHS = 30


@pytest.fixture(scope="module")
def luthier(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Luthier]:
    with a_luthier_with_curves(tmp_path_factory.mktemp("luthier")) as server:
        yield server


@pytest.fixture(scope="module")
def finished(luthier: Luthier) -> dict[str, Any]:
    """A tuning job whose training jobs report an error after each epoch, and it asks for early stopping."""
    return tune_curves(luthier, "early", {"Strategy": "Random", "TrainingJobEarlyStoppingType": "Auto"})


@pytest.fixture(scope="module")
def stopped(luthier: Luthier, finished: dict[str, Any]) -> list[dict[str, Any]]:
    """Describe the training jobs that were stopped."""
    return stopped_of(luthier, "early")


def error_of(job: dict[str, Any]) -> float:
    return float(job["FinalHyperParameterTuningJobObjectiveMetric"]["Value"])


def test_training_jobs_that_will_not_win_are_stopped(finished: dict[str, Any], stopped: list[dict[str, Any]]) -> None:
    """Several of twelve that are drawn at random are hopeless; three had to be finished before."""
    assert finished["HyperParameterTuningJobStatus"] == "Completed"
    assert 1 <= len(stopped) <= JOBS - 3


def test_those_that_were_stopped_are_counted_as_stopped(
    finished: dict[str, Any], stopped: list[dict[str, Any]]
) -> None:
    counters = finished["TrainingJobStatusCounters"]

    assert (counters["Stopped"], counters["Completed"]) == (len(stopped), JOBS - len(stopped))
    assert finished["ObjectiveStatusCounters"]["Succeeded"] == JOBS


def test_the_best_one_was_not_stopped(luthier: Luthier, finished: dict[str, Any]) -> None:
    best = finished["BestTrainingJob"]

    assert best["TrainingJobStatus"] == "Completed"
    assert best["TunedHyperParameters"] == min(
        (each["TunedHyperParameters"] for each in luthier.children("early")), key=lambda tuned: float(tuned["end"])
    )


def test_the_objective_of_one_that_was_stopped_is_what_it_had(luthier: Luthier, stopped: list[dict[str, Any]]) -> None:
    """After some epochs, and fewer than all."""
    summaries = {each["TrainingJobName"]: each for each in luthier.children("early")}
    for each in stopped:
        end = float(each["HyperParameters"]["end"])

        epochs = (1.0 - end) / (error_of(summaries[each["TrainingJobName"]]) - end)

        assert 3 <= round(epochs) < EPOCHS
        assert epochs == pytest.approx(round(epochs), rel=1e-3)


def test_one_that_was_stopped_says_why(stopped: list[dict[str, Any]]) -> None:
    messages = [each["SecondaryStatusTransitions"][-1]["StatusMessage"] for each in stopped]

    assert {each["SecondaryStatus"] for each in stopped} == {"Stopped"}
    assert all(message.startswith("Training job stopped early: after ") for message in messages)


def test_one_that_was_stopped_keeps_its_model(luthier: Luthier, stopped: list[dict[str, Any]]) -> None:
    key = stopped[0]["ModelArtifacts"]["S3ModelArtifacts"].removeprefix("s3://stories/")

    assert luthier.client("s3").head_object(Bucket="stories", Key=key)["ContentLength"] > 0
