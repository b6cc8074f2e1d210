"""`luthier import mlflow`, from wherever MLflow's runs lie, into a data folder."""

from pathlib import Path

import pytest

from app.commands.test_import_jobs import Tell, described, stored, tell, written
from luthier.records.names import TrainingJobArn
from luthier.settings import SettingsError
from luthier.store.engine import Store
from mlflow_recorded import Playback, lay_out, playing

__all__ = ["tell"]

HEADER = "run_id,status,start_time,end_time,metrics.val/loss,params.eta,params.host\n"
SEARCH = ("--name", "past", "--objective", "val/loss", "--direction", "minimize")


def curve(folder: Path, arn: TrainingJobArn) -> list[float]:
    store = Store.open(f"sqlite:///{folder}/data/luthier.db")
    found = store.training_jobs.curves([arn], "val/loss")[arn]
    store.close()
    return [each.value for each in found]


def test_an_experiment_at_a_server_becomes_a_tuning_job(tell: Tell, tmp_path: Path) -> None:
    with playing(Playback()) as playback:
        tell("import", "mlflow", playback.url, "--experiment", "churn", *SEARCH)

    told = described(tmp_path)
    assert told["ObjectiveStatusCounters"] == {"Succeeded": 2, "Pending": 0, "Failed": 2}
    assert told["BestTrainingJob"]["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] == 0.5
    assert stored(tmp_path)[2] == {"luthier:imported-from": "mlflow churn"}


def test_a_folder_becomes_one_and_its_training_jobs_keep_their_curves(tell: Tell, tmp_path: Path) -> None:
    tell("import", "mlflow", str(lay_out(tmp_path)), *SEARCH)

    children = stored(tmp_path)[1]
    assert [curve(tmp_path, child.arn) for child in children] == [[0.9, 0.6, 0.5], [0.8, 0.75], [0.7], []]


def test_a_folder_may_be_named_as_mlflow_names_it(tell: Tell, tmp_path: Path) -> None:
    tell("import", "mlflow", lay_out(tmp_path).as_uri(), *SEARCH)

    assert len(stored(tmp_path)[1]) == 4


def test_without_curves_the_objectives_alone_come(tell: Tell, tmp_path: Path) -> None:
    tell("import", "mlflow", str(lay_out(tmp_path)), "--no-curves", *SEARCH)

    children = stored(tmp_path)[1]
    assert [curve(tmp_path, child.arn) for child in children] == [[0.5], [0.75], [], []]


def test_parameters_are_chosen_in_a_table_too(tell: Tell, tmp_path: Path) -> None:
    table = written(tmp_path, f"{HEADER}a,FINISHED,,,0.5,0.1,x\nb,FINISHED,,,0.4,0.2,y\n")

    tell("import", "mlflow", table, "--parameter", "eta", *SEARCH)

    assert [dict(each.tuned) for each in stored(tmp_path)[1]] == [{"eta": "0.1"}, {"eta": "0.2"}]


@pytest.mark.parametrize("option", ["--experiment", "--under"])
def test_a_table_is_of_one_experiment(tell: Tell, tmp_path: Path, option: str) -> None:
    with pytest.raises(SettingsError, match="a table is of one experiment"):
        tell("import", "mlflow", written(tmp_path, HEADER), option, "x", *SEARCH)


def test_what_mlflow_alone_can_read_is_told_with_the_way_round_it(tell: Tell, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="start `mlflow server --backend-store-uri`"):
        tell("import", "mlflow", f"sqlite:///{tmp_path}/mlflow.db", *SEARCH)
