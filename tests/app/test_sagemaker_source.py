"""Reading a tuning job with its curves from a real front door, which answers as SageMaker and CloudWatch do."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from typer.testing import CliRunner

from desk import Desk
from luthier.app.sagemaker_source import DAY_S, finest_period, read_from_aws
from luthier.cli import app
from luthier.histories.sagemaker import read_tuning_job
from luthier.records.identity import a_user
from luthier.store.engine import Store
from luthier.wire.asgi import make_app
from luthier.wire.sigv4 import Credential
from mlflow_recorded import lay_out
from serving import serving

ACCOUNT, SECRET = "000000000000", "s" * 40
LAST = 1777596900.0  # when its last training job ended


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """Serve a tuning job `past`, whose training jobs have reported a value a minute."""
    options = ("--name", "past", "--objective", "val/loss", "--direction", "minimize", "--data-folder", str(tmp_path))
    result = CliRunner().invoke(app, ["import", "mlflow", str(lay_out(tmp_path)), *options])
    assert result.exit_code == 0, result.output
    store = Store.open(f"sqlite:///{tmp_path / 'luthier.db'}")
    credential = Credential(access_key="AKIA", secret_key=SECRET, principal=a_user(ACCOUNT, "AKIA"))
    clock = time.time  # noqa: TID251  # boto3 signs with the real time
    handlers = Desk(store).handlers()
    with serving(make_app(handlers=handlers, keys=lambda *_: credential, s3=None, pages=None, clock=clock)) as address:
        yield address
    store.close()


def client(url: str, service: str) -> Any:
    make: Any = boto3.client
    keys = {"aws_access_key_id": "AKIA", "aws_secret_access_key": SECRET}
    return make(service, endpoint_url=url, region_name="us-east-1", **keys)


def test_training_jobs_come_with_their_curves(url: str) -> None:
    read = read_from_aws(client(url, "sagemaker"), client(url, "cloudwatch"), "past", now=LAST + DAY_S)

    history = read_tuning_job(read)
    assert [[each.value for each in run.reports] for run in history.runs] == [[0.9, 0.6, 0.5], [0.8, 0.75], [], []]


def test_without_cloudwatch_there_are_no_curves(url: str) -> None:
    read = read_from_aws(client(url, "sagemaker"), None, "past", now=LAST + DAY_S)

    assert [run.reports for run in read_tuning_job(read).runs] == [(), (), (), ()]


@pytest.mark.parametrize(
    ("hours", "days_ago", "period"), [(1, 1, 60), (24, 2, 120), (1, 16, 300), (100, 30, 300), (1, 64, 3600)]
)
def test_periods_are_as_fine_as_cloudwatch_has_them_and_an_answer_may_hold(
    hours: int, days_ago: int, period: int
) -> None:
    began = 1e9

    assert finest_period(began, began + hours * 3600.0, now=began + days_ago * DAY_S) == period
