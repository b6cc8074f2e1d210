"""CloudWatch metrics for unmodified boto3 in every form in which it has ever asked for them."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import botocore.session
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.loaders import Loader

from api.test_create_training_job import create
from desk import SESSIONS, Desk
from luthier.app.credentials import find_credential
from luthier.app.keys import Key
from luthier.records.journal import MetricSeen
from luthier.records.names import training_job_arn
from luthier.store.engine import Store
from luthier.wire.asgi import make_app
from serving import serving
from things import SCOPE

KEY = Key(access_key="AKIAOWNOWNOWNOWNOWN3", secret_key="the own secret", account=SCOPE.account)
BEGUN = datetime(2026, 3, 4, 5, 6, 30, 500_000, tzinfo=UTC)
MODEL = Path("cloudwatch", "2010-08-01", "service-2.json")
FORMS = {
    "smithy-rpc-v2-cbor": "application/cbor",
    "json": "application/x-amz-json-1.0",
    "query": "text/xml",
    "query of old": "text/xml",
}
form = pytest.mark.parametrize("form", FORMS)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A front door to the training job `alone`, which told its loss five times in two minutes."""
    store = Store.open(f"sqlite:///{tmp_path_factory.mktemp('metrics') / 'luthier.db'}")
    desk = Desk(store)
    create(desk)
    job = store.training_jobs.get(training_job_arn(desk.scope, "alone"))
    assert job is not None
    begun = BEGUN.timestamp()
    desk.take_in(job, *(MetricSeen(name="loss", value=0.1 * step, at=begun + 25 * step) for step in range(5)))
    app = make_app(
        handlers=desk.handlers(),
        keys=find_credential(KEY, store, SESSIONS, declared_only=False),
        s3=None,
        pages=None,
        clock=lambda: datetime.now(UTC).timestamp(),  # noqa: TID251  # clients sign at the present time
    )
    with serving(app) as url:
        yield url
    store.close()


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders of service models, one for each form: CloudWatch speaks that alone, as its models of other years say."""
    folder = tmp_path_factory.mktemp("models")
    model = Loader().load_service_model("cloudwatch", "service-2")
    for name in FORMS:
        protocol = name.partition(" ")[0]
        facts = {**model["metadata"], "protocol": protocol, "protocols": [protocol]}
        if name == "query of old":  # when there was no other
            for newer in ("protocols", "awsQueryCompatible", "jsonVersion", "targetPrefix"):
                del facts[newer]
        place = folder / name / MODEL
        place.parent.mkdir(parents=True)
        place.write_text(json.dumps({**model, "metadata": facts}))
    return folder


def cloudwatch(url: str, models: Path) -> Any:
    """Make a client that finds its service model in a folder of its own, by botocore's setting for that."""
    session = botocore.session.Session()
    session.set_config_variable("data_path", str(models))
    return boto3.Session(botocore_session=session).client(
        "cloudwatch",
        endpoint_url=url,
        region_name=SCOPE.region,
        aws_access_key_id=KEY.access_key,
        aws_secret_access_key=KEY.secret_key,
        config=Config(retries={"total_max_attempts": 1}),
    )


def ask(client: Any, **changes: Any) -> Any:
    """Ask as the SageMaker Python SDK does for its data frame of a training job's metrics."""
    return client.get_metric_statistics(
        **{
            "Namespace": "/aws/sagemaker/TrainingJobs",
            "MetricName": "loss",
            "Dimensions": [{"Name": "TrainingJobName", "Value": "alone"}],
            "StartTime": BEGUN,
            "EndTime": BEGUN + timedelta(minutes=3),
            "Period": 60,
            "Statistics": ["Average"],
            **changes,
        }
    )


@form
def test_a_metric_is_told_in_minutes(url: str, models: Path, form: str) -> None:
    answer = ask(cloudwatch(url, models / form))

    minutes = [BEGUN.replace(second=0, microsecond=0) + timedelta(minutes=number) for number in range(3)]
    assert answer["ResponseMetadata"]["HTTPHeaders"]["content-type"].partition(";")[0] == FORMS[form]
    assert answer["Label"] == "loss"
    assert answer["Datapoints"] == [
        {"Timestamp": at, "Average": pytest.approx(value), "Unit": "None"}
        for at, value in zip(minutes, (0.05, 0.25, 0.4), strict=True)
    ]


@form
def test_every_statistic_is_told(url: str, models: Path, form: str) -> None:
    every = ["SampleCount", "Average", "Sum", "Minimum", "Maximum"]

    (point,) = ask(cloudwatch(url, models / form), Period=300, Statistics=every, Unit="None")["Datapoints"]

    assert [point[name] for name in every] == [5.0, *map(pytest.approx, (0.2, 1.0, 0.0, 0.4))]


@form
def test_a_metric_that_nobody_told_has_no_points(url: str, models: Path, form: str) -> None:
    assert ask(cloudwatch(url, models / form), MetricName="accuracy & more")["Datapoints"] == []


@form
def test_too_many_points_are_refused_with_the_same_code(url: str, models: Path, form: str) -> None:
    with pytest.raises(ClientError) as caught:
        ask(cloudwatch(url, models / form), EndTime=BEGUN + timedelta(days=2))

    error = caught.value.response["Error"]
    assert error["Code"] == "InvalidParameterCombination"
    assert error["Message"].startswith("You have requested up to 2880 datapoints, which exceeds the limit of 1440.")


@form
def test_what_has_no_effect_here_is_refused_by_name(url: str, models: Path, form: str) -> None:
    with pytest.raises(ClientError, match="ExtendedStatistics is not supported") as caught:
        ask(cloudwatch(url, models / form), ExtendedStatistics=["p90"])

    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
