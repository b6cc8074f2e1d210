"""Tables of runs."""

import pytest

from luthier.histories.history import HistoryError
from luthier.histories.table import OPTUNA, Layout, mlflow, read_table
from luthier.records.status import TrainingStatus

PLAIN = Layout(objective="loss")


def test_a_row_is_a_run() -> None:
    (run,) = read_table(b"eta,mode,loss\n0.3,fast,0.5\n", PLAIN)

    assert (run.hyperparameters, run.objective, run.status) == (
        {"eta": "0.3", "mode": "fast"},
        0.5,
        TrainingStatus.COMPLETED,
    )


@pytest.mark.parametrize("value", ["", "nan", "inf", "-inf"])
def test_a_run_without_a_finite_objective_has_failed(value: str) -> None:
    run, _ = read_table(f"eta,loss\n0.3,{value}\n0.1,1\n".encode(), PLAIN)

    assert (run.status, run.objective) == (TrainingStatus.FAILED, None)


def test_chosen_columns_alone_are_hyperparameters() -> None:
    (run,) = read_table(b"eta,note,loss\n0.3,x,1\n", Layout(objective="loss", chosen=("eta",)))

    assert run.hyperparameters == {"eta": "0.3"}


def test_times_are_read_from_their_columns() -> None:
    layout = Layout(objective="loss", began="from", ended="to")

    (run,) = read_table(b"eta,loss,from,to\n1,1,2026-05-01T00:00:00Z,1777593660.5\n", layout)

    assert (run.began_at, run.ended_at) == (1777593600.0, 1777593660.5)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"eta,loss\n1,1\n2,bad\n", "row 2: loss is 'bad', which is no number"),
        (b"eta,loss\n1,1\n2\n", "row 2: 1 cells, where the first line names 2 columns"),
        (b"eta,loss\n1,1\n,2\n", "row 2: 'eta' has no value"),
        (b'eta,loss\n1,1\n"2,2\n', "row 2: not CSV"),
        (b"eta,loss\n1,1\n" + b"9" * 200_000 + b",1\n", "row 2: not CSV"),
        (b"eta,eta,loss\n1,1,1\n", "the column 'eta' is there twice"),
        (b"eta,cost\n1,1\n", "there is no column 'loss'"),
        (b"loss\n1\n", "no column of a hyperparameter"),
        (b"eta,loss\n", "no run that is over"),
        (b"", "there is no column 'loss'"),
        (b"eta,loss\n\xff,1\n", "byte 9: not UTF-8"),
        (b"eta,loss\n" + b"1,1\n" * 100_001, "row 100001: more than 100000 rows"),
    ],
)
def test_what_makes_no_sense_is_told_with_its_place(body: bytes, said: str) -> None:
    with pytest.raises(HistoryError) as caught:
        read_table(body, PLAIN)

    assert said in str(caught.value)


def test_a_time_that_is_none_is_told_with_its_row() -> None:
    layout = Layout(objective="loss", ended="to")

    with pytest.raises(HistoryError, match="row 1: to is 'yesterday', which is no time"):
        read_table(b"eta,loss,to\n1,1,yesterday\n", layout)


def test_trials_of_optuna_that_go_on_are_left_out() -> None:
    body = b"number,value,datetime_start,datetime_complete,params_x,state\n0,1.5,,,2,COMPLETE\n1,,,,3,RUNNING\n"

    (run,) = read_table(body, OPTUNA)

    assert (run.hyperparameters, run.objective) == ({"x": "2"}, 1.5)


def test_a_pruned_trial_of_optuna_was_stopped() -> None:
    body = b"value,datetime_start,datetime_complete,params_x,state\n1.5,,,2,PRUNED\n"

    (run,) = read_table(body, OPTUNA)

    assert (run.status, run.objective) == (TrainingStatus.STOPPED, 1.5)


def test_a_state_that_optuna_has_not_is_told_with_its_row() -> None:
    body = b"value,datetime_start,datetime_complete,params_x,state\n1.5,,,2,ODD\n"

    with pytest.raises(HistoryError, match="row 1: state is 'ODD'"):
        read_table(body, OPTUNA)


def test_runs_of_mlflow_have_parameters_metrics_and_times() -> None:
    body = (
        b"run_id,status,start_time,end_time,metrics.loss,metrics.other,params.x,tags.mlflow.user\n"
        b"a1,FINISHED,2026-05-01 10:00:00+00:00,2026-05-01 10:01:00+00:00,0.5,7,3,me\n"
    )

    (run,) = read_table(body, mlflow("loss"))

    assert (run.hyperparameters, run.objective) == ({"x": "3"}, 0.5)
    assert run.began_at is not None
    assert run.ended_at == run.began_at + 60
