"""Maps of two hyperparameters as shapes."""

import re
from dataclasses import replace

from luthier.dashboard.surface_view import BANDS, BOTTOM, LEFT, RIGHT, TOP, draw_surfaces
from luthier.records.portrait import Stop, Surface
from luthier.records.tuning_job import ObjectiveType
from portraits import PORTRAIT

SURFACE = Surface(
    names=("eta", "depth"),
    across=(Stop(value=0.001, at=0.0), Stop(value=0.1, at=0.5), Stop(value=1.0, at=1.0)),
    upward=(Stop(value=1, at=0.25), Stop(value=2, at=0.75)),
    values=((0.9, 0.9, 0.1), (0.5, 0.4, 0.5)),
    best=(1, 0),
)
(DRAWING,) = draw_surfaces(replace(PORTRAIT, surfaces=(SURFACE,)), ObjectiveType.MINIMIZE)


def bands(direction: ObjectiveType) -> dict[int, str]:
    (drawing,) = draw_surfaces(replace(PORTRAIT, surfaces=(SURFACE,)), direction)
    return {each.level: each.path for each in drawing.bands}


def test_the_cells_fill_the_map_exactly() -> None:
    boxes = [
        (float(x2) - float(x1)) * (float(y1) - float(y2))
        for band in DRAWING.bands
        for x1, y1, x2, y2 in re.findall(r"M([\d.]+) ([\d.]+)H([\d.]+)V([\d.]+)H[\d.]+z", band.path)
    ]

    assert sum(boxes) == (RIGHT - LEFT) * (BOTTOM - TOP)


def test_neighbours_in_a_row_are_one_shape() -> None:
    assert bands(ObjectiveType.MINIMIZE)[0] == f"M{LEFT}.0 {BOTTOM}.0H248.5V108.0H{LEFT}.0z"


def test_the_lowest_is_in_the_best_band_where_it_is_to_be_minimised() -> None:
    low, high = bands(ObjectiveType.MINIMIZE), bands(ObjectiveType.MAXIMIZE)

    assert low[BANDS - 1] == high[0]
    assert low[0] == high[BANDS - 1]


def test_the_summit_is_named_by_its_values() -> None:
    assert DRAWING.summit == ("1", "1")


def test_the_ring_is_where_the_best_point_is() -> None:
    assert (DRAWING.x, DRAWING.y) == ((LEFT + RIGHT) / 2, BOTTOM - (BOTTOM - TOP) * 0.25)


def test_the_worst_tenth_is_one_band_however_bad_it_is() -> None:
    steep = replace(
        SURFACE,
        values=(*tuple((0.1 * row, 0.1 * row + 0.05, 0.9) for row in range(7)), (0.9, 1000000000.0, 1000000000.0)),
    )
    stops = tuple(Stop(value=row, at=row / 7) for row in range(8))

    (drawing,) = draw_surfaces(replace(PORTRAIT, surfaces=(replace(steep, upward=stops),)), ObjectiveType.MINIMIZE)

    assert drawing.worst == 0.9
    assert len(drawing.bands) == BANDS - 1


def test_a_flat_map_is_of_one_band() -> None:
    flat = replace(SURFACE, values=((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)))

    (drawing,) = draw_surfaces(replace(PORTRAIT, surfaces=(flat,)), ObjectiveType.MINIMIZE)

    assert [each.level for each in drawing.bands] == [0]


def test_values_as_far_apart_as_numbers_go_are_drawn() -> None:
    wide = replace(SURFACE, values=((1.7e308, 0.0, -1.7e308), (0.0, 0.0, 0.0)))

    (drawing,) = draw_surfaces(replace(PORTRAIT, surfaces=(wide,)), ObjectiveType.MAXIMIZE)

    assert {each.level for each in drawing.bands} == {0, BANDS // 2, BANDS - 1}


def test_without_a_surface_there_is_no_map() -> None:
    assert draw_surfaces(PORTRAIT, ObjectiveType.MINIMIZE) == ()
