"""The operations behind the front door's own reading and writing, without HTTP: what a client sends, what it gets."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from luthier import api
from luthier.algorithms.catalogue import Catalogue, CatalogueEntry, ContainerImages
from luthier.api.limits import Limits
from luthier.clusters.capacity import Capacity, Slots
from luthier.clusters.logs import TrainingLogs
from luthier.identity.sessions import Sessions
from luthier.objects import ObjectError, ObjectInfo
from luthier.objects.vault import LocalVault
from luthier.records.call import ApiError, Call
from luthier.records.identity import Principal, a_user
from luthier.records.journal import Ended, JournalEntry, MetricSeen, Outcome, PhaseEntered
from luthier.records.names import Scope, tuning_job_arn
from luthier.records.status import SecondaryStatus
from luthier.records.training_job import TrainingJob
from luthier.runtimes.vpc_file import Vpc
from luthier.store.engine import Store
from luthier.training.transitions import take_in, usage_in
from luthier.tuning.children import new_child
from luthier.wire.constraints import check
from luthier.wire.decode import decode_json
from luthier.wire.encode import encode_json
from luthier.wire.model import operation
from things import MACHINE, SCOPE

OWN_IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/trainer:1"
SESSIONS = Sessions(b"the secret of this installation")
VAULT = LocalVault(SESSIONS.wrapping_key())
OWN = CatalogueEntry(pattern="*/trainer:*", command=("python", "train.py"))
BOXED_IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/boxed:1"
BOXED = CatalogueEntry(pattern="*/boxed:*", container="boxed:1")
BROKEN = CatalogueEntry(pattern="*/broken:*", command=(), problem="images.toml: the image has no command")


class Keys:
    """An object store that holds nothing but the keys of the bucket `data`."""

    def __init__(self, *keys: str) -> None:
        self.keys = list(keys)
        self.is_reachable = True

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        if not self.is_reachable:
            raise ConnectionRefusedError("nobody is listening")
        if not prefix.startswith("s3://data/"):
            raise ObjectError(f"{prefix}: no such bucket")
        uris = (f"s3://data/{key}" for key in self.keys)
        return (ObjectInfo(uri=uri, size=1, etag="e") for uri in uris if uri.startswith(prefix))

    def open(self, uri: str) -> BinaryIO:
        raise ObjectError(f"{uri}: no such object")

    def put(self, uri: str, body: BinaryIO, key: str | None = None) -> None:
        raise ObjectError(f"{uri}: read only")

    def delete(self, uri: str) -> None:
        raise ObjectError(f"{uri}: read only")


class AnyImage:
    """A container engine that can run any image."""

    def absence(self) -> str | None:
        return None

    def problem(self, image: str) -> str | None:
        return None


@dataclass
class Desk:
    """Answers requests; time goes on by a second with each."""

    store: Store
    objects: Keys = field(default_factory=lambda: Keys("xgboost/train/a.csv", "xgboost/validation/a.csv"))
    scope: Scope = SCOPE
    now: float = 1_800_000_000.0
    wakes: int = 0
    roles_that_looked: list[str] = field(default_factory=list)  # for input, one for each request
    limits: Limits = field(default_factory=Limits)
    capacity: Capacity = Slots(MACHINE)  # noqa: RUF009  # frozen
    is_dry_run: bool = False
    principal: Principal | None = None  # None: the user of the account
    declared_roles_only: bool = False
    volume_trouble: str | None = None
    sessions: Sessions = SESSIONS
    vault: LocalVault = VAULT
    logs: Path = Path("/nonexistent")  # where training jobs have their workspaces
    vpc: Callable[[], Vpc] = Vpc
    containers: ContainerImages | None = None

    def ask(self, name: str, of: str = "sagemaker", **parameters: Any) -> Any:
        """Give the answer as a client reads it."""
        model = operation(of, name)
        given = decode_json(json.dumps(parameters).encode(), model.input)
        check(given, model.input)
        self.now += 1
        call = Call(
            service=of,
            operation=name,
            scope=self.scope,
            principal=self.principal or a_user(self.scope.account, "AKIDEXAMPLE"),
            parameters=given,
            now=self.now,
            is_dry_run=self.is_dry_run,
        )
        answer = api.operations(self._behind())[of, name](call)
        return json.loads(encode_json(answer, model.output) or "null")

    def create(self, request: dict[str, Any]) -> str:
        """Create a tuning job and give its ARN."""
        return str(self.ask("CreateHyperParameterTuningJob", **request)["HyperParameterTuningJobArn"])

    def refusal(self, name: str, of: str = "sagemaker", **parameters: Any) -> ApiError:
        """Give the error that a request is answered with; fails if there is none."""
        try:
            answer = self.ask(name, of, **parameters)
        except ApiError as error:
            return error
        raise AssertionError(f"{name} was not refused: {answer}")

    def refusal_to_create(self, request: dict[str, Any]) -> ApiError:
        """Give the error that a create request is answered with."""
        return self.refusal("CreateHyperParameterTuningJob", **request)

    def launch(self, name: str, *depths: int, place: int = 0) -> list[TrainingJob]:
        """
        Write down training jobs of a tuning job made from the sample, one for each max_depth.

        They are of the definition at *place*.
        """
        job = self.store.tuning_jobs.get(tuning_job_arn(self.scope, name))
        assert job is not None
        definition = job.specification.definitions[place]
        before = len(self.store.training_jobs.of_tuning_job(job.arn))
        point = {"eta": 0.5, "alpha": 0.25, "min_child_weight": 3.0}
        children = [
            new_child(job, definition, ordinal, {**point, "max_depth": depth}, self.now)
            for ordinal, depth in enumerate(depths, before + 1)
        ]
        assert self.store.training_jobs.add_children(job, children)
        return children

    def take_in(self, job: TrainingJob, *entries: JournalEntry) -> TrainingJob:
        """Write down what the host of a training job reported; gives the job as it is then."""
        stored = self.store.training_jobs.get(job.arn)
        assert stored is not None
        assert self.store.training_jobs.take_in(*take_in(stored, entries), usage_in(stored, entries))
        stored = self.store.training_jobs.get(job.arn)
        assert stored is not None
        return stored

    def complete(self, job: TrainingJob, objective: float, metric: str = "validation:auc") -> TrainingJob:
        """Have a training job report its objective and end well, a hundred seconds from now."""
        return self.take_in(
            job,
            PhaseEntered(status=SecondaryStatus.DOWNLOADING, at=self.now + 10, message="Downloading input data"),
            PhaseEntered(status=SecondaryStatus.TRAINING, at=self.now + 20, message="Training in progress."),
            MetricSeen(name=metric, value=objective, at=self.now + 30),
            PhaseEntered(status=SecondaryStatus.UPLOADING, at=self.now + 90, message="Uploading the model"),
            Ended(outcome=Outcome.COMPLETED, at=self.now + 100),
        )

    def handlers(self) -> Mapping[tuple[str, str], Callable[[Call], Any]]:
        """Give every operation, for a front door."""
        return api.operations(self._behind())

    def wired(self) -> api.Desk:
        """Give what the operations stand on."""
        return self._behind()

    def _behind(self) -> api.Desk:
        shipped = Catalogue.read(Path("/nonexistent/images.toml")).entries
        return api.Desk(
            store=self.store,
            catalogue=lambda: Catalogue(entries=(OWN, BOXED, BROKEN, *shipped), containers=self.containers),
            objects=self._objects,
            sessions=self.sessions,
            logs=TrainingLogs(self.logs),
            vault=self.vault,
            wake=self._wake,
            vpc=self.vpc,
            limits=self.limits,
            capacity=self.capacity,
            volume_trouble=lambda: self.volume_trouble,
            draw_seed=lambda: 4242,
            declared_roles_only=self.declared_roles_only,
        )

    def _objects(self, role: str) -> Keys:
        self.roles_that_looked.append(role)
        return self.objects

    def _wake(self) -> None:
        self.wakes += 1
