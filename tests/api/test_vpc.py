"""VpcConfig: networks of the container engine, by the user's mapping."""

from typing import Any

import pytest

from desk import BOXED_IMAGE, OWN_IMAGE, AnyImage, Desk
from luthier.records.names import TrainingJobArn
from luthier.runtimes.vpc_file import Vpc, VpcError
from sample import a_create_request
from training_requests import a_training_request

VPC = Vpc(subnets={"subnet-1": ("training",)}, security_groups={"sg-1": ("databases", "training"), "sg-2": ()})


@pytest.fixture
def desk(desk: Desk) -> Desk:
    desk.vpc = lambda: VPC
    desk.containers = AnyImage()
    return desk


def a_request(given: dict[str, Any], image: str = BOXED_IMAGE) -> dict[str, Any]:
    algorithm = {"TrainingImage": image, "TrainingInputMode": "File"}
    return a_training_request("alone", AlgorithmSpecification=algorithm, VpcConfig=given)


def a_vpc(*subnets: str, groups: tuple[str, ...] = ("sg-1",)) -> dict[str, Any]:
    return {"Subnets": list(subnets), "SecurityGroupIds": list(groups)}


def test_a_vpc_is_networks_of_the_container_engine(desk: Desk) -> None:
    given = a_vpc("subnet-1", groups=("sg-2", "sg-1"))

    created = desk.ask("CreateTrainingJob", **a_request(given))

    job = desk.store.training_jobs.get(TrainingJobArn(created["TrainingJobArn"]))
    assert job is not None
    assert job.definition.networks == ("training", "databases")
    assert desk.ask("DescribeTrainingJob", TrainingJobName="alone")["VpcConfig"] == given


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            a_vpc("subnet-1", "subnet-2"),
            "VpcConfig.Subnets: no network of the container engine is mapped to 'subnet-2'",
        ),
        (a_vpc("subnet-1", groups=("sg-9",)), "luthier networks map sg-9 NETWORK"),
    ],
)
def test_what_nothing_is_mapped_to_is_refused_by_name(desk: Desk, given: dict[str, Any], said: str) -> None:
    assert said in desk.refusal("CreateTrainingJob", **a_request(given)).message


def test_a_command_of_this_machine_joins_no_network(desk: Desk) -> None:
    refused = desk.refusal("CreateTrainingJob", **a_request(a_vpc("subnet-1"), image=OWN_IMAGE))

    assert f"only containers join networks, and {OWN_IMAGE} runs as a command" in refused.message


def test_a_tuning_job_is_held_to_it_too(desk: Desk) -> None:
    refused = desk.refusal_to_create(
        a_create_request(
            "Tune",
            TrainingJobDefinition__VpcConfig=a_vpc("subnet-9"),
            TrainingJobDefinition__AlgorithmSpecification={
                "TrainingImage": BOXED_IMAGE,
                "TrainingInputMode": "File",
                "MetricDefinitions": [{"Name": "validation:auc", "Regex": "auc=(.*)"}],
            },
        )
    )

    assert "subnet-9" in refused.message


def test_a_mapping_that_cannot_be_read_is_told(desk: Desk) -> None:
    def broken() -> Vpc:
        raise VpcError("networks.toml: cannot be read")

    desk.vpc = broken

    refused = desk.refusal("CreateTrainingJob", **a_request(a_vpc("subnet-1")))

    assert refused.code == "ValidationException"
    assert "networks.toml: cannot be read" in refused.message
