"""Tuning jobs beside each other: lines, numbers, and addresses that name what is not there."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pytest

from luthier.dashboard.comparison import MOST, Comparison, compare
from luthier.dashboard.families import Family
from luthier.dashboard.plot import LEFT, RIGHT
from luthier.records.status import TrainingStatus
from luthier.records.training_job import FinalMetric, TrainingJob
from luthier.records.tuning_job import Objective, ObjectiveType
from things import a_training_job, a_tuning_job

if TYPE_CHECKING:
    from dashboard.conftest import Site

OVER = TrainingStatus.COMPLETED


def a_family(*values: float, status: TrainingStatus = OVER) -> Family:
    children = [a_training_job(ordinal, status) for ordinal in range(1, len(values) + 1)]
    finals = {
        child.arn: [FinalMetric(name="loss", value=value, at=1.0)]
        for child, value in zip(children, values, strict=True)
    }
    return Family(children=children, finals=finals)


def compared(*families: Family, objective: Objective | None = None) -> Comparison:
    changes = {"objective": objective} if objective else {}
    jobs = [a_tuning_job(f"tune-{number}", specification=changes) for number in range(len(families))]
    return compare(list(zip(jobs, families, strict=True)), now=5000.0)


def corners(points: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in (each.split(",") for each in points.split())]


def test_a_line_falls_only_where_a_training_job_was_better_than_all_before() -> None:
    (course,) = compared(a_family(0.5, 0.75, 0.25)).courses

    heights = [y for _, y in corners(course.points)]
    assert len(heights) == 4
    assert heights[0] == heights[1] < heights[2] == heights[3]


def test_the_best_is_the_highest_where_it_is_to_be() -> None:
    wanted = Objective(type=ObjectiveType.MAXIMIZE, metric="loss")

    (course,) = compared(a_family(*[0.5] * 9, 0.75), objective=wanted).courses

    assert course.after == (0.75,)


def test_lines_share_their_axes_and_end_with_their_last_training_job() -> None:
    long, short = compared(a_family(*[0.5] * 20), a_family(*[0.5] * 10)).courses

    assert corners(long.points)[-1][0] == pytest.approx(LEFT + (RIGHT - LEFT), abs=0.1)
    assert corners(short.points)[-1][0] == pytest.approx(LEFT + (RIGHT - LEFT) * 10 / 20, abs=0.1)
    assert corners(long.points)[0] == corners(short.points)[0]


def test_the_best_is_told_after_as_many_training_jobs_as_there_were() -> None:
    found = compared(a_family(*[0.5] * 15, 0.25, *[0.5] * 4), a_family(*[0.5] * 10))

    assert found.after == (10, 20)
    assert [course.after for course in found.courses] == [(0.5, 0.25), (0.5, None)]


def test_a_training_job_that_failed_is_no_best() -> None:
    (course,) = compared(a_family(0.5, status=TrainingStatus.FAILED)).courses

    assert course.points == ""


def test_different_metrics_are_warned_of() -> None:
    other = a_tuning_job("other", specification={"objective": Objective(type=ObjectiveType.MINIMIZE, metric="rmse")})
    subjects: Sequence[tuple[object, Family]] = [(a_tuning_job(), Family(children=[], finals={}))]

    assert compare([*subjects, (other, Family(children=[], finals={}))], 1.0).is_mixed  # type: ignore[list-item]
    assert not compared(a_family(0.5), a_family(0.5)).is_mixed


def test_the_page_shows_those_named_and_offers_others(site: "Site") -> None:
    job: TrainingJob = a_training_job(1, OVER)
    site.add(job)
    site.report(job, 0.125)
    site.store.tuning_jobs.add(a_tuning_job("other"))

    text = site.get("/ui/compare?job=us-east-1/tune").text

    assert text.count('<polyline class="course') == 2  # the best so far, and the distribution
    assert 'value="us-east-1/tune" checked>' in text
    assert 'value="us-east-1/other">' in text


def test_without_a_name_there_is_a_choice(site: "Site") -> None:
    site.store.tuning_jobs.add(a_tuning_job())

    page = site.get("/ui/compare")

    assert page.status == 200
    assert 'value="us-east-1/tune">' in page.text


@pytest.mark.parametrize("named", ["us-east-1/nobody", "nowhere", "", "%00/%00", "us-east-1/%ED%A0%80"])
def test_a_tuning_job_that_is_not_there_is_refused_with_advice(site: "Site", named: str) -> None:
    page = site.get(f"/ui/compare?job={named}")

    assert page.status == 404
    assert "job=region/name" in page.text


def test_more_than_fit_are_refused_with_the_number_that_does(site: "Site") -> None:
    page = site.get("/ui/compare?" + "&".join(f"job=us-east-1/{number}" for number in range(MOST + 1)))

    assert page.status == 400
    assert f"name {MOST} at most" in page.text


def test_where_there_is_nothing_to_pick_no_form_is_shown(site: "Site") -> None:
    text = site.get("/ui/compare").text

    assert "There is no tuning job yet." in text
    assert "<form" not in text
