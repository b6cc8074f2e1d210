"""`luthier replay`, over a data folder."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import text
from typer.testing import CliRunner

from luthier.app.keys import obtain_key
from luthier.cli import app
from luthier.settings import Settings, SettingsError
from luthier.store.database import connect
from luthier.store.engine import Store
from luthier.strategies.early_stopping.prediction_rule import predicted
from luthier.strategies.random import Random
from luthier.tuning.reconcile import TuningController
from things import a_tuning_job

Replay = Callable[..., Result]


@pytest.fixture
def replay(tmp_path: Path) -> Replay:
    """Run the command over a data folder with a tuning job of four training jobs."""
    obtain_key(Settings(data_folder=tmp_path))
    store = Store.open(f"sqlite:///{tmp_path / 'luthier.db'}")
    store.tuning_jobs.add(a_tuning_job(specification={"strategy": "Random", "max_jobs": 4, "max_parallel": 4}))
    controller = TuningController(store=store, strategies={"Random": Random()}, stops=predicted)
    controller.reconcile(a_tuning_job().arn, 1100.0)
    store.close()

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(app, ["replay", *arguments, "--data-folder", str(tmp_path)])

    return run


def change(folder: Path, statement: str) -> None:
    database = connect(f"sqlite:///{folder / 'luthier.db'}")
    with database.writing() as connection:
        connection.execute(text(statement))
    database.close()


def test_a_run_that_comes_out_again_is_said_to(replay: Replay) -> None:
    told = replay("tune")

    assert (told.exit_code, told.stdout) == (0, "tune: 4 of 4 proposals reproduced bit for bit.\n")


def test_the_first_proposal_that_differs_is_shown_with_both_values(replay: Replay, tmp_path: Path) -> None:
    change(
        tmp_path,
        'UPDATE training_jobs SET tuned = replace(tuned, \'"max_depth":"\', \'"max_depth":"1\') WHERE ordinal > 2',
    )

    told = replay("tune")

    assert told.exit_code == 1
    assert "tune: 2 of 4 proposals reproduced" in told.stdout
    assert "the training job 3" in told.stdout
    [line] = [each.split() for each in told.stdout.splitlines() if "max_depth" in each]
    assert line[1] == f"1{line[2]}"


def test_a_tuning_job_from_before_the_log_says_so(replay: Replay, tmp_path: Path) -> None:
    change(tmp_path, "DELETE FROM proposals")

    told = replay("tune")

    assert told.exit_code == 1
    assert "kept no record" in told.stdout


def test_another_processor_is_named(replay: Replay, tmp_path: Path) -> None:
    change(tmp_path, "UPDATE proposals SET made_by = 'luthier 0.0.1, riscv64'")

    assert "They were proposed by luthier 0.0.1, riscv64. This is luthier" in replay("tune").stdout


def test_programs_get_json(replay: Replay) -> None:
    found = json.loads(replay("tune", "--json").stdout)

    assert found["IsReproduced"]
    assert found["Outcomes"] == {"Reproduced": 4, "Different": 0, "InputLost": 0, "NotRecorded": 0}
    assert found["TrainingJobs"][3]["Recorded"] == found["TrainingJobs"][3]["Computed"]


def test_a_tuning_job_that_is_not_there_is_named(replay: Replay) -> None:
    assert isinstance(replay("nothing").exception, SettingsError)
