"""Reading runs at a tracking server, over HTTP: it answers what a real one has answered."""

import json
import socket
from collections.abc import Iterator, Mapping

import pytest

from luthier.app.mlflow_server import MlflowServer
from luthier.histories.history import Run
from luthier.histories.mlflow import Choice, read_runs
from luthier.records.status import TrainingStatus
from luthier.settings import SettingsError
from mlflow_recorded import Playback, playing

CHOICE = Choice(objective="val/loss")


@pytest.fixture
def playback() -> Iterator[Playback]:
    with playing(Playback()) as found:
        yield found


def runs(playback: Playback, choice: Choice = CHOICE, environment: Mapping[str, str] | None = None) -> list[Run]:
    return read_runs(MlflowServer(playback.url, environment or {}).runs("churn", choice), choice)


def test_the_runs_of_a_search_are_read(playback: Playback) -> None:
    found = runs(playback)

    assert [(dict(run.hyperparameters), run.status, run.objective) for run in found] == [
        ({"eta": "0.1", "depth": "3"}, TrainingStatus.COMPLETED, 0.5),
        ({"eta": "0.01", "depth": "5"}, TrainingStatus.STOPPED, 0.75),
        ({"eta": "0.9", "depth": "4"}, TrainingStatus.FAILED, None),
        ({"eta": "0.5", "depth": "9"}, TrainingStatus.FAILED, None),
    ]


def test_they_bring_their_curves(playback: Playback) -> None:
    found = runs(playback)

    assert [[each.value for each in run.reports] for run in found] == [[0.9, 0.6, 0.5], [0.8, 0.75], [0.7], []]
    assert [(each.at or 0.0) - 1777594200.0 for each in found[0].reports] == [60.0, 120.0, 180.0]


def test_without_curves_no_histories_are_asked_for(playback: Playback) -> None:
    found = runs(playback, Choice(objective="val/loss", has_curves=False))

    assert [run.objective for run in found] == [0.5, 0.75, None, None]
    assert len(playback.headers) == 2


def test_an_experiment_that_is_not_there_is_told(playback: Playback) -> None:
    with pytest.raises(SettingsError, match="Could not find experiment with name 'none'"):
        MlflowServer(playback.url, {}).runs("none", CHOICE)


def test_an_experiment_must_be_named(playback: Playback) -> None:
    with pytest.raises(SettingsError, match="--experiment: name one"):
        MlflowServer(playback.url, {}).runs(None, CHOICE)


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, None),
        ({"MLFLOW_TRACKING_TOKEN": "t0k"}, "Bearer t0k"),
        ({"MLFLOW_TRACKING_USERNAME": "ann", "MLFLOW_TRACKING_PASSWORD": "pw"}, "Basic YW5uOnB3"),
    ],
)
def test_who_asks_is_said_as_mlflows_own_client_says_it(
    playback: Playback, environment: Mapping[str, str], said: str | None
) -> None:
    runs(playback, environment=environment)

    assert {each.get("authorization") for each in playback.headers} == {said}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((302, b""), "answered with 302 and nothing to read"),
        ((401, b"<html>"), "answered with 401"),
        ((403, json.dumps({"message": "no\x1b[31m\nrights"}).encode()), r"answered with 403 no\\x1b\[31m rights"),
        ((200, b"<html>"), "no JSON object; is it a tracking server"),
        ((200, b"[" * 100_000), "no JSON object"),
    ],
)
def test_what_is_no_answer_is_told(playback: Playback, answer: tuple[int, bytes], said: str) -> None:
    playback.forced = answer

    with pytest.raises(SettingsError, match=said):
        runs(playback)


def test_a_server_that_is_away_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    with pytest.raises(SettingsError, match="it does not answer: ConnectionRefusedError"):
        MlflowServer(f"http://127.0.0.1:{port}", {}).runs("churn", CHOICE)


def test_an_answer_that_is_too_long_is_not_read_to_its_end(playback: Playback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("luthier.app.mlflow_server.MOST_BYTES", 10)

    with pytest.raises(SettingsError, match="an answer of more than"):
        runs(playback)


def test_a_server_whose_pages_have_no_end_is_left(playback: Playback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("luthier.app.mlflow_server.MOST_RUNS", 2000)
    page = {"runs": [{"info": {"run_id": "a"}}] * 1000, "next_page_token": "more"}
    playback.forced = (200, json.dumps(page).encode())

    with pytest.raises(SettingsError, match="more than 2000 runs"):
        runs(playback)


@pytest.mark.parametrize("url", ["http://", "http:///mlflow", "http://[", "http://a:b"])
def test_an_address_is_one_of_a_server(url: str) -> None:
    with pytest.raises(SettingsError, match="no address of a tracking server"):
        MlflowServer(url, {})


def test_a_password_has_no_place_in_an_address() -> None:
    with pytest.raises(SettingsError, match="MLFLOW_TRACKING_USERNAME"):
        MlflowServer("http://ann:pw@127.0.0.1", {})
