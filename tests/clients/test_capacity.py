"""Training jobs that share a machine by resources, made by boto3 on a whole Luthier, also one that is killed."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from clients.training import finish, prepare, train, wait_until_it_trains
from luthier_server import Luthier, a_luthier, until

pytestmark = pytest.mark.slow  # a server of its own, and trainings that last

WAITING = "Waiting for ml.m5.large: needs 2 vCPUs, 8 GiB and 0 GPUs; free are 1 vCPU, 4 GiB and 0 GPUs"


@pytest.fixture(scope="module")
def luthier(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Luthier]:
    """A Luthier with room for one ml.m5.large."""
    folder = tmp_path_factory.mktemp("capacity")
    (folder / "data").mkdir(mode=0o700)
    (folder / "data/luthier.toml").write_text('capacity = "resources"\ncpus = 3\nmemory_gb = 12\n')
    with a_luthier(folder) as server:
        prepare(server)
        yield server


def described(luthier: Luthier, name: str) -> dict[str, Any]:
    answer: dict[str, Any] = luthier.client("sagemaker").describe_training_job(TrainingJobName=name)
    return answer


def words(luthier: Luthier, name: str) -> str:
    """Give the StatusMessage of the latest transition."""
    return str(described(luthier, name)["SecondaryStatusTransitions"][-1]["StatusMessage"])


def has_the_machine(luthier: Luthier, name: str) -> None:
    """Have a training job train that goes on until it is stopped."""
    train(luthier, name, waits="yes")
    wait_until_it_trains(luthier, name)


def waits(luthier: Luthier, name: str) -> None:
    """Create a training job, and see it wait."""
    train(luthier, name)
    until(lambda: words(luthier, name) == WAITING, f"{name} does not wait")


def stop(luthier: Luthier, name: str) -> None:
    luthier.client("sagemaker").stop_training_job(TrainingJobName=name)


def test_two_that_do_not_fit_at_once_run_one_after_the_other(luthier: Luthier) -> None:
    has_the_machine(luthier, "first")
    waits(luthier, "second")

    seen = described(luthier, "second")
    stop(luthier, "first")
    first, second = finish(luthier, "first"), finish(luthier, "second")

    assert (seen["TrainingJobStatus"], seen["SecondaryStatus"]) == ("InProgress", "Starting")
    assert len(seen["SecondaryStatusTransitions"]) == 1
    assert second["TrainingJobStatus"] == "Completed"
    assert second["TrainingStartTime"] >= first["TrainingEndTime"]


def test_a_server_that_is_killed_while_one_waits_lets_it_in_later(luthier: Luthier) -> None:
    has_the_machine(luthier, "third")
    waits(luthier, "fourth")

    luthier.kill()
    luthier.start()

    train(luthier, "fifth")
    until(lambda: "asked for earlier" in words(luthier, "fifth"), "the fifth does not wait for the fourth")
    assert words(luthier, "fourth") == WAITING
    stop(luthier, "third")
    fourth, fifth = finish(luthier, "fourth"), finish(luthier, "fifth")
    assert (fourth["TrainingJobStatus"], fifth["TrainingJobStatus"]) == ("Completed", "Completed")
    assert fifth["TrainingStartTime"] >= fourth["TrainingEndTime"]


def test_one_that_is_stopped_while_it_waits_is_stopped_at_once(luthier: Luthier) -> None:
    has_the_machine(luthier, "sixth")
    waits(luthier, "seventh")

    stop(luthier, "seventh")

    seventh = finish(luthier, "seventh")
    assert described(luthier, "sixth")["SecondaryStatus"] == "Training"
    assert [each["Status"] for each in seventh["SecondaryStatusTransitions"]] == ["Starting", "Stopped"]
    stop(luthier, "sixth")
    finish(luthier, "sixth")


def test_one_that_can_never_fit_is_refused(luthier: Luthier) -> None:
    with pytest.raises(ClientError, match=r"ml\.m5\.24xlarge needs 96 vCPUs, 384 GiB and 0 GPUs; this machine has"):
        train(luthier, "eighth", on="ml.m5.24xlarge")
