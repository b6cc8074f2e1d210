"""The names of jobs that a shell is offered."""

from pathlib import Path
from typing import Any

import pytest

from luthier.app.job_names import training_jobs, tuning_jobs


class Context:
    """What a shell has typed so far, as the completing function sees it."""

    def __init__(self, **params: Any) -> None:
        self.params = params


class Listing:
    """A client whose server has three jobs."""

    def list_hyper_parameter_tuning_jobs(self, **asked: Any) -> Any:
        names = ["first", "the-first", "first-again"]
        found = [name for name in names if asked.get("NameContains", "") in name]
        return {"HyperParameterTuningJobSummaries": [{"HyperParameterTuningJobName": name} for name in found]}


def test_names_that_begin_so_are_offered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Containing is all that the API can be asked for."""
    monkeypatch.setattr("luthier.app.job_names.read_key", lambda _: None)
    monkeypatch.setattr("luthier.app.job_names.own_client", lambda *_: Listing())

    offered = tuning_jobs(Context(data_folder=str(tmp_path)), "first")  # type: ignore[arg-type]

    assert offered == ["first", "first-again"]


def test_a_data_folder_without_a_key_offers_nothing(tmp_path: Path) -> None:
    assert training_jobs(Context(data_folder=str(tmp_path)), "a") == []  # type: ignore[arg-type]
