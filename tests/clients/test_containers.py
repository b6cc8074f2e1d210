"""Training images as containers, by an unmodified boto3 against a real server."""

import io
import os
import signal
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from clients.training import finish, prepare, wait_until_it_trains
from container_image import PYTHON, training_image
from container_toolkit import toolkit_image
from luthier.algorithms.catalogue import CatalogueEntry, add_image
from luthier.runtimes.container.engine import Engine
from luthier.runtimes.vpc_file import map_to_networks
from luthier_server import Luthier, a_luthier, until

pytestmark = [pytest.mark.slow]

TRAIN = f"""#!{PYTHON}
import json, os, signal, sys, time, urllib.request
given = json.load(open("/opt/ml/input/config/hyperparameters.json"))
print("rows", open("/opt/ml/input/data/train" + ("_0" if given.get("piped") else "/rows.csv")).read().strip())
print(f"loss={{(float(given.get('x', '1')) - 0.3) ** 2:.6f}}")
hosts = json.load(open("/opt/ml/input/config/resourceconfig.json"))["hosts"]
open(f"/opt/ml/model/{{os.environ['CURRENT_HOST']}}", "w").write(" ".join(hosts))
def stop(*_):
    open("/opt/ml/model/stopped", "w").close()
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
sys.stdout.flush()
if given.get("waits"):
    time.sleep(300)
"""

SCRIPT = """
import argparse, os, shutil, sys
parser = argparse.ArgumentParser()
parser.add_argument("--rounds")
print("rounds", parser.parse_args().rounds, os.environ["SM_CHANNEL_TRAIN"])
shutil.copy("/opt/ml/input/data/train/rows.csv", os.environ["SM_MODEL_DIR"])
"""


@pytest.fixture(scope="module")
def luthier(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Luthier]:
    """A server that uses the engine, with data."""
    folder = tmp_path_factory.mktemp("containers")
    (folder / "data").mkdir(mode=0o700)
    (folder / "data" / "luthier.toml").write_text(f'container_socket = "{engine.socket}"\n')
    with a_luthier(folder) as server:
        prepare(server)
        yield server


@pytest.fixture(scope="module")
def image(engine: Engine) -> str:
    """A training image that the catalogue does not know."""
    return training_image(engine, files={"/usr/local/bin/train": TRAIN})


