"""When training jobs ran: their lanes, how busy those were, and how much is drawn of many."""

from itertools import pairwise

import pytest

from luthier.dashboard.timeline import LEFT, LINKED, RIGHT, timeline
from luthier.records.status import SecondaryStatus, TrainingStatus
from luthier.records.training_job import TrainingJob, Transition
from things import a_training_job


def ran(ordinal: int, start: float, end: float | None) -> TrainingJob:
    """A training job that began at *start*, and has ended unless *end* is None."""
    began = Transition(status=SecondaryStatus.STARTING, at=start, message="")
    status = TrainingStatus.IN_PROGRESS if end is None else TrainingStatus.COMPLETED
    return a_training_job(ordinal, status, created_at=start - 5.0, transitions=(began,), ended_at=end)


def test_before_any_has_begun_there_is_nothing_to_draw() -> None:
    assert timeline([a_training_job(1, transitions=())], now=50.0) is None


def test_training_jobs_at_the_same_time_have_lanes_of_their_own_and_a_free_lane_is_used_again() -> None:
    found = timeline([ran(1, 0.0, 10.0), ran(2, 2.0, 4.0), ran(3, 5.0, 9.0), ran(4, 10.0, 20.0)], now=50.0)

    assert found is not None
    first, second, third, fourth = found.bars
    assert first.y == fourth.y < second.y == third.y
    assert found.most_at_once == 2


def test_bars_go_from_the_first_beginning_to_the_last_end() -> None:
    found = timeline([ran(1, 100.0, 110.0), ran(2, 115.0, 120.0)], now=500.0)

    assert found is not None
    assert (found.bars[0].x, found.bars[-1].x + found.bars[-1].width) == (LEFT, RIGHT)
    assert found.lasted_s == 20.0
    assert found.mean_at_once == pytest.approx(15.0 / 20.0)


def test_one_that_goes_on_reaches_until_now() -> None:
    found = timeline([ran(1, 100.0, None)], now=130.0)

    assert found is not None
    assert found.bars[0].lasted_s == 30.0


def test_a_clock_that_went_back_draws_nothing_backwards() -> None:
    found = timeline([ran(1, 100.0, 90.0), ran(2, 100.0, 140.0)], now=200.0)

    assert found is not None
    assert all(bar.width > 0 for bar in found.bars)


def test_times_on_the_axis_are_round_and_few() -> None:
    found = timeline([ran(1, 0.0, 9000.0)], now=9000.0)

    assert found is not None
    assert [mark.text for mark in found.across][:4] == ["0", "30 min", "1 h", "1 h 30 min"]
    assert all(one.at < other.at <= RIGHT for one, other in pairwise(found.across))


@pytest.mark.parametrize("span", [0.0, 0.5, 59.0, 86_400.0 * 5000])
def test_any_span_has_a_bounded_axis(span: float) -> None:
    found = timeline([ran(1, 0.0, span)], now=span)

    assert found is not None
    assert 1 <= len(found.across) <= 11


def test_of_many_training_jobs_each_status_is_one_shape() -> None:
    found = timeline([ran(each, float(each), each + 0.9) for each in range(1, 2 * LINKED)], now=5000.0)

    assert found is not None
    assert found.bars == ()
    assert [stripe.status for stripe in found.stripes] == [TrainingStatus.COMPLETED]


def test_lanes_beyond_the_last_are_told_of_and_not_drawn() -> None:
    found = timeline([ran(each, float(each), 1000.0) for each in range(1, 131)], now=5000.0)

    assert found is not None
    assert (len(found.bars), found.undrawn, found.most_at_once) == (100, 30, 130)
