"""A front door with a real S3 server behind it."""

import shutil
import socket
import subprocess
import sysconfig
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from luthier.records.call import ApiError, Call
from luthier.records.json_value import JsonObject
from luthier.wire.asgi import make_app
from luthier.wire.front_door import Handler
from luthier.wire.passthrough import Upstream
from serving import serving
from wire.signing import KEY, now


def identity(call: Call) -> JsonObject:
    return {
        "UserId": call.principal.user_id,
        "Account": call.scope.account,
        "Arn": f"arn:aws:iam::{call.scope.account}:root",
    }


def describe(call: Call) -> JsonObject:
    name = str(call.parameters["TrainingJobName"])
    if name == "bug":
        raise RuntimeError("the handler's secret")
    if name == "gone":
        raise ApiError("ResourceNotFound", "Requested <resource> not found.")
    return {
        "TrainingJobName": name,
        "TrainingJobArn": f"arn:aws:sagemaker:{call.scope.region}:{call.scope.account}:training-job/{name}",
        "CreationTime": 1542749284.1234,
        "ModelArtifacts": {"S3ModelArtifacts": "s3://b/m.tar.gz"},
        "TrainingJobStatus": "InProgress",
        "SecondaryStatus": "Training",
        "AlgorithmSpecification": {"TrainingInputMode": "File"},
        "ResourceConfig": {"VolumeSizeInGB": 1},
        "StoppingCondition": {},
        "FinalMetricDataList": [{"MetricName": "loss", "Value": 2.91488, "Timestamp": 1542749284.0}],
    }


def stop(call: Call) -> None:
    return None


HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("sagemaker", "DescribeTrainingJob"): describe,
    ("sagemaker", "StopTrainingJob"): stop,
    ("sts", "GetCallerIdentity"): identity,
}


@contextmanager
def front_door(upstream: Upstream | None = None) -> Iterator[str]:
    async def pages(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
        await send({"type": "http.response.body", "body": b"a page"})

    app = make_app(
        handlers=HANDLERS,
        keys=lambda key, _: KEY if key == KEY.access_key else None,
        s3=upstream,
        pages=pages,
        clock=now,
    )
    with serving(app) as url:
        yield url


@contextmanager
def rclone(folder: Path, access_key: str = "UPSTREAM", secret_key: str = "upstream-secret") -> Iterator[Upstream]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    program = shutil.which("rclone", path=sysconfig.get_path("scripts"))
    assert program is not None
    command = [program, "serve", "s3", "--auth-key", f"{access_key},{secret_key}", "--addr", f"127.0.0.1:{port}"]
    with subprocess.Popen([*command, "--config", "/dev/null", str(folder)], stderr=subprocess.DEVNULL) as process:
        try:
            _wait_for(port, process)
            yield Upstream(endpoint=f"http://127.0.0.1:{port}", access_key=access_key, secret_key=secret_key)
        finally:
            process.terminate()


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > deadline or process.poll() is not None:
                raise
            time.sleep(0.01)


def client(service: str, url: str, secret_key: str = KEY.secret_key, **config: Any) -> Any:
    return boto3.client(
        service,
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id=KEY.access_key,
        aws_secret_access_key=secret_key,
        config=Config(retries={"total_max_attempts": 1}, **config),
    )


@pytest.fixture(scope="session")
def url() -> Iterator[str]:
    """A front door without S3."""
    with front_door() as url:
        yield url


@pytest.fixture(scope="session")
def s3_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A front door with an S3 server behind it."""
    folder = tmp_path_factory.mktemp("s3")
    with rclone(folder) as upstream, front_door(upstream) as url:
        client("s3", url).create_bucket(Bucket="bucket")
        yield url
