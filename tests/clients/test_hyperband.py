"""Tuning jobs by Hyperband, told by boto3 against a real server."""

from collections.abc import Iterator
from typing import Any

import pytest

from clients.curves import JOBS, a_luthier_with_curves, stopped_of, tune_curves
from luthier_server import Luthier

pytestmark = [pytest.mark.slow]

EPOCHS = 30  # of every training job, and beyond the 20th one with an end above 0.6 takes its time


@pytest.fixture(scope="module")
def luthier(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Luthier]:
    with a_luthier_with_curves(tmp_path_factory.mktemp("luthier")) as server:
        yield server


def tune(luthier: Luthier, name: str, resource: dict[str, int], lowest: str, jobs: int = JOBS) -> dict[str, Any]:
    config = {"Strategy": "Hyperband", "StrategyConfig": {"HyperbandStrategyConfig": resource}}
    return tune_curves(luthier, name, config, lowest=lowest, jobs=jobs)


def epochs_of(luthier: Luthier, name: str, job: dict[str, Any]) -> int:
    """Tell from its objective how many epochs a training job made."""
    [summary] = [each for each in luthier.children(name) if each["TrainingJobName"] == job["TrainingJobName"]]
    error, end = summary["FinalHyperParameterTuningJobObjectiveMetric"]["Value"], float(job["HyperParameters"]["end"])
    return round((1.0 - end) / (error - end))


@pytest.fixture(scope="module")
def halved(luthier: Luthier) -> dict[str, Any]:
    """A tuning job whose bad training jobs leave all the time there could be to stop them."""
    return tune(luthier, "halved", {"MinResource": 3, "MaxResource": EPOCHS}, "0.1")


def test_training_jobs_that_are_not_among_the_best_third_are_stopped(luthier: Luthier, halved: dict[str, Any]) -> None:
    stopped = stopped_of(luthier, "halved")

    messages = [each["SecondaryStatusTransitions"][-1]["StatusMessage"] for each in stopped]

    assert messages
    assert all("better, and one in 3 goes on" in message for message in messages)
    epochs = [epochs_of(luthier, "halved", each) for each in stopped]
    assert 3 <= min(epochs) < EPOCHS  # some may have come to their end before the stop came to them


def test_all_are_counted_stopped_ones_too(luthier: Luthier, halved: dict[str, Any]) -> None:
    counters, stopped = halved["TrainingJobStatusCounters"], len(stopped_of(luthier, "halved"))

    assert halved["HyperParameterTuningJobStatus"] == "Completed"
    assert (counters["Stopped"], counters["Completed"]) == (stopped, JOBS - stopped)
    assert halved["ObjectiveStatusCounters"]["Succeeded"] == JOBS


def test_the_best_one_went_on_to_its_end(luthier: Luthier, halved: dict[str, Any]) -> None:
    best = halved["BestTrainingJob"]

    assert best["TrainingJobStatus"] == "Completed"
    assert best["TunedHyperParameters"] == min(
        (each["TunedHyperParameters"] for each in luthier.children("halved")), key=lambda tuned: float(tuned["end"])
    )


def test_new_configurations_are_chosen_by_what_was_learned(luthier: Luthier, halved: dict[str, Any]) -> None:
    """The last ones are where the error is lowest."""
    ends = [float(each["TunedHyperParameters"]["end"]) for each in luthier.children("halved")]

    assert sorted(ends)[len(ends) // 3] < 0.2


def test_describe_shows_the_configuration(halved: dict[str, Any]) -> None:
    config = halved["HyperParameterTuningJobConfig"]

    assert config["Strategy"] == "Hyperband"
    assert config["StrategyConfig"] == {"HyperbandStrategyConfig": {"MinResource": 3, "MaxResource": EPOCHS}}


def test_a_training_job_that_goes_on_after_max_resource_is_stopped(luthier: Luthier) -> None:
    """All of these pause after their twentieth epoch; the rungs leave them alone."""
    tune(luthier, "capped", {"MinResource": 12, "MaxResource": 12}, "0.65", jobs=3)

    stopped = stopped_of(luthier, "capped")

    assert {each["SecondaryStatusTransitions"][-1]["StatusMessage"] for each in stopped} == {
        "Training job stopped early: it went on after the 12 reports of MaxResource"
    }
    assert len(stopped) == 3
    assert all(12 < epochs_of(luthier, "capped", each) <= 20 for each in stopped)
