"""An imported tuning job, as a running server tells of it."""

import subprocess
import sys
import urllib.request
from collections.abc import Iterator

import pytest

import luthier
from luthier.lab.nest import Nest
from luthier.lab.throwaway import LocalService, running

pytestmark = pytest.mark.slow

TABLE = "eta,mode,loss,from,to\n0.1,a,0.9,2026-05-01T10:00:00Z,2026-05-01T10:01:00Z\n0.3,b,nan,,\n0.5,a,0.2,,\n"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalService]:
    """A service to which the tuning job `past` came while it ran."""
    table = tmp_path_factory.mktemp("table") / "runs.csv"
    table.write_text(TABLE, encoding="utf-8")
    with Nest() as nest, running(nest=nest) as service:
        options = ["--name", "past", "--objective", "loss", "--direction", "minimize", "--began", "from", "--ended"]
        command = [sys.executable, "-m", "luthier.cli", "import", "csv", str(table), *options, "to"]
        subprocess.check_call([*command, "--data-folder", str(service.folder)])
        yield service


def test_it_is_listed_as_completed(service: LocalService) -> None:
    (found,) = service.client("sagemaker").list_hyper_parameter_tuning_jobs()["HyperParameterTuningJobSummaries"]

    assert (found["HyperParameterTuningJobName"], found["HyperParameterTuningJobStatus"]) == ("past", "Completed")


def test_its_training_jobs_are_described(service: LocalService) -> None:
    sagemaker = service.client("sagemaker")
    listed = sagemaker.list_training_jobs_for_hyper_parameter_tuning_job(HyperParameterTuningJobName="past")

    told = [
        sagemaker.describe_training_job(TrainingJobName=each["TrainingJobName"])["TrainingJobStatus"]
        for each in listed["TrainingJobSummaries"]
    ]

    assert sorted(told) == ["Completed", "Completed", "Failed"]


def test_it_can_be_taken_out_again(service: LocalService) -> None:
    pytest.importorskip("pandas")

    frame = luthier.frame("past", service.client("sagemaker")).sort_values("eta")

    assert frame["FinalObjectiveValue"].dropna().tolist() == pytest.approx([0.9, 0.2])  # the API has floats of 32 bits


@pytest.mark.parametrize("page", ["/", "/ui/tuning-jobs/us-east-1/past"])
def test_the_pages_show_it(service: LocalService, page: str) -> None:
    with urllib.request.urlopen(service.url + page) as answer:
        assert b"past" in answer.read()


def test_every_training_job_has_a_page(service: LocalService) -> None:
    listed = service.client("sagemaker").list_training_jobs()["TrainingJobSummaries"]

    for each in listed:
        with urllib.request.urlopen(f"{service.url}/ui/training-jobs/us-east-1/{each['TrainingJobName']}") as answer:
            assert each["TrainingJobName"].encode() in answer.read()
