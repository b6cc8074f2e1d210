"""When portraits are painted, and what is shown meanwhile."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from typing import ParamSpec, TypeVar

import pytest

from at_once import AtOnce
from luthier.dashboard.gallery import MOST, Gallery
from luthier.records.portrait import NotEnough
from luthier.records.tuning_job import TuningJob
from luthier.tuning.portraits import Portrayed
from things import a_tuning_definition, a_tuning_job

P = ParamSpec("P")
T = TypeVar("T")

GOING_ON = a_tuning_job()
OVER = a_tuning_job(ended_at=2000.0)


class Patient(Executor):
    """Does what it was given when it is told to."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        future: Future[T] = Future()
        self.waiting.append(lambda: future.set_result(fn(*args, **kwargs)))
        return future

    def work(self) -> None:
        for each in self.waiting:
            each()
        self.waiting.clear()


class Painter:
    """Counts what it paints."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, job: TuningJob) -> Sequence[Portrayed]:
        self.count += 1
        return [Portrayed(definition=a_tuning_definition(), portrayal=NotEnough(observed=0, reason=job.name))]


def test_a_look_does_not_wait_for_the_first_painting() -> None:
    painting = Gallery(Painter(), Patient()).look(GOING_ON, 5)

    assert painting.found is None
    assert painting.coming is not None


def test_what_is_being_painted_is_not_painted_twice() -> None:
    patient = Patient()
    gallery = Gallery(Painter(), patient)

    for over in (5, 9, 20):
        gallery.look(GOING_ON, over)

    assert len(patient.waiting) == 1


def test_a_painting_is_shown_from_the_next_look_on() -> None:
    patient = Patient()
    gallery = Gallery(Painter(), patient)
    gallery.look(GOING_ON, 5)
    patient.work()

    painting = gallery.look(GOING_ON, 5)

    assert painting.found is not None
    assert (painting.over, painting.coming) == (5, None)


@pytest.mark.parametrize(("over", "count"), [(20, 1), (22, 1), (23, 2)])
def test_a_new_one_is_painted_when_a_tenth_more_training_jobs_are_over(over: int, count: int) -> None:
    painter = Painter()
    gallery = Gallery(painter, AtOnce())
    gallery.look(GOING_ON, 20)

    gallery.look(GOING_ON, over)

    assert painter.count == count


def test_the_old_one_is_shown_while_the_new_one_is_painted() -> None:
    patient = Patient()
    gallery = Gallery(Painter(), patient)
    gallery.look(GOING_ON, 5)
    patient.work()

    painting = gallery.look(GOING_ON, 10)

    assert painting.found is not None
    assert painting.over == 5
    assert painting.coming is not None


def test_the_last_one_holds_every_training_job() -> None:
    gallery = Gallery(Painter(), AtOnce())
    gallery.look(GOING_ON, 20)

    assert gallery.look(OVER, 21).over == 21


def test_a_tuning_job_made_anew_under_the_same_name_has_its_own() -> None:
    painter = Painter()
    gallery = Gallery(painter, AtOnce())
    gallery.look(GOING_ON, 5)

    gallery.look(a_tuning_job(created_at=3000.0), 5)

    assert painter.count == 2


def test_only_the_paintings_last_looked_at_are_kept() -> None:
    painter = Painter()
    gallery = Gallery(painter, AtOnce())
    for number in range(MOST + 1):
        gallery.look(a_tuning_job(f"job-{number}"), 5)

    gallery.look(a_tuning_job("job-0"), 5)

    assert painter.count == MOST + 2


def test_a_fault_in_painting_is_raised_and_the_next_look_tries_again() -> None:
    calls: list[str] = []

    def portray(job: TuningJob) -> Sequence[Portrayed]:
        calls.append(job.name)
        raise ArithmeticError("no canvas")

    class Faulty(Executor):
        def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
            future: Future[T] = Future()
            try:
                fn(*args, **kwargs)
            except ArithmeticError as error:
                future.set_exception(error)
            return future

    gallery = Gallery(portray, Faulty())
    for _ in range(2):
        with pytest.raises(ArithmeticError):
            gallery.look(GOING_ON, 5)

    assert len(calls) == 2


def test_a_glance_has_nothing_painted() -> None:
    patient = Patient()

    assert Gallery(Painter(), patient).glance(GOING_ON) == (0, False)
    assert patient.waiting == []


def test_a_glance_says_how_old_a_painting_is_and_whether_another_comes() -> None:
    patient = Patient()
    gallery = Gallery(Painter(), patient)
    gallery.look(GOING_ON, 5)
    before = gallery.glance(GOING_ON)
    patient.work()

    assert (before, gallery.glance(GOING_ON)) == ((0, True), (5, False))


def test_a_glance_and_a_look_agree() -> None:
    gallery = Gallery(Painter(), AtOnce())

    assert gallery.look(GOING_ON, 5).over == gallery.glance(GOING_ON)[0] == 5
