"""What a training program finds by SageMaker's contract: the same in the sandbox and in a container."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from clients.test_containers import left, model_of
from clients.training import PROGRAMS, finish
from container_image import PYTHON, training_image
from luthier.runtimes.container.engine import Engine
from luthier_server import Luthier, a_luthier

pytestmark = [pytest.mark.slow]

RUNTIMES = ["sandbox", "container"]


@pytest.fixture(scope="module")
def luthier(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Luthier]:
    """A server that runs commands in the sandbox and images by the engine, with data."""
    folder = tmp_path_factory.mktemp("contract")
    (folder / "data").mkdir(mode=0o700)
    (folder / "data" / "luthier.toml").write_text(f'container_socket = "{engine.socket}"\n')
    with a_luthier(folder) as server:
        server.add_image("sandboxed:1", "python", "witness.py", code=PROGRAMS)
        s3 = server.client("s3")
        s3.create_bucket(Bucket="alone")
        for key in ("train/a.csv", "train/sub/b.csv", "piped/1", "piped/2"):
            s3.put_object(Bucket="alone", Key=key, Body=key.encode())
        yield server


@pytest.fixture(scope="module")
def images(engine: Engine) -> dict[str, str]:
    text = (PROGRAMS / "witness.py").read_text()
    return {
        "sandbox": "sandboxed:1",
        "container": training_image(engine, files={"/usr/local/bin/train": f"#!{PYTHON}\n{text}"}),
    }


def channel(name: str, mode: str, **changes: str) -> dict[str, Any]:
    source = {"S3DataType": "S3Prefix", "S3Uri": f"s3://alone/{name}/", **changes}
    return {"ChannelName": name, "InputMode": mode, "ContentType": "text/plain", "DataSource": {"S3DataSource": source}}


def witnessed(luthier: Luthier, image: str, name: str, **changes: Any) -> dict[str, Any]:
    """Run the witness on two hosts, and give what each has seen."""
    luthier.client("sagemaker").create_training_job(
        TrainingJobName=name,
        HyperParameters={"eta": "1e-05", "kind": '"a"'},
        AlgorithmSpecification={
            "TrainingImage": image,
            "TrainingInputMode": "File",
            "MetricDefinitions": [{"Name": "loss", "Regex": "loss=([0-9.]+)"}],
        },
        RoleArn=luthier.variables["LUTHIER_ROLE_ARN"],
        InputDataConfig=[
            channel("train", "File", S3DataDistributionType="ShardedByS3Key"),
            channel("piped", "Pipe"),
        ],
        OutputDataConfig={"S3OutputPath": "s3://alone/output"},
        ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 2, "VolumeSizeInGB": 1},
        StoppingCondition={"MaxRuntimeInSeconds": 300},
        CheckpointConfig={"S3Uri": f"s3://alone/checkpoints/{name}"},
        Environment={"COLOUR": "blue sky", "DOOR": luthier.variables["AWS_ENDPOINT_URL"].rpartition(":")[2]},
        **changes,
    )
    ended = finish(luthier, name)
    assert ended["TrainingJobStatus"] == "Completed", ended.get("FailureReason")
    return {file.removesuffix(".json"): json.loads(text) for file, text in model_of(luthier, name).items()}


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_what_is_found_is_what_the_contract_says(
    engine: Engine, luthier: Luthier, images: dict[str, str], runtime: str
) -> None:
    name = f"Witness-{runtime}"

    hosts = witnessed(luthier, images[runtime], name)

    assert set(hosts) == {"algo-1", "algo-2"}
    one = hosts["algo-1"]
    assert one["config"]["hyperparameters"] == {"eta": "1e-05", "kind": '"a"'}
    assert one["config"]["inputdataconfig"] == {
        "train": {
            "ContentType": "text/plain",
            "TrainingInputMode": "File",
            "S3DistributionType": "ShardedByS3Key",
            "RecordWrapperType": "None",
        },
        "piped": {
            "ContentType": "text/plain",
            "TrainingInputMode": "Pipe",
            "S3DistributionType": "FullyReplicated",
            "RecordWrapperType": "None",
        },
    }
    assert one["config"]["resourceconfig"] == {
        "current_host": "algo-1",
        "current_instance_type": "ml.m5.large",
        "current_group_name": "homogeneousCluster",
        "hosts": ["algo-1", "algo-2"],
        "instance_groups": [
            {
                "instance_group_name": "homogeneousCluster",
                "instance_type": "ml.m5.large",
                "hosts": ["algo-1", "algo-2"],
            }
        ],
        "network_interface_name": "eth0",
    }
    assert one["config"]["checkpointconfig"]["LocalPath"] == "/opt/ml/checkpoints"
    assert [each["files"] for each in hosts.values()] == [
        {"train/a.csv": "train/a.csv"},
        {"train/sub/b.csv": "train/sub/b.csv"},
    ]
    assert one["epochs"] == ["piped/1piped/2"] * 2
    assert (one["host_name"], one["heard"], hosts["algo-2"]["heard"]) == ("algo-1", ["algo-2"], ["algo-1"])
    assert one["uid"] == 0
    assert one["shm_bytes"] >= 1 << 30
    assert one["writable"] == ["model", "output/data", "checkpoints", "input/data/train", "code"]
    told = one["environment"]
    assert (told["TRAINING_JOB_NAME"], told["COLOUR"], told["CURRENT_HOST"]) == (name, "blue sky", "algo-1")
    assert told["TRAINING_JOB_ARN"].endswith(f":training-job/{name.lower()}")
    assert one["front_door"]
    assert "AWS_CONTAINER_AUTHORIZATION_TOKEN" in told
    assert left(engine, luthier) == 0


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_isolated_hosts_find_their_peers_and_nothing_else(
    luthier: Luthier, images: dict[str, str], runtime: str
) -> None:
    hosts = witnessed(luthier, images[runtime], f"Isolated-{runtime}", EnableNetworkIsolation=True)

    assert [each["heard"] for each in hosts.values()] == [["algo-2"], ["algo-1"]]
    assert [each["front_door"] for each in hosts.values()] == [False, False]
    assert not [name for each in hosts.values() for name in each["environment"] if name.startswith("AWS_CONTAINER")]
