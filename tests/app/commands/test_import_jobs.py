"""`luthier import`, over a data folder, and what the API tells of it afterwards."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from luthier.api.describe import described_tuning_job
from luthier.api.summaries import child_summary
from luthier.app.imports import TAG
from luthier.app.keys import obtain_key
from luthier.cli import app
from luthier.histories.history import HistoryError
from luthier.records.names import Scope, TuningJobArn, tuning_job_arn
from luthier.records.status import TrainingStatus, TuningStatus
from luthier.records.tuning_job import WarmStart, WarmStartType
from luthier.settings import Settings, SettingsError
from luthier.store.engine import Store
from luthier.tuning.curves import CurveShelf
from luthier.tuning.inheritance import inherited_trials
from luthier.tuning.lessons import parents_to_learn_from
from luthier.tuning.view import Parent
from sample import a_request_for_several

Tell = Callable[..., str]
TABLE = """eta,depth,mode,loss,from,to
0.1,3,fast,0.9,2026-05-01T10:00:00Z,2026-05-01T10:01:00Z
0.3,5,slow,0.4,2026-05-01T10:02:00Z,2026-05-01T10:03:00Z
0.9,4,slow,,2026-05-01T10:04:00Z,2026-05-01T10:05:00Z
"""
TIMES = ("--began", "from", "--ended", "to")


@pytest.fixture
def tell(tmp_path: Path) -> Tell:
    """Run a command and give what it prints; raises what it fails with."""

    def run(*arguments: str) -> str:
        ended = CliRunner().invoke(app, [*arguments, "--data-folder", str(tmp_path / "data")])
        if ended.exception is not None:
            raise ended.exception
        return ended.stdout

    return run


def written(folder: Path, text: str, name: str = "runs.csv") -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


def import_table(tell: Tell, folder: Path, text: str = TABLE, *more: str, name: str = "past") -> str:
    file = written(folder, text)
    return tell("import", "csv", file, "--name", name, "--objective", "loss", "--direction", "minimize", *more)


def stored(folder: Path, name: str = "past", region: str = "us-east-1") -> tuple[Any, Any, dict[str, str]]:
    """Give a tuning job's row, its children and its tags."""
    store = Store.open(f"sqlite:///{folder}/data/luthier.db")
    arn = tuning_job_arn(Scope(account="000000000000", region=region), name)
    found = store.tuning_jobs.get(arn), store.training_jobs.of_tuning_job(arn), store.tags.of(arn)
    store.close()
    return found


def described(folder: Path, name: str = "past") -> Any:
    store = Store.open(f"sqlite:///{folder}/data/luthier.db")
    arn = tuning_job_arn(Scope(account="000000000000", region="us-east-1"), name)
    job, children = store.tuning_jobs.get(arn), store.training_jobs.of_tuning_job(arn)
    assert job is not None
    finals = store.training_jobs.final_metrics([child.arn for child in children])
    store.close()
    return described_tuning_job(job, children, finals, now=0.0)


def test_a_table_becomes_a_tuning_job_that_is_completed(tell: Tell, tmp_path: Path) -> None:
    import_table(tell, tmp_path, TABLE, *TIMES)

    told = described(tmp_path)
    assert told["HyperParameterTuningJobStatus"] == "Completed"
    assert told["ObjectiveStatusCounters"] == {"Succeeded": 2, "Pending": 0, "Failed": 1}
    assert told["BestTrainingJob"]["TunedHyperParameters"] == {"eta": "0.3", "depth": "5", "mode": "slow"}


def test_its_times_are_those_of_the_runs(tell: Tell, tmp_path: Path) -> None:
    import_table(tell, tmp_path, TABLE, *TIMES)

    job, children, _ = stored(tmp_path)
    assert job.ended_at - job.created_at == 300.0
    assert [child.ended_at - child.started_at for child in children] == [60.0] * 3


def test_a_tag_says_where_it_is_from(tell: Tell, tmp_path: Path) -> None:
    import_table(tell, tmp_path)

    assert stored(tmp_path)[2] == {TAG: "csv runs.csv"}


def test_a_second_import_under_the_name_is_refused_and_changes_nothing(tell: Tell, tmp_path: Path) -> None:
    import_table(tell, tmp_path)
    before = stored(tmp_path)

    with pytest.raises(HistoryError, match="name, past, already exists"):
        import_table(tell, tmp_path)

    assert stored(tmp_path) == before


def test_nothing_is_left_for_a_controller_to_do(tell: Tell, tmp_path: Path) -> None:
    import_table(tell, tmp_path)

    store = Store.open(f"sqlite:///{tmp_path}/data/luthier.db")
    waiting = [*store.tuning_jobs.unfinished(), *store.training_jobs.unreleased()]
    store.close()
    assert waiting == []


