"""The plot of a tuning job."""

from luthier.dashboard.plot import BOTTOM, LEFT, RIGHT, TOP, Mark, Point, draw
from luthier.records.tuning_job import ObjectiveType


def points(*values: float, marks: str = "") -> list[Point]:
    """Make points numbered from 1; a mark's letter is c, o or u."""
    kinds = {"c": Mark.COUNTED, "o": Mark.OPEN, "u": Mark.UNCOUNTED}
    letters = marks or "c" * len(values)
    return [
        Point(ordinal=place, value=value, mark=kinds[letter], name=f"job-{place}", url=f"/{place}")
        for place, (value, letter) in enumerate(zip(values, letters, strict=True), 1)
    ]


def heights(path: str) -> list[float]:
    return [float(corner.split(",")[1]) for corner in path.split()]


def test_there_is_no_plot_without_a_value() -> None:
    assert draw([], ObjectiveType.MINIMIZE, 5) is None


def test_every_dot_lies_within_the_axes() -> None:
    plot = draw(points(0.5, 0.1, 1e300, -1e300), ObjectiveType.MINIMIZE, 20)

    assert plot is not None
    assert all(LEFT <= dot.x <= RIGHT and TOP <= dot.y <= BOTTOM for dot in plot.dots)


def test_the_line_of_the_best_only_ever_gets_better() -> None:
    plot = draw(points(0.5, 0.7, 0.3, 0.4, 0.2), ObjectiveType.MINIMIZE, 5)

    assert plot is not None
    assert heights(plot.best_so_far) == sorted(heights(plot.best_so_far))
    assert [dot.point.ordinal for dot in plot.dots if dot.is_best] == [5]


def test_where_more_is_better_the_line_rises() -> None:
    plot = draw(points(0.5, 0.3, 0.9), ObjectiveType.MAXIMIZE, 3)

    assert plot is not None
    assert heights(plot.best_so_far)[0] > heights(plot.best_so_far)[-1]


def test_what_does_not_count_is_never_the_best() -> None:
    plot = draw(points(0.1, 0.2, 0.5, marks="uoc"), ObjectiveType.MINIMIZE, 3)

    assert plot is not None
    assert [dot.point.ordinal for dot in plot.dots if dot.is_best] == [3]


def test_without_a_value_that_counts_there_is_no_line() -> None:
    plot = draw(points(0.1, marks="o"), ObjectiveType.MINIMIZE, 1)

    assert plot is not None
    assert plot.best_so_far == ""


def test_dots_beyond_the_axis_are_counted() -> None:
    plot = draw(points(*(0.1 * place for place in range(1, 10)), 1e9), ObjectiveType.MINIMIZE, 10)

    assert plot is not None
    assert plot.beyond == 1


def test_ordinals_on_the_axis_are_whole() -> None:
    plot = draw(points(0.5), ObjectiveType.MINIMIZE, 1)

    assert plot is not None
    assert [tick.value for tick in plot.across] == [2, 4, 6, 8, 10]
