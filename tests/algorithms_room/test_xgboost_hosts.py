"""One training of XGBoost on several hosts, each with its share of the rows."""

import io
import re
import tarfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import xgboost

from luthier.algorithms.catalogue import Catalogue
from luthier.host.equipment import Equipment
from luthier.objects.s3 import S3Objects
from luthier.records.channel import Channel, Distribution
from luthier.records.journal import Outcome
from s3_server import an_object_store
from training_hosts import a_host, a_spec, lived

IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
GIVEN = {"num_round": "5", "objective": "binary:logistic", "max_depth": "3", "eval_metric": "logloss"}
ROWS = 3000

pytestmark = pytest.mark.slow


def some_rows(count: int, seed: int) -> np.ndarray:
    """Rows of a label and four features, of which two tell the label."""
    features = np.random.default_rng(seed).normal(size=(count, 4))
    return np.column_stack([features[:, 0] * features[:, 1] > 0, features])


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Objects]:
    folder = tmp_path_factory.mktemp("store")
    (folder / "s3" / "data").mkdir(parents=True)
    with an_object_store(folder) as store:
        rows = some_rows(ROWS, 1)
        parts = {"train": np.array_split(rows, 4), "whole": [rows], "validation": [some_rows(500, 2)]}
        for name, pieces in parts.items():
            for number, piece in enumerate(pieces):
                text = io.BytesIO()
                np.savetxt(text, piece, delimiter=",", fmt="%.6g")
                store.put(f"s3://data/{name}/{number}.csv", io.BytesIO(text.getvalue()))
        yield store


def trained(tmp_path: Path, store: S3Objects, job: str, hosts: int, train: str = "train", **given: str) -> Equipment:
    channels = (
        Channel(
            name="train",
            uri=f"s3://data/{train}/",
            content_type="text/csv",
            distribution=Distribution.SHARDED_BY_S3_KEY,
        ),
        Channel(name="validation", uri="s3://data/validation/", content_type="text/csv"),
    )
    spec = a_spec(job, image=IMAGE, channels=channels, instance_count=hosts, hyperparameters={**GIVEN, **given})
    at_hand = a_host(tmp_path, store, (), spec, catalogue=Catalogue.read(tmp_path / "none"))
    ended = lived(at_hand)
    logs = [each.log.read_text() for each in at_hand.workspace.hosts()]
    assert (ended.outcome, ended.reason) == (Outcome.COMPLETED, None), logs
    return at_hand


def losses(at_hand: Equipment, host: str = "algo-1") -> list[float]:
    """Read the validation's loss after each round."""
    log = at_hand.workspace.host(host).log.read_text()
    return [float(each) for each in re.findall(r"^\[\d+\]\t.*validation-logloss:(\S+)", log, re.MULTILINE)]


def model(store: S3Objects, job: str) -> xgboost.Booster:
    with store.open(f"s3://data/output/{job}/output/model.tar.gz") as body:
        content = io.BytesIO(body.read())
    with tarfile.open(fileobj=content) as tar:
        file = tar.extractfile("xgboost-model")
        assert file is not None
        return xgboost.Booster(model_file=bytearray(file.read()))


def test_two_hosts_learn_what_one_would(store: S3Objects, tmp_path: Path) -> None:
    alone = trained(tmp_path / "1", store, "Alone-1", 1)
    both = trained(tmp_path / "2", store, "Both-1", 2)

    assert len(losses(both)) == 5
    assert losses(both)[-1] == pytest.approx(losses(alone)[-1], abs=0.03)
    rows = some_rows(500, 3)
    predicted = model(store, "Both-1").predict(xgboost.DMatrix(rows[:, 1:]))
    assert np.mean((predicted > 0.5) == rows[:, 0]) > 0.85


def test_the_first_host_alone_tells_of_the_rounds(store: S3Objects, tmp_path: Path) -> None:
    at_hand = trained(tmp_path, store, "Tells-1", 3)

    assert [len(losses(at_hand, f"algo-{number}")) for number in (1, 2, 3)] == [5, 0, 0]


def test_a_host_without_a_share_takes_part(store: S3Objects, tmp_path: Path) -> None:
    assert len(losses(trained(tmp_path, store, "None-1", 2, train="whole"))) == 5


def test_all_hosts_stop_early_together(store: S3Objects, tmp_path: Path) -> None:
    at_hand = trained(tmp_path, store, "Early-1", 2, num_round="400", early_stopping_rounds="3", eta="0.9")

    assert len(losses(at_hand)) < 400
