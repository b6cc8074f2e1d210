"""Tests of the adapters, each in its own environment; one that is not installed is left out."""

import math
from pathlib import Path

import numpy as np
import pytest
from benchmarks.search import ledger
from benchmarks.search.catalogue import make
from benchmarks.search.environments import python_of
from benchmarks.search.optimisers import OPTIMISERS, maker
from benchmarks.search.spaces import from_unit
from benchmarks.search.tournament import hold, plans_for

INSTALLED = [name for name, entry in OPTIMISERS.items() if python_of(entry.environment) is not None]
BUDGET = 9  # beyond the points with which each begins


@pytest.mark.slow
@pytest.mark.parametrize("optimiser", INSTALLED)
@pytest.mark.parametrize("parallel", [1, 4])
@pytest.mark.parametrize("problem", ["fragile3d", "hpolike3d"])
def test_an_optimiser_finishes_its_run(optimiser: str, parallel: int, problem: str, tmp_path: Path) -> None:
    """With trials pending, and with trainings that fail."""
    plans = plans_for([optimiser], [problem], seeds=1, budget=BUDGET, parallel=[parallel])
    absences = hold(plans, tmp_path / "runs.jsonl", data=None, processes=1, limit_s=600)

    assert absences == []
    assert [len(run.truth) for run in ledger.read(tmp_path / "runs.jsonl")] == [BUDGET]


def test_some_trainings_of_the_fragile_problem_fail() -> None:
    """And not all, or an adapter would not be tried."""
    problem, rng = make("fragile3d", None), np.random.default_rng(0)
    truth = problem.truth([from_unit(problem.space, u) for u in rng.random((100, len(problem.space)))])

    assert 0 < np.isnan(truth).sum() < 50


def test_luthier_sees_a_training_that_failed_as_a_trial_without_value() -> None:
    """As a tuning job does: its strategy would choke on NaN."""
    problem = make("fragile3d", None)
    luthier = maker("luthier")(problem.space, seed=0, parallel=1)
    for _ in range(8):
        token, point = luthier.ask()
        luthier.tell(token, point, math.nan)

    assert luthier.ask()[1].keys() == {each.name for each in problem.space}
