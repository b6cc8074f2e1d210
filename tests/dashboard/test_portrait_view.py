"""Portraits as shapes."""

from concurrent.futures import Future
from dataclasses import replace

from luthier.dashboard.gallery import Painting
from luthier.dashboard.portrait_view import BOTTOM, DRAWN, LEFT, RIGHT, TOP, draw_slices, lessons_of
from luthier.records.portrait import NotEnough, Place, Slice
from luthier.records.tuning_job import ObjectiveType
from luthier.tuning.portraits import Portrayed
from portraits import PORTRAIT, a_slice, an_estimate
from things import a_tuning_definition

ETA, BOOSTER = draw_slices(PORTRAIT, ObjectiveType.MINIMIZE, ())


def test_a_line_goes_from_edge_to_edge_of_its_hyperparameters_scale() -> None:
    across = [float(point.split(",")[0]) for point in ETA.line.split()]

    assert across == [LEFT, round(LEFT + (RIGHT - LEFT) / 3, 1), RIGHT]


def test_a_higher_objective_is_drawn_higher() -> None:
    heights = [float(point.split(",")[1]) for point in ETA.line.split()]

    assert heights[2] < heights[0] < heights[1]


def test_nothing_is_drawn_outside() -> None:
    heights = [float(point.split(",")[1]) for each in (ETA.line, ETA.band) for point in each.split()]

    assert all(TOP <= height <= BOTTOM for height in heights)


def test_a_band_lies_on_both_sides_of_its_line() -> None:
    upper, lower = ETA.band.split()[:3], ETA.band.split()[:2:-1]

    for above, point, below in zip(upper, ETA.line.split(), lower, strict=True):
        assert float(above.split(",")[1]) < float(point.split(",")[1]) < float(below.split(",")[1])


def test_the_best_point_is_marked_on_the_line() -> None:
    [mark] = ETA.marks

    assert mark.is_best
    assert f"{mark.x},{mark.y}" in ETA.line.split()


def test_categories_have_a_mark_and_a_name_each() -> None:
    assert [mark.label for mark in BOOSTER.marks] == ["gbtree", "dart"]
    assert [mark.is_best for mark in BOOSTER.marks] == [True, False]
    assert BOOSTER.line == ""


def test_many_categories_are_not_named_and_long_names_are_cut() -> None:
    def labels(*names: str) -> list[str]:
        places = tuple(
            Place(value=name, at=place / len(names), estimate=an_estimate(0.25)) for place, name in enumerate(names)
        )
        found = Slice(name="c", is_categorical=True, places=places, best=0)
        [drawing] = draw_slices(replace(PORTRAIT, slices=(found,)), ObjectiveType.MINIMIZE, ())
        return [mark.label for mark in drawing.marks]

    assert labels(*"abcdefg") == [""] * 7
    assert labels("convolutional", "b") == ["convolu…", "b"]


def test_all_slices_have_the_same_axis() -> None:
    assert ETA.upward == BOOSTER.upward


def test_the_best_of_a_slice_depends_on_which_way_is_better() -> None:
    eta, _ = draw_slices(PORTRAIT, ObjectiveType.MAXIMIZE, ())

    assert (ETA.summit, ETA.summit_objective) == ("0.01", "0.25")
    assert (eta.summit, eta.summit_objective) == ("1", "0.9")


def test_of_many_hyperparameters_the_most_important_are_drawn() -> None:
    slices = tuple(replace(a_slice("eta"), name=f"x{place}") for place in range(DRAWN + 5))

    drawings = draw_slices(replace(PORTRAIT, slices=slices), ObjectiveType.MINIMIZE, ())

    assert [each.name for each in drawings] == [f"x{place}" for place in range(DRAWN)]


def test_silence_is_shown_with_its_reason() -> None:
    found = Portrayed(definition=a_tuning_definition(), portrayal=NotEnough(observed=1, reason="Too few."))

    [lesson] = lessons_of(Painting(found=[found], over=1), {}).lessons

    assert (lesson.silence, lesson.portrait) == ("Too few.", None)


def test_lessons_say_whether_newer_ones_are_coming() -> None:
    assert lessons_of(Painting(coming=Future()), {}).are_coming
    assert not lessons_of(Painting(found=[]), {}).are_coming
