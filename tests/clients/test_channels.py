"""Channels in Pipe mode and of manifests, asked for with boto3 and read by a training program."""

import io
import json
import tarfile
from collections.abc import Iterator
from typing import Any

import pytest

from luthier_server import Luthier, a_luthier

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

READER = r"""
import json, os
seen = {}
data = "/opt/ml/input/data"
for channel, said in json.load(open("/opt/ml/input/config/inputdataconfig.json")).items():
    if said["TrainingInputMode"] == "Pipe":
        seen[channel] = [open(f"{data}/{channel}_{epoch}", "rb").read().hex() for epoch in range(3)]
    else:
        seen[channel] = sorted(os.listdir(f"{data}/{channel}"))
json.dump(seen, open("/opt/ml/model/seen.json", "w"))
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Luthier]:
    folder = tmp_path_factory.mktemp("channels")
    code = folder / "code"
    code.mkdir()
    (code / "reader.py").write_text(READER)
    with a_luthier(folder) as server:
        server.add_image("reader:*", "python", "reader.py", code=code)
        s3 = server.client("s3")
        s3.create_bucket(Bucket="data")
        for name in "abcd":
            s3.put_object(Bucket="data", Key=f"rows/{name}.csv", Body=name.encode())
        s3.put_object(Bucket="data", Key="list", Body=json.dumps([{"prefix": "s3://data/rows/"}, "c.csv", "a.csv"]))
        lines = [{"source-ref": f"s3://data/rows/{name}.csv", "label": name.upper()} for name in "dcba"]
        s3.put_object(Bucket="data", Key="lines", Body="\n".join(map(json.dumps, lines)))
        yield server


def channel(name: str, key: str, kind: str = "S3Prefix", mode: str = "Pipe", **members: Any) -> dict[str, Any]:
    source = {"S3DataType": kind, "S3Uri": f"s3://data/{key}"}
    if "AttributeNames" in members:
        source["AttributeNames"] = members.pop("AttributeNames")
    return {"ChannelName": name, "InputMode": mode, "DataSource": {"S3DataSource": source}, **members}


def seen(server: Luthier, name: str, *channels: dict[str, Any]) -> dict[str, Any]:
    sagemaker = server.client("sagemaker")
    sagemaker.create_training_job(
        TrainingJobName=name,
        RoleArn=server.variables["LUTHIER_ROLE_ARN"],
        AlgorithmSpecification={"TrainingImage": "reader:1", "TrainingInputMode": "Pipe"},
        InputDataConfig=list(channels),
        OutputDataConfig={"S3OutputPath": "s3://data/output"},
        ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
        StoppingCondition={"MaxRuntimeInSeconds": 600},
    )
    waiter = sagemaker.get_waiter("training_job_completed_or_stopped")
    waiter.wait(TrainingJobName=name, WaiterConfig={"Delay": 1})
    body = server.client("s3").get_object(Bucket="data", Key=f"output/{name}/output/model.tar.gz")["Body"].read()
    with tarfile.open(fileobj=io.BytesIO(body)) as archive:
        file = archive.extractfile("seen.json")
        assert file is not None
        told: dict[str, Any] = json.load(file)
        return told


def test_a_training_program_reads_its_channels_as_on_sagemaker(server: Luthier) -> None:
    told = seen(
        server,
        "channels",
        channel("plain", "rows/"),
        channel("listed", "list", "ManifestFile"),
        channel("files", "list", "ManifestFile", "FastFile"),
        channel("lines", "lines", "AugmentedManifestFile", AttributeNames=["source-ref", "label"]),
        channel("records", "list", "ManifestFile", RecordWrapperType="RecordIO"),
    )

    def text(name: str) -> list[str]:
        return [bytes.fromhex(epoch).decode() for epoch in told[name]]

    assert text("plain") == ["abcd"] * 3
    assert text("listed") == ["ca"] * 3
    assert text("lines") == ["dDcCbBaA"] * 3
    assert told["files"] == ["a.csv", "c.csv"]
    assert told["records"] == ["0a23d7ce0100000063000000" + "0a23d7ce0100000061000000"] * 3


def test_a_shuffled_channel_has_the_same_epochs_for_the_same_seed(server: Luthier) -> None:
    first, second = (seen(server, f"shuffled-{n}", channel("plain", "rows/", ShuffleConfig={"Seed": 3})) for n in "12")

    assert first == second
    assert len(set(first["plain"])) > 1


def test_an_object_that_is_not_there_fails_the_training_job_with_channel_and_remedy(server: Luthier) -> None:
    server.client("s3").put_object(Bucket="data", Key="bad", Body='[{"prefix": "s3://data/"}, "nothing"]')
    with pytest.raises(Exception, match="TrainingJobStatus"):
        seen(server, "broken", channel("listed", "bad", "ManifestFile"))

    described = server.client("sagemaker").describe_training_job(TrainingJobName="broken")
    assert described["FailureReason"].startswith("ClientError: channel 'listed': s3://data/nothing: there is no such")
