"""The page of statuses, held against the tables."""

from pathlib import Path

import pytest

from luthier.records.journal import Outcome
from luthier.records.status import ObjectiveStatus, SecondaryStatus, TrainingStatus, TuningStatus
from luthier.training.transitions import ENDS

PAGE = (Path(__file__).parents[2] / "docs/reference/statuses.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_its_row(outcome: Outcome) -> None:
    status, secondary, _ = ENDS[outcome]

    assert f"| `{outcome}` | `{status}` | `{secondary}` |" in PAGE


@pytest.mark.parametrize("status", [*SecondaryStatus, *TrainingStatus, *TuningStatus, *ObjectiveStatus])
def test_every_status_is_on_the_page(status: str) -> None:
    assert f"`{status}`" in PAGE


@pytest.mark.parametrize("status", TuningStatus)
def test_every_status_of_a_tuning_job_is_in_its_diagram(status: TuningStatus) -> None:
    diagram = PAGE.split("```mermaid")[-1].split("```")[0]

    assert f"--> {status}" in diagram