def test_a_request_can_be_given_whose_training_jobs_the_runs_are(tell: Tell, tmp_path: Path) -> None:
    request = a_request(eta=("0", "1"))

    import_table(tell, tmp_path, "eta,loss\n0.25,1\n", "--definition", written(tmp_path, json.dumps(request), "r.json"))

    job, (child,), _ = stored(tmp_path)
    assert job.request["TrainingJobDefinition"]["AlgorithmSpecification"]["TrainingImage"] == "trainer:7"
    assert dict(child.hyperparameters) == {"eta": "0.25", "epochs": "3", "_tuning_objective_metric": "loss"}


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("eta,loss\n0.5,1\n7,1\n", "row 2: the hyperparameter 'eta' is '7', outside of its range"),
        ("eta,loss\n0.5,1\nx,1\n", "row 2: the hyperparameter 'eta' is 'x', outside of its range"),
        ("depth,loss\n0.5,1\n", "row 1: the hyperparameter 'eta' has no value"),
        ("eta,epochs,loss\n0.5,4,1\n", "row 1: the hyperparameter 'epochs' is '4', and neither in ParameterRanges"),
    ],
)
def test_a_run_that_the_request_cannot_have_had_is_told_with_its_row(
    tell: Tell, tmp_path: Path, table: str, said: str
) -> None:
    file = written(tmp_path, json.dumps(a_request(eta=("0", "1"))), "r.json")

    with pytest.raises(HistoryError) as caught:
        import_table(tell, tmp_path, table, "--definition", file)

    assert said in str(caught.value)
    assert stored(tmp_path)[0] is None


@pytest.mark.parametrize("name", ["", "a b", "x" * 33, "../x", "é", "a\x1b[31m"])
def test_a_name_is_one_that_the_api_allows(tell: Tell, tmp_path: Path, name: str) -> None:
    with pytest.raises(HistoryError, match="yperParameterTuningJobName"):
        import_table(tell, tmp_path, name=name)


def test_what_an_error_quotes_is_fit_for_a_terminal(tell: Tell, tmp_path: Path) -> None:
    with pytest.raises(HistoryError) as caught:
        import_table(tell, tmp_path, f"eta,{'m' * 300},loss\n1,a\x1b[31m,1\n2,b,2\n")

    assert str(caught.value).isprintable()


def test_times_in_the_future_are_refused(tell: Tell, tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match="in the future"):
        import_table(tell, tmp_path, TABLE.replace("2026-05-01T10:05", "9998-05-01T10:05"), *TIMES)


def test_a_run_that_ends_before_it_begins_is_told_with_its_row(tell: Tell, tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match="row 2: it would have ended before it began"):
        import_table(tell, tmp_path, TABLE.replace("10:03:00", "10:01:30"), *TIMES)


def test_more_runs_than_parents_may_have_are_refused(tell: Tell, tmp_path: Path) -> None:
    lines = "\n".join(f"{number},1" for number in range(751))

    with pytest.raises(HistoryError, match="Number of training jobs per hyperparameter tuning job"):
        import_table(tell, tmp_path, f"eta,loss\n{lines}\n")


def test_a_tuning_job_of_sagemakers_keeps_the_names_of_its_training_jobs(tell: Tell, tmp_path: Path) -> None:
    tell("import", "sagemaker", written(tmp_path, json.dumps(AWS_JOB), "a.json"), written(tmp_path, AWS_PAGE, "b.json"))

    job, (child,), tags = stored(tmp_path, "churn")
    assert (job.status, child.name, child.status) == (TuningStatus.STOPPED, "churn-001", TrainingStatus.COMPLETED)
    assert tags == {TAG: "sagemaker"}


def test_what_the_api_tells_of_an_imported_tuning_job_can_be_imported_elsewhere(tell: Tell, tmp_path: Path) -> None:
    import_table(tell, tmp_path, TABLE, *TIMES)
    job, children, _ = stored(tmp_path)
    objectives = [0.9, 0.4, None]
    page = {
        "TrainingJobSummaries": [
            child_summary(job, child, final) for child, final in zip(children, objectives, strict=True)
        ]
    }
    files = [
        written(tmp_path, json.dumps(each), f"{number}.json") for number, each in enumerate([page, described(tmp_path)])
    ]

    tell("import", "sagemaker", *files, "--region", "eu-west-1")

    again, copies, _ = stored(tmp_path, region="eu-west-1")
    assert (again.created_at, again.ended_at) == (job.created_at, job.ended_at)
    assert [(each.name, each.tuned, each.status) for each in copies] == [
        (each.name, each.tuned, each.status) for each in children
    ]


