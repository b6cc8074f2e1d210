"""How well left-out trials are predicted."""

import numpy as np
import pytest

from luthier.records.trial import Trial
from luthier.strategies.bayesian.portrait.validation import FEWEST, correlation, fidelity
from luthier.strategies.encoding import Encoding
from luthier.strategies.random import Random
from strategies.spaces import PLANE, over


def slope(count: int) -> list[Trial]:
    points = Random().propose(PLANE, [], count, np.random.default_rng(1))
    return [over(point, float(point["x"])) for point in points]


def test_an_objective_that_is_easily_learned_is_predicted_in_its_order() -> None:
    found = fidelity(Encoding(PLANE), slope(30))

    assert found is not None
    assert found > 0.98


def test_few_trials_are_not_judged() -> None:
    assert fidelity(Encoding(PLANE), slope(FEWEST - 1)) is None


def test_an_objective_without_contrast_is_not_judged() -> None:
    assert fidelity(Encoding(PLANE), [over(trial.assignment, 1.0) for trial in slope(20)]) is None


@pytest.mark.parametrize(
    ("other", "expected"), [([2.0, 4.0, 6.0], 1.0), ([3.0, 2.0, 1.0], -1.0), ([1.0, 1.0, 1.0], None)]
)
def test_the_correlation_of_two_vectors_is_pearsons(other: list[float], expected: float | None) -> None:
    found = correlation(np.array([1.0, 2.0, 3.0]), np.array(other))

    assert found == (None if expected is None else pytest.approx(expected))