def request(luthier: Luthier, image: str, hyperparameters: dict[str, str], **changes: Any) -> dict[str, Any]:
    source = {"S3DataType": "S3Prefix", "S3Uri": "s3://alone/data/"}
    return {
        "HyperParameters": hyperparameters,
        "AlgorithmSpecification": {"TrainingImage": image, "TrainingInputMode": "File"},
        "RoleArn": luthier.variables["LUTHIER_ROLE_ARN"],
        "InputDataConfig": [{"ChannelName": "train", "DataSource": {"S3DataSource": source}}],
        "OutputDataConfig": {"S3OutputPath": "s3://alone/output"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
        "StoppingCondition": {"MaxRuntimeInSeconds": 300},
        **changes,
    }


def train(luthier: Luthier, name: str, image: str, hyperparameters: dict[str, str], **changes: Any) -> None:
    luthier.client("sagemaker").create_training_job(
        TrainingJobName=name, **request(luthier, image, hyperparameters, **changes)
    )


def model_of(luthier: Luthier, name: str) -> dict[str, str]:
    """Give the files of a training job's model."""
    body = luthier.client("s3").get_object(Bucket="alone", Key=f"output/{name}/output/model.tar.gz")["Body"].read()
    with tarfile.open(fileobj=io.BytesIO(body)) as files:
        opened = {each.name: files.extractfile(each) for each in files if each.isfile()}
        return {file: stream.read().decode() for file, stream in opened.items() if stream is not None}


def log_of(luthier: Luthier, name: str) -> str:
    logs = luthier.client("logs")
    events = logs.filter_log_events(logGroupName="/aws/sagemaker/TrainingJobs", logStreamNamePrefix=f"{name}/")
    return "\n".join(each["message"] for each in events["events"])


def left(engine: Engine, luthier: Luthier) -> int:
    """Count the containers and networks of a server's training jobs."""
    labels = {"luthier.data-folder": str(luthier.folder)}
    return len(engine.containers(labels)) + len(engine.networks(labels))


def test_an_image_of_the_engine_is_tuned_without_an_entry_in_the_catalogue(
    engine: Engine, luthier: Luthier, image: str
) -> None:
    wanted = request(luthier, image, {"kind": "a"})
    definition = {**wanted, "StaticHyperParameters": wanted.pop("HyperParameters")}
    definition["AlgorithmSpecification"]["MetricDefinitions"] = [{"Name": "loss", "Regex": "loss=([0-9.]+)"}]
    del definition["HyperParameters"]
    luthier.client("sagemaker").create_hyper_parameter_tuning_job(
        HyperParameterTuningJobName="contained",
        HyperParameterTuningJobConfig={
            "Strategy": "Random",
            "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "loss"},
            "ResourceLimits": {"MaxNumberOfTrainingJobs": 3, "MaxParallelTrainingJobs": 2},
            "ParameterRanges": {"ContinuousParameterRanges": [{"Name": "x", "MinValue": "0", "MaxValue": "1"}]},
        },
        TrainingJobDefinition=definition,
    )

    done = luthier.wait_for("contained")

    assert done["TrainingJobStatusCounters"]["Completed"] == 3
    best = done["BestTrainingJob"]
    x = float(best["TunedHyperParameters"]["x"])
    found = best["FinalHyperParameterTuningJobObjectiveMetric"]["Value"]
    assert found == pytest.approx((x - 0.3) ** 2, abs=1e-6)
    assert model_of(luthier, best["TrainingJobName"]) == {"algo-1": "algo-1"}
    assert "rows 1,2" in log_of(luthier, best["TrainingJobName"])
    assert left(engine, luthier) == 0


def test_a_local_image_stands_for_one_of_a_registry(luthier: Luthier, image: str) -> None:
    ecr = "123456789012.dkr.ecr.us-east-1.amazonaws.com/mine:7"
    add_image(luthier.folder / "images.toml", CatalogueEntry(pattern="*.dkr.ecr.*/mine:*", container=image))

    train(luthier, "standing-in", ecr, {})

    assert finish(luthier, "standing-in")["TrainingJobStatus"] == "Completed"
    assert model_of(luthier, "standing-in") == {"algo-1": "algo-1"}


def test_a_channel_comes_through_a_pipe(luthier: Luthier, image: str) -> None:
    piped = {"TrainingImage": image, "TrainingInputMode": "Pipe"}

    train(luthier, "piped", image, {"piped": "yes"}, AlgorithmSpecification=piped)

    assert finish(luthier, "piped")["TrainingJobStatus"] == "Completed"
    assert "rows 1,2" in log_of(luthier, "piped")


def test_two_hosts_are_two_containers_with_one_model(engine: Engine, luthier: Luthier, image: str) -> None:
    two = {"InstanceType": "ml.m5.large", "InstanceCount": 2, "VolumeSizeInGB": 1}

    train(luthier, "two-hosts", image, {}, ResourceConfig=two)

    assert finish(luthier, "two-hosts")["TrainingJobStatus"] == "Completed"
    assert model_of(luthier, "two-hosts") == {"algo-1": "algo-1 algo-2", "algo-2": "algo-1 algo-2"}
    assert left(engine, luthier) == 0


def test_a_stop_reaches_the_program_which_saves_its_model(luthier: Luthier, image: str) -> None:
    train(luthier, "to-stop", image, {"waits": "yes"})
    wait_until_it_trains(luthier, "to-stop")
    until(lambda: "loss=" in log_of(luthier, "to-stop"), "it says nothing")

    luthier.client("sagemaker").stop_training_job(TrainingJobName="to-stop")

    assert finish(luthier, "to-stop")["TrainingJobStatus"] == "Stopped"
    assert "stopped" in model_of(luthier, "to-stop")


def test_an_image_that_cannot_be_had_fails_the_training_job_with_the_remedy(luthier: Luthier) -> None:
    train(luthier, "missing", "127.0.0.1:1/no-such:1", {})
    sagemaker = luthier.client("sagemaker")
    until(
        lambda: sagemaker.describe_training_job(TrainingJobName="missing")["TrainingJobStatus"] == "Failed",
        "it does not fail",
    )

    reason = sagemaker.describe_training_job(TrainingJobName="missing")["FailureReason"]

    assert reason.startswith("ClientError: the training image 127.0.0.1:1/no-such:1 is neither on this machine nor")
    assert "docker load" in reason


def test_a_script_of_the_training_toolkit_fetches_its_source_from_s3(engine: Engine, luthier: Luthier) -> None:
    """In the container, over the front door, with the credentials of the role: all as SageMaker's images do it."""
    source = io.BytesIO()
    with tarfile.open(fileobj=source, mode="w:gz") as tar:
        entry = tarfile.TarInfo("fit.py")
        entry.size = len(SCRIPT)
        tar.addfile(entry, io.BytesIO(SCRIPT.encode()))
    luthier.client("s3").put_object(Bucket="alone", Key="code/sourcedir.tar.gz", Body=source.getvalue())
    given = {
        "sagemaker_program": '"fit.py"',
        "sagemaker_submit_directory": '"s3://alone/code/sourcedir.tar.gz"',
        "rounds": "7",
    }

    train(luthier, "script", toolkit_image(engine), given)

    done = finish(luthier, "script")
    assert done["TrainingJobStatus"] == "Completed", log_of(luthier, "script")
    assert model_of(luthier, "script") == {"rows.csv": "1,2\n"}
    assert "rounds 7 /opt/ml/input/data/train" in log_of(luthier, "script")


def test_a_killed_agents_containers_are_gone_when_its_training_job_is_over(
    engine: Engine, luthier: Luthier, image: str
) -> None:
    train(luthier, "killed", image, {"waits": "yes"})
    until(lambda: "loss=" in log_of(luthier, "killed"), "it says nothing")
    (workspace,) = luthier.folder.glob("training/*/*/killed/*/spec.json")
    before = {each.id for each in engine.containers({"luthier.data-folder": str(luthier.folder)})}

    for pid in _agents(workspace.parent):
        os.kill(pid, signal.SIGKILL)

    until(lambda: left(engine, luthier) == 0, "there are containers left")
    assert len(before) == 2


def test_a_training_job_begins_anew_in_containers_of_its_own(engine: Engine, luthier: Luthier, image: str) -> None:
    labels = {"luthier.data-folder": str(luthier.folder)}
    train(luthier, "again", image, {"waits": "yes"}, RetryStrategy={"MaximumRetryAttempts": 1})
    until(lambda: "loss=" in log_of(luthier, "again"), "it says nothing")
    (workspace,) = luthier.folder.glob("training/*/*/again/*/spec.json")
    before = {each.id for each in engine.containers(labels)}

    for pid in _agents(workspace.parent):
        os.kill(pid, signal.SIGKILL)

    def has_begun_anew() -> bool:
        there = {each.id for each in engine.containers(labels)}
        return len(there) == 2 and not there & before

    until(has_begun_anew, "it does not begin anew")
    until(lambda: log_of(luthier, "again").count("loss=") == 2, "it says nothing anew")
    luthier.client("sagemaker").stop_training_job(TrainingJobName="again")
    assert finish(luthier, "again")["TrainingJobStatus"] == "Stopped"


def _agents(folder: Path) -> list[int]:
    """Find the agent that holds a workspace's lock."""
    holding = []
    for each in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if each.readlink() == folder / "lock":
                holding.append(int(each.parts[2]))
        except OSError:
            continue
    return holding


@pytest.mark.parametrize("exists", [True, False])
def test_a_training_job_in_a_vpc_joins_the_networks_that_it_stands_for(
    engine: Engine, luthier: Luthier, image: str, exists: bool
) -> None:
    network = f"luthier-test-{os.urandom(4).hex()}"
    made = [engine.create_network(network, is_internal=False, options={}, labels={})] if exists else []
    map_to_networks(luthier.folder / "networks.toml", "subnet-1", (network,))
    map_to_networks(luthier.folder / "networks.toml", "sg-1", ())

    train(luthier, network, image, {}, VpcConfig={"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1"]})

    def described() -> dict[str, Any]:
        answer: dict[str, Any] = luthier.client("sagemaker").describe_training_job(TrainingJobName=network)
        return answer

    until(lambda: described()["TrainingJobStatus"] in ("Completed", "Failed"), "it does not end")
    reason = described().get("FailureReason", "")
    assert (described()["TrainingJobStatus"], network in reason) == (
        ("Completed", False) if exists else ("Failed", True)
    )
    for each in made:
        engine.remove_network(each)