def test_a_tuning_job_of_several_definitions_keeps_them(tell: Tell, tmp_path: Path) -> None:
    request = a_request_for_several("both")
    names = [each["DefinitionName"] for each in request["TrainingJobDefinitions"]]
    ranges = request["TrainingJobDefinitions"][1]["HyperParameterRanges"]
    (child,) = json.loads(AWS_PAGE)["TrainingJobSummaries"]
    page = {
        "TrainingJobSummaries": [
            child | {"TrainingJobDefinitionName": names[1], "TunedHyperParameters": middle(ranges)}
        ]
    }
    files = [
        written(tmp_path, json.dumps(request | {name: AWS_JOB[name] for name in TOLD}), "a.json"),
        written(tmp_path, json.dumps(page), "b.json"),
    ]

    tell("import", "sagemaker", *files)

    assert [each.definition_name for each in stored(tmp_path, "both")[1]] == [names[1]]


def test_training_jobs_whose_names_are_taken_are_refused_with_their_tuning_job(tell: Tell, tmp_path: Path) -> None:
    files = [written(tmp_path, json.dumps(AWS_JOB), "a.json"), written(tmp_path, AWS_PAGE, "b.json")]
    tell("import", "sagemaker", *files)

    with pytest.raises(HistoryError, match="training job with the name, churn-001, already exists"):
        tell("import", "sagemaker", *files, "--name", "other")

    assert stored(tmp_path, "other")[0] is None


def test_a_table_of_optunas_needs_a_direction(tell: Tell, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="--direction"):
        tell("import", "optuna", written(tmp_path, "value\n"), "--name", "past")


def test_a_study_of_optunas_brings_its_ranges(tell: Tell, tmp_path: Path) -> None:
    optuna = pytest.importorskip("optuna")
    url = f"sqlite:///{tmp_path}/study.db"
    study = optuna.create_study(study_name="s", storage=url, direction="maximize")
    study.enqueue_trial({"rate": 0.1, "depth": 3, "mode": "a"})
    study.optimize(
        lambda trial: (
            trial.suggest_float("rate", 1e-3, 1.0, log=True)
            + trial.suggest_int("depth", 1, 9)
            + len(trial.suggest_categorical("mode", ["a", "bb"]))
        ),
        n_trials=2,
    )

    tell("import", "optuna", url, "--study", "s", "--name", "past")

    told = described(tmp_path)
    ranges = told["HyperParameterTuningJobConfig"]["ParameterRanges"]
    assert ranges["ContinuousParameterRanges"] == [
        {"Name": "rate", "MinValue": "0.001", "MaxValue": "1.0", "ScalingType": "Logarithmic"}
    ]
    assert told["HyperParameterTuningJobConfig"]["HyperParameterTuningJobObjective"]["Type"] == "Maximize"
    assert told["BestTrainingJob"]["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] == pytest.approx(
        study.best_value
    )


def a_study_with_pruned_trials(folder: Path) -> str:
    """Make a study of curves that fall to their rate, of which the last was pruned after two of ten steps."""
    optuna = pytest.importorskip("optuna")
    url = f"sqlite:///{folder}/study.db"
    study = optuna.create_study(study_name="s", storage=url, direction="minimize")
    for number in range(9):
        trial = study.ask({"rate": optuna.distributions.FloatDistribution(0.0, 1.0)})
        values = [trial.params["rate"] + 1.0 / (step + 1) for step in range(10)]
        for step, value in enumerate(values if number < 8 else values[:2]):
            trial.report(value, step)
        study.tell(trial, *([values[-1]] if number < 8 else [None, optuna.trial.TrialState.PRUNED]))
    return url


def test_a_study_of_optunas_brings_its_curves(tell: Tell, tmp_path: Path) -> None:
    tell("import", "optuna", a_study_with_pruned_trials(tmp_path), "--study", "s", "--name", "past")

    assert [len(each) for each in curves(tmp_path, "value")] == [10] * 8 + [2]


def test_without_curves_a_study_of_optunas_brings_its_objectives(tell: Tell, tmp_path: Path) -> None:
    tell("import", "optuna", a_study_with_pruned_trials(tmp_path), "--study", "s", "--name", "past", "--no-curves")

    assert [len(each) for each in curves(tmp_path, "value")] == [1] * 9


def test_a_pruned_trial_is_learned_from_as_one_that_was_stopped_early(tell: Tell, tmp_path: Path) -> None:
    tell("import", "optuna", a_study_with_pruned_trials(tmp_path), "--study", "s", "--name", "past")
    job, children, _ = stored(tmp_path)
    child = replace(job, specification=replace(job.specification, warm_start=warm(job.arn)), created_at=job.ended_at)
    store = Store.open(f"sqlite:///{tmp_path}/data/luthier.db")

    (parent,) = parents_to_learn_from(store, CurveShelf(), child)
    store.close()

    pruned = children[-1]
    assert pruned.was_stopped_early
    assert parent.finals[pruned.arn] < curves(tmp_path, "value")[-1][-1] - 0.2


