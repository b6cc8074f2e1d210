"""Which of many trials a portrait looks at."""

import numpy as np

from luthier.strategies.bayesian.portrait.sampling import PORTION, PORTRAYED, candidates, evenly, in_portions
from luthier.strategies.scale import Array
from strategies.spaces import over


def test_few_are_all_looked_at() -> None:
    assert evenly(5, 5).tolist() == [0, 1, 2, 3, 4]


def test_of_many_some_are_looked_at_that_are_spread_evenly() -> None:
    assert evenly(10, 5).tolist() == [1, 3, 5, 7, 9]


def test_the_better_half_of_the_candidates_are_the_best() -> None:
    falling = [over({"x": 0.0}, float(-place)) for place in range(3 * PORTRAYED)]

    found = candidates(falling)

    assert len(found) == PORTRAYED
    assert found[-PORTRAYED // 2 :].tolist() == list(range(3 * PORTRAYED - PORTRAYED // 2, 3 * PORTRAYED))


def test_a_model_is_asked_a_portion_at_a_time_and_answers_as_if_at_once() -> None:
    sizes: list[int] = []

    def first(U: Array) -> Array:
        sizes.append(len(U))
        return np.asarray(U[:, 0])

    U = np.arange(10.0)[:, None]

    assert in_portions(first, PORTION // 4)(U).tolist() == U[:, 0].tolist()
    assert sizes == [4, 4, 2]
