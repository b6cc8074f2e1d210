"""Records that tests start from: each with defaults, so that a test names only what it is about."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from luthier.clusters.machine import GIB, Machine
from luthier.records.algorithm import MetricDefinition
from luthier.records.channel import Channel
from luthier.records.names import Scope, TrainingJobName, TuningJobName, training_job_arn, tuning_job_arn
from luthier.records.search_space import CategoricalRange, ContinuousRange, IntegerRange, ScalingType, SearchSpace
from luthier.records.status import SecondaryStatus, TrainingStatus
from luthier.records.training_job import TrainingDefinition, TrainingJob, Transition
from luthier.records.tuning_job import Objective, ObjectiveType, TuningDefinition, TuningJob, TuningSpecification
from luthier.records.usage import UsageSeen

MACHINE = Machine(cpus=4, memory_bytes=16 * GIB, gpus=(0, 1))

SCOPE = Scope(account="000000000000", region="us-east-1")

SPACE = SearchSpace(
    ranges=(
        ContinuousRange(name="eta", low=0.001, high=1.0, scaling=ScalingType.LOGARITHMIC),
        IntegerRange(name="max_depth", low=1, high=10),
        CategoricalRange(name="booster", choices=("gbtree", "dart")),
    )
)

_OF_A_DEFINITION = {each.name for each in fields(TuningDefinition)}


def a_definition(**changes: Any) -> TrainingDefinition:
    """A training definition with one channel."""
    plain = TrainingDefinition(
        image="123456789012.dkr.ecr.us-east-1.amazonaws.com/trainer:1",
        metrics=(MetricDefinition(name="loss", regex="loss=([0-9.]+)"),),
        role="arn:aws:iam::000000000000:role/luthier-execution",
        channels=(Channel(name="train", uri="s3://data/train/"),),
        output_path="s3://data/output",
        instance_type="ml.m5.large",
        instance_count=1,
        volume_gb=1,
        max_runtime_s=3600,
    )
    return replace(plain, **changes)


def a_usage(**changes: Any) -> UsageSeen:
    """Five seconds of a host with four processors, of which nothing is known."""
    plain = UsageSeen(
        host="algo-1", at=10.0, span_s=5.0, cpus=4.0, memory_limit_bytes=16 * GIB, gpus=0, disk_limit_bytes=GIB
    )
    return replace(plain, **changes)


def a_tuning_definition(**changes: Any) -> TuningDefinition:
    """An algorithm tuned for the lowest loss in `SPACE`."""
    plain = TuningDefinition(
        name=None,
        objective=Objective(type=ObjectiveType.MINIMIZE, metric="loss"),
        space=SPACE,
        static_hyperparameters={"num_round": "10", "_tuning_objective_metric": "loss"},
        training=a_definition(),
    )
    return replace(plain, **changes)


def a_specification(**changes: Any) -> TuningSpecification:
    """
    A Bayesian search by `a_tuning_definition()` alone; changes of that one's fields are made in it.

    Several definitions are given as *definitions*.
    """
    own = {name: changes.pop(name) for name in _OF_A_DEFINITION & set(changes)}
    plain = TuningSpecification(
        strategy="Bayesian",
        definitions=(a_tuning_definition(**own),),
        max_jobs=10,
        max_parallel=2,
        seed=7,
    )
    return replace(plain, **changes)


def a_tuning_job(name: str = "tune", *, specification: Mapping[str, Any] | None = None, **changes: Any) -> TuningJob:
    """A tuning job that has just been created."""
    plain = TuningJob(
        arn=tuning_job_arn(SCOPE, name),
        name=TuningJobName(name),
        scope=SCOPE,
        specification=a_specification(**(specification or {})),
        request={"HyperParameterTuningJobName": name, "TrainingJobDefinition": {}},
        created_at=1000.0,
        modified_at=1000.0,
    )
    return replace(plain, **changes)


def a_training_job(
    ordinal: int | None = 1, status: TrainingStatus = TrainingStatus.IN_PROGRESS, **changes: Any
) -> TrainingJob:
    """A training job of `a_tuning_job()`, in the given status."""
    place = ordinal or 0  # None: of no tuning job
    name = changes.pop("name", f"tune-{place:03d}-0000000{place % 10}")
    tuned = changes.pop("tuned", {"eta": repr(0.001 * place), "max_depth": "3", "booster": "gbtree"})
    plain = TrainingJob(
        arn=training_job_arn(SCOPE, name),
        name=TrainingJobName(name),
        scope=SCOPE,
        hyperparameters={"num_round": "10", **tuned},
        definition=a_definition(),
        request={},
        created_at=1000.0 + place,
        modified_at=1000.0 + place,
        tuning_job=tuning_job_arn(SCOPE, "tune"),
        ordinal=ordinal,
        tuned=tuned,
        status=status,
        transitions=(Transition(status=SecondaryStatus.STARTING, at=1000.0 + place, message="Starting"),),
        ended_at=2000.0 + place if status.is_over else None,
    )
    return replace(plain, **changes)
