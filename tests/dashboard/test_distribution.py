"""How objectives are distributed: lines that rise from none to all."""

from itertools import pairwise

from luthier.dashboard.distribution import POINTS, Distribution, distribution
from luthier.dashboard.plot import BOTTOM, LEFT, RIGHT, TOP


def drawn(*groups: list[float]) -> Distribution:
    found = distribution(groups)
    assert found is not None
    return found


def corners(line: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in (each.split(",") for each in line.split())]


def test_without_an_objective_there_is_nothing_to_draw() -> None:
    assert distribution([[], []]) is None


def test_a_line_rises_from_none_on_the_left_to_all_on_the_right() -> None:
    path = corners(drawn([3.0, 1.0, 2.0]).lines[0])

    assert (path[0], path[-1]) == ((LEFT, BOTTOM), (RIGHT, TOP))
    assert all(one[0] <= other[0] and one[1] >= other[1] for one, other in pairwise(path))


def test_half_of_the_training_jobs_are_below_the_median() -> None:
    found = drawn([1.0, 2.0, 3.0, 4.0])
    path = corners(found.lines[0])
    middle = (BOTTOM + TOP) / 2

    assert [tick.at for tick in found.upward][2] == middle
    assert path[4][1] == middle


def test_one_without_objectives_has_no_line_and_keeps_its_place() -> None:
    assert [bool(line) for line in drawn([], [1.0, 2.0]).lines] == [False, True]


def test_of_very_many_objectives_quantiles_are_drawn() -> None:
    line = drawn([float(each) for each in range(10 * POINTS)]).lines[0]

    assert len(corners(line)) <= 2 * POINTS + 4
