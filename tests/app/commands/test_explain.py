"""`luthier explain`, over a data folder."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from luthier.app.keys import obtain_key
from luthier.cli import app
from luthier.records.names import Scope, training_job_arn, tuning_job_arn
from luthier.records.status import TrainingStatus, TuningStatus
from luthier.records.training_job import MetricPoint
from luthier.records.tuning_job import Objective, ObjectiveType, WarmStart, WarmStartType
from luthier.settings import Settings, SettingsError
from luthier.store.engine import Store
from luthier.strategies.early_stopping.prediction_rule import predicted
from luthier.strategies.random import Random
from luthier.tuning.reconcile import TuningController
from things import SCOPE, a_training_job, a_tuning_job, a_usage

Explain = Callable[..., Result]


@pytest.fixture
def explain(tmp_path: Path) -> Explain:
    """Run the command over the data folder that `fill` fills."""
    obtain_key(Settings(data_folder=tmp_path))

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(app, ["explain", *arguments, "--data-folder", str(tmp_path)])

    return run


def fill(folder: Path, count: int, scope: Scope = SCOPE) -> None:
    """Store a tuning job whose accuracy is eta, of *count* training jobs."""
    store = Store.open(f"sqlite:///{folder / 'luthier.db'}")
    objective = Objective(type=ObjectiveType.MAXIMIZE, metric="accuracy")
    job = a_tuning_job(arn=tuning_job_arn(scope, "tune"), scope=scope, specification={"objective": objective})
    store.tuning_jobs.add(job)
    children = [
        a_training_job(
            number,
            TrainingStatus.COMPLETED,
            arn=training_job_arn(scope, f"child-{number}"),
            name=f"child-{number}",
            scope=scope,
            tuning_job=job.arn,
            tuned={"eta": repr(0.08 * number), "max_depth": str(1 + 3 * number % 10), "booster": "gbtree"},
        )
        for number in range(1, count + 1)
    ]
    assert store.training_jobs.add_children(job, children)
    for number, child in enumerate(children, 1):
        stored = store.training_jobs.get(child.arn)
        assert stored is not None
        point = MetricPoint(name="accuracy", value=0.08 * number, at=1.0, sequence=1)
        used = a_usage(span_s=600.0, processor_s=300.0, peak_cpu_percent=90.0, memory_bytes=number << 30)
        assert store.training_jobs.take_in(stored, [point], {2: used})
    store.close()


def test_what_training_jobs_used_is_told(explain: Explain, tmp_path: Path) -> None:
    fill(tmp_path, 3)

    told = explain("tune").stdout

    assert "processors: 15 min 00 s of their time, 0.5 at a time on average, 12 % of what there was" in told
    assert "memory: 3 GiB at most, 19 % of 16 GiB (child-3)" in told
    assert "3 training jobs, child-1 among them: It had 4 processors and used 0.9 at most." in told


def test_programs_get_what_training_jobs_used(explain: Explain, tmp_path: Path) -> None:
    fill(tmp_path, 3)

    found = json.loads(explain("tune", "--json").stdout)["Resources"]

    assert [(each["TrainingJobName"], each["ProcessorSeconds"], each["CPUUtilization"]) for each in found] == [
        ("child-1", 300.0, 50.0),
        ("child-2", 300.0, 50.0),
        ("child-3", 300.0, 50.0),
    ]


def test_what_was_learned_is_told(explain: Explain, tmp_path: Path) -> None:
    fill(tmp_path, 12)

    told = explain("tune")

    assert told.exit_code == 0
    assert "tune: accuracy, higher is better" in told.stdout
    assert told.stdout.index("eta") < told.stdout.index("max_depth")


def test_programs_get_json(explain: Explain, tmp_path: Path) -> None:
    fill(tmp_path, 12)

    [found] = json.loads(explain("tune", "--json").stdout)["Definitions"]

    assert found["Observed"] == 12
    assert found["Importance"][0]["Name"] == "eta"
    assert found["Best"]["HyperParameters"]["eta"] == pytest.approx(0.96)


def test_what_is_to_be_expected_is_told(explain: Explain, tmp_path: Path) -> None:
    """Of ten training jobs two are over, and none has been on an instance."""
    fill(tmp_path, 2)

    told = explain("tune").stdout

    assert "time left: about" in told
    assert "instance hours so far: none" in told


def test_programs_get_what_is_to_be_expected(explain: Explain, tmp_path: Path) -> None:
    fill(tmp_path, 2)

    found = json.loads(explain("tune", "--json").stdout)["Forecast"]

    assert [each["Rule"] for each in found["Limits"]] == ["MaxNumberOfTrainingJobs"]


def test_too_little_to_tell_has_an_exit_code_of_its_own(explain: Explain, tmp_path: Path) -> None:
    fill(tmp_path, 2)

    told = explain("tune")

    assert told.exit_code == 1
    assert "2 training jobs have an objective" in told.stdout


def test_a_tuning_job_that_is_not_there_is_named(explain: Explain) -> None:
    told = explain("nothing")

    assert isinstance(told.exception, SettingsError)
    assert "'nothing': no such tuning job in the account 000000000000, region us-east-1" in str(told.exception)


def test_other_accounts_and_regions_are_a_matter_of_options(explain: Explain, tmp_path: Path) -> None:
    fill(tmp_path, 6, Scope(account="111122223333", region="eu-west-1"))

    told = explain("tune", "--account", "111122223333", "--region", "eu-west-1")

    assert told.exit_code == 0


@pytest.fixture
def proposed(explain: Explain, tmp_path: Path) -> Explain:
    """The command over a tuning job that has proposed two training jobs."""
    store = Store.open(f"sqlite:///{tmp_path / 'luthier.db'}")
    store.tuning_jobs.add(a_tuning_job(specification={"strategy": "Random"}))
    controller = TuningController(store=store, strategies={"Random": Random()}, stops=predicted)
    assert controller.reconcile(a_tuning_job().arn, 1100.0)
    store.close()
    return explain


def test_decisions_are_told_step_by_step(proposed: Explain) -> None:
    told = proposed("tune", "--decisions")

    assert told.exit_code == 0
    assert told.stdout.count("knowing 0 training jobs that were over and 0 that ran: it was drawn at random") == 2


@pytest.mark.parametrize("asked", ["2", "tune-002-"])
def test_one_training_job_is_told_of_by_its_name_or_number(proposed: Explain, asked: str) -> None:
    [_, child] = json.loads(proposed("tune", "--decisions", "--json").stdout)["Decisions"]
    name = child["TrainingJobName"]
    assert name.startswith("tune-002-")

    told = proposed("tune", "--training-job", name if asked.startswith("tune") else asked)

    assert name in told.stdout
    assert "tune-001-" not in told.stdout


def test_programs_get_what_was_known(proposed: Explain) -> None:
    [_, child] = json.loads(proposed("tune", "--decisions", "--json").stdout)["Decisions"]

    assert (child["Event"], child["Reason"]) == ("Proposed", {"Kind": "Drawn"})
    assert (child["Known"]["Before"], child["Known"]["Running"]) == (0, [])


def test_a_training_job_that_is_not_there_is_named(proposed: Explain) -> None:
    told = proposed("tune", "--training-job", "9")

    assert "'9' is no training job of tune" in str(told.exception)


def add_generations(folder: Path) -> None:
    """Store a tuning job with a parent, which has one too, and a successor."""
    store = Store.open(f"sqlite:///{folder / 'luthier.db'}")
    for number, (name, parent) in enumerate([("old", None), ("past", "old"), ("mine", "past"), ("next", "mine")]):
        parents = () if parent is None else (tuning_job_arn(SCOPE, parent),)
        start = WarmStart(type=WarmStartType.TRANSFER_LEARNING, parents=parents) if parents else None
        ended = {"ended_at": 10.0 * number + 1.0, "status": TuningStatus.COMPLETED}
        specification = {"warm_start": start}
        store.tuning_jobs.add(a_tuning_job(name, specification=specification, created_at=10.0 * number, **ended))
    store.close()


def test_it_names_ancestors_and_those_that_learned_from_it(explain: Explain, tmp_path: Path) -> None:
    add_generations(tmp_path)

    said = explain("mine").stdout

    assert "It learns from (TransferLearning):\n  past\n    old\nThese learned from it:\n  next\n" in said


def test_its_json_names_them_too(explain: Explain, tmp_path: Path) -> None:
    add_generations(tmp_path)

    told = json.loads(explain("mine", "--json").stdout)["Lineage"]

    (parent,) = told["Parents"]
    assert (parent["HyperParameterTuningJobName"], parent["IsThere"]) == ("past", True)
    assert [each["HyperParameterTuningJobName"] for each in parent["Parents"]] == ["old"]
    assert (told["Successors"], told["HasMoreSuccessors"]) == (["next"], False)
