"""Training jobs as dots on slices."""

from dataclasses import replace

import pytest

from luthier.dashboard.portrait_view import BOTTOM, LEFT, RIGHT, TOP, draw_slices
from luthier.dashboard.slice_dots import MOST, Tried, dots_on, tried_of
from luthier.records.status import TrainingStatus
from luthier.records.tuning_job import ObjectiveType
from portraits import PORTRAIT, a_slice
from things import a_specification, a_training_job, a_tuning_definition


def one(value: float | str | None, objective: float = 0.4) -> Tried:
    return Tried(values={"eta": value, "booster": value}, objective=objective)


@pytest.mark.parametrize(("value", "at"), [(0.001, 0.0), (0.01, 1 / 3), (0.505, 2 / 3), (1.0, 1.0)])
def test_a_number_lies_between_its_neighbours_on_the_scale(value: float, at: float) -> None:
    assert dots_on(a_slice("eta"), [one(value)]) == [(pytest.approx(at), 0.4)]


def test_a_category_lies_at_its_own_place() -> None:
    assert dots_on(a_slice("booster"), [one("dart")]) == [(0.75, 0.4)]


@pytest.mark.parametrize("value", [None, 0.0001, 2.0])
def test_what_is_not_on_the_scale_has_no_dot(value: float | None) -> None:
    assert dots_on(a_slice("eta"), [one(value)]) == []


def test_an_unknown_category_has_no_dot() -> None:
    assert dots_on(a_slice("booster"), [one("gblinear")]) == []


def test_dots_are_drawn_within_the_axis_and_left_out_beyond_it() -> None:
    tried = [one(0.001, 0.3), one(1.0, 0.5), one(0.01, 99.0)]

    eta, _ = draw_slices(PORTRAIT, ObjectiveType.MINIMIZE, tried)

    points = [tuple(map(float, each.removesuffix("h0").split(","))) for each in eta.dots.split("M")[1:]]
    assert [x for x, _ in points] == [LEFT, RIGHT]
    assert TOP <= points[1][1] < points[0][1] <= BOTTOM


def test_training_jobs_that_count_are_shown_the_best_first() -> None:
    jobs = [a_training_job(number, TrainingStatus.COMPLETED, tuned={"eta": f"0.{number}"}) for number in (1, 2, 3)]
    jobs[2] = replace(jobs[2], status=TrainingStatus.FAILED)
    values = {jobs[0].arn: 0.5, jobs[1].arn: 0.25, jobs[2].arn: 0.1}

    (tried,) = tried_of(a_specification(), jobs, values).values()

    assert [(each.values["eta"], each.objective) for each in tried] == [(0.2, 0.25), (0.1, 0.5)]


def test_each_definition_has_its_own() -> None:
    both = [a_tuning_definition(name=name) for name in ("one", "two")]
    job = a_training_job(1, TrainingStatus.COMPLETED, definition_name="two")

    tried = tried_of(a_specification(definitions=both), [job], {job.arn: 0.5})

    assert {name: len(found) for name, found in tried.items()} == {"one": 0, "two": 1}


def test_of_many_training_jobs_some_are_shown() -> None:
    jobs = [a_training_job(number, TrainingStatus.COMPLETED) for number in range(1, MOST + 50)]

    (tried,) = tried_of(a_specification(), jobs, {job.arn: 1.0 for job in jobs}).values()

    assert len(tried) == MOST