def curves(folder: Path, metric: str) -> list[list[float]]:
    children = stored(folder)[1]
    store = Store.open(f"sqlite:///{folder}/data/luthier.db")
    found = store.training_jobs.curves([child.arn for child in children], metric)
    store.close()
    return [[point.value for point in found[child.arn]] for child in children]


def warm(parent: TuningJobArn) -> WarmStart:
    return WarmStart(type=WarmStartType.TRANSFER_LEARNING, parents=(parent,))


def test_a_tuning_job_may_learn_from_an_imported_one(tell: Tell, tmp_path: Path) -> None:
    import_table(tell, tmp_path, "eta,epochs,loss\n0.25,3,1\n0.75,3,2\n")
    tell("images", "add", "trainer:*", "python")
    child = a_request(eta=("0", "1")) | {
        "HyperParameterTuningJobName": "child",
        "WarmStartConfig": {
            "ParentHyperParameterTuningJobs": [{"HyperParameterTuningJobName": "past"}],
            "WarmStartType": "TransferLearning",
        },
    }
    child["TrainingJobDefinition"]["RoleArn"] = "arn:aws:iam::000000000000:role/luthier-execution"

    said = tell("validate", written(tmp_path, json.dumps(child), "child.json"))

    assert said.startswith("CreateHyperParameterTuningJob would be accepted.")


def test_what_an_imported_one_has_found_is_inherited(tell: Tell, tmp_path: Path) -> None:
    import_table(tell, tmp_path, "eta,epochs,loss\n0.25,3,1\n0.75,3,2\n0.5,3,nan\n")
    job, children, _ = stored(tmp_path)
    parent = Parent(job=job, children=tuple(children), finals={children[0].arn: 1.0, children[1].arn: 2.0})

    trials = inherited_trials(job.specification.definitions[0], WarmStartType.TRANSFER_LEARNING, [parent])

    assert [(each.assignment["eta"], each.value) for each in trials] == [(0.25, 1.0), (0.75, 2.0)]


def test_the_key_of_the_data_folder_is_made_if_there_is_none(tell: Tell, tmp_path: Path) -> None:
    import_table(tell, tmp_path)

    assert not obtain_key(Settings(data_folder=tmp_path / "data"))[1]


def a_request(**ranges: tuple[str, str]) -> dict[str, Any]:
    return {
        "HyperParameterTuningJobConfig": {
            "Strategy": "Bayesian",
            "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "loss"},
            "ResourceLimits": {"MaxNumberOfTrainingJobs": 20, "MaxParallelTrainingJobs": 4},
            "ParameterRanges": {
                "ContinuousParameterRanges": [
                    {"Name": name, "MinValue": low, "MaxValue": high} for name, (low, high) in ranges.items()
                ]
            },
        },
        "TrainingJobDefinition": {
            "AlgorithmSpecification": {
                "TrainingImage": "trainer:7",
                "TrainingInputMode": "File",
                "MetricDefinitions": [{"Name": "loss", "Regex": "loss=(.*)"}],
            },
            "StaticHyperParameters": {"epochs": "3"},
            "RoleArn": "arn:aws:iam::123456789012:role/theirs",
            "OutputDataConfig": {"S3OutputPath": "s3://models/"},
            "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
            "StoppingCondition": {"MaxRuntimeInSeconds": 60},
        },
    }


def middle(ranges: dict[str, list[dict[str, Any]]]) -> dict[str, str]:
    """Give a point of a request's ranges."""
    every = [each for kind in ranges.values() for each in kind]
    return {each["Name"]: each["Values"][0] if "Values" in each else each["MinValue"] for each in every}


TOLD = ("HyperParameterTuningJobStatus", "CreationTime", "HyperParameterTuningEndTime")
AWS_JOB = {
    **a_request(eta=("0", "1")),
    "HyperParameterTuningJobName": "churn",
    "HyperParameterTuningJobStatus": "Stopped",
    "CreationTime": "2026-05-01T10:00:00+00:00",
    "HyperParameterTuningEndTime": "2026-05-01T11:00:00+00:00",
}
AWS_PAGE = json.dumps(
    {
        "TrainingJobSummaries": [
            {
                "TrainingJobName": "churn-001",
                "TrainingJobStatus": "Completed",
                "TrainingStartTime": "2026-05-01T10:10:00+00:00",
                "TrainingEndTime": "2026-05-01T10:20:00+00:00",
                "TunedHyperParameters": {"eta": "0.5"},
                "FinalHyperParameterTuningJobObjectiveMetric": {"MetricName": "loss", "Value": 0.5},
            }
        ]
    }
)
