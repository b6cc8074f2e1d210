"""The server that is fuzzed, and what must be true of everything that it answers."""

import itertools
import json
import sqlite3
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from algorithm_sample import an_algorithm
from answering import Answer, answering, ask, send, signed
from desk import Desk
from luthier.api.limits import Limits
from luthier.records.names import tuning_job_arn
from luthier.store.engine import Store
from luthier.strategies.bayesian import Bayesian
from luthier.strategies.random import Random
from sample import a_create_request
from strategies.spaces import is_inside
from things import SCOPE

PATIENCE_S = 10.0  # for one answer, on a machine that does much else
MANY = 10**6
_TUNE = tuning_job_arn(SCOPE, "tune")
DESCRIBE = {
    "CreateHyperParameterTuningJob": ("DescribeHyperParameterTuningJob", "HyperParameterTuningJobName"),
    "CreateTrainingJob": ("DescribeTrainingJob", "TrainingJobName"),
    "CreateAlgorithm": ("DescribeAlgorithm", "AlgorithmName"),
}
LISTINGS = ("ListHyperParameterTuningJobs", "ListTrainingJobs", "ListAlgorithms")


@dataclass(repr=False)
class House:
    """A server over a database of its own, into which the fuzzer can look."""

    url: str
    desk: Desk
    database: sqlite3.Connection
    names: Iterator[int] = field(default_factory=itertools.count)

    def version(self) -> int:
        """Give a number that changes with everything that is written."""
        return int(self.database.execute("pragma data_version").fetchone()[0])

    def is_answered(self, service: str, operation: str) -> bool:
        """Say whether the server knows an operation."""
        return (service, operation) in self.desk.handlers()

    def fresh(self) -> str:
        """Give a name that is not taken; all are of one length, lest what is drawn depend on what was drawn before."""
        return f"fuzz-{next(self.names):07d}"

    def try_json(self, operation: str, body: bytes, *, service: str = "sagemaker", **headers: str) -> Answer:
        """Send a JSON body, signed, and hold the answer against all that must be true of it."""
        before, start = self.version(), time.monotonic()
        answer = ask(self.url, operation, body, service=service, **headers)
        self.hold(answer, before, start)
        if answer.status == 200 and operation in DESCRIBE:
            self.look_again(operation, json.loads(body))
        return answer

    def try_form(self, service: str, body: bytes, content_type: str) -> Answer:
        """Send a body of a query protocol, signed; likewise."""
        before, start = self.version(), time.monotonic()
        headers = signed(f"{self.url}/", body, {"Content-Type": content_type}, service=service)
        answer = send(self.url, body, headers)
        self.hold(answer, before, start)
        return answer

    def hold(self, answer: Answer, before: int, start: float) -> None:
        """Check an answer to a request that was sent at *start*, when the database's version was *before*."""
        assert answer.status < 500, answer
        assert time.monotonic() - start < PATIENCE_S, answer
        if answer.status != 200:
            assert is_aws_error(answer), answer
            assert self.version() == before, ("refused, and something was written", answer)

    def look_again(self, created: str, request: dict[str, Any]) -> None:
        """Describe what was created, list everything, and begin a search: what was accepted is in nobody's way."""
        describe, name = DESCRIBE[created]
        answer = ask(self.url, describe, json.dumps({name: request[name]}).encode())
        assert answer.status == 200, answer
        for listing in LISTINGS:
            if self.is_answered("sagemaker", listing):
                newest = {"SortBy": "CreationTime", "SortOrder": "Descending", "MaxResults": 3}
                assert ask(self.url, listing, json.dumps(newest).encode()).status == 200, listing
        if created == "CreateHyperParameterTuningJob":
            self.search(request[name])

    def search(self, name: str) -> None:
        """Propose the first training jobs of a tuning job, by every definition that it has."""
        job = self.desk.store.tuning_jobs.get(tuning_job_arn(SCOPE, name))
        assert job is not None
        for definition in job.specification.definitions:
            for strategy in (Bayesian(), Random()):
                points = strategy.propose(definition.space, [], 2, np.random.default_rng(1))
                assert all(is_inside(definition.space, point) for point in points), points


def is_aws_error(answer: Answer) -> bool:
    """Say whether an error is one that AWS's clients can read."""
    code = answer.headers.get("x-amzn-errortype")
    if "json" in answer.headers["content-type"]:
        document = answer.document
        return bool(document["__type"] and isinstance(document["message"], str) and code)
    if "xml" in answer.headers["content-type"]:
        return any(each.tag.rpartition("}")[2] == "Code" and each.text for each in ET.fromstring(answer.body).iter())
    return "cbor" in answer.headers["content-type"] and bool(code)


@contextmanager
def a_house(folder: Path) -> Iterator[House]:
    """Run a server in *folder*, with a few things in it to ask for."""
    file = folder / "luthier.db"
    store = Store.open(f"sqlite:///{file}")
    desk = Desk(store, limits=Limits(max_tuning_jobs=MANY))
    desk.create(a_create_request("tune", Tags=[{"Key": "team", "Value": "blue"}]))
    for job in desk.launch("tune", 1, 2, 3)[:2]:
        desk.complete(job, 0.5)
    desk.ask("CreateAlgorithm", **an_algorithm())
    try:
        with answering(desk) as url, closing(sqlite3.connect(file)) as database:
            yield House(url, desk, database)
    finally:
        store.close()


def good_requests(house: House, operation: str) -> dict[str, Any]:
    """Give a request of *operation* that is right, or nearly; a new name wherever something is created."""
    name = house.fresh()
    (child,) = house.desk.store.training_jobs.of_tuning_job(_TUNE)[:1]
    definition = a_create_request()["TrainingJobDefinition"]
    static = definition.pop("StaticHyperParameters")
    arn = str(_TUNE)
    requests: dict[str, dict[str, Any]] = {
        "CreateHyperParameterTuningJob": a_create_request(name),
        "CreateTrainingJob": {"TrainingJobName": name, "HyperParameters": static, **definition},
        "CreateAlgorithm": an_algorithm(name),
        "AddTags": {"ResourceArn": arn, "Tags": [{"Key": "a", "Value": "b"}]},
        "DeleteTags": {"ResourceArn": arn, "TagKeys": ["a"]},
        "ListTags": {"ResourceArn": arn, "MaxResults": 50},
        "ListHyperParameterTuningJobs": {"SortBy": "Status", "NameContains": "tu", "CreationTimeAfter": 1.5e9},
        "ListTrainingJobsForHyperParameterTuningJob": {
            "HyperParameterTuningJobName": "tune",
            "SortBy": "FinalObjectiveMetricValue",
            "MaxResults": 1,
        },
        "ListTrainingJobs": {"SortBy": "Name", "StatusEquals": "Completed", "MaxResults": 1},
        "ListAlgorithms": {"SortBy": "Name", "MaxResults": 1},
        "Search": {
            "Resource": "TrainingJob",
            "SearchExpression": {
                "Filters": [{"Name": "TrainingJobStatus", "Operator": "Equals", "Value": "Completed"}],
                "SubExpressions": [{"Filters": [{"Name": "CreationTime", "Operator": "Exists"}], "Operator": "Or"}],
                "Operator": "And",
            },
            "SortBy": "TrainingJobName",
            "MaxResults": 2,
        },
        "DescribeAlgorithm": {"AlgorithmName": "forest"},
        "DeleteAlgorithm": {"AlgorithmName": name},
    }
    named = "HyperParameterTuningJobName" if "Hyper" in operation else "TrainingJobName"
    return requests.get(operation, {named: "tune" if "Hyper" in operation else child.name})
