"""Early stopping in SageMaker's words."""

from collections.abc import Sequence

import pytest

from luthier.records.status import SecondaryStatus, TrainingStatus
from luthier.records.training_job import TrainingJob, Transition
from luthier.records.trial import Trial
from luthier.records.tuning_job import Objective, ObjectiveType, Resource
from luthier.strategies.early_stopping.prediction_rule import predicted
from luthier.strategies.early_stopping.verdict import Verdict
from luthier.tuning.early_stopping import lessons, losers
from luthier.tuning.view import TuningView
from strategies.learning_curves import falling, noisy
from things import a_specification, a_training_job, a_tuning_definition, a_tuning_job

IN_PROGRESS, COMPLETED, STOPPED = TrainingStatus.IN_PROGRESS, TrainingStatus.COMPLETED, TrainingStatus.STOPPED
MAXIMIZE = Objective(type=ObjectiveType.MAXIMIZE, metric="loss")

Family = Sequence[tuple[TrainingJob, tuple[float, ...]]]


def a_family(last: TrainingJob, curve: Sequence[float], sign: float = 1.0) -> Family:
    """Six training jobs that ran to their ends, and the last one."""
    ended = [(a_training_job(place, COMPLETED), noisy(falling(0.2 + 0.05 * place), place)) for place in range(1, 7)]
    return [(job, tuple(sign * value for value in reports)) for job, reports in [*ended, (last, tuple(curve))]]


def a_view(family: Family, **specification: object) -> TuningView:
    job = a_tuning_job(specification={"stops_early": True, **specification})
    return TuningView(
        job=job,
        children=tuple(job for job, _ in family),
        finals={job.arn: reports[-1] for job, reports in family},
        curves={job.arn: reports for job, reports in family},
        now=3000.0,
    )


RUNNING = a_training_job(7, IN_PROGRESS)
CUT = a_training_job(7, STOPPED, stop_reason="it would not win")
HOPELESS = falling(0.9)[:12]


@pytest.mark.parametrize(("sign", "objective"), [(1.0, {}), (-1.0, {"objective": MAXIMIZE})], ids=["lower", "higher"])
def test_what_will_not_win_is_named_with_the_reason(sign: float, objective: dict[str, Objective]) -> None:
    """Whichever way is better."""
    view = a_view(a_family(RUNNING, HOPELESS, sign), **objective)

    found = losers(view, predicted)

    assert list(found) == [RUNNING.arn]
    assert found[RUNNING.arn].startswith("after 12 of about 40 reports")


def test_nothing_is_named_where_nothing_was_asked_for() -> None:
    assert losers(a_view(a_family(RUNNING, HOPELESS), stops_early=False), predicted) == {}


def test_places_are_those_of_training_jobs_that_were_not_lost() -> None:
    """One that the service failed is no trial, and moves nobody's place."""
    lost = a_training_job(8, TrainingStatus.FAILED, is_retryable=True)
    family = [(lost, (0.5,)), *a_family(RUNNING, HOPELESS)]

    def last_of(trials: Sequence[Trial]) -> list[Verdict]:
        return [Verdict(place=len(trials) - 1, reason="last")]

    assert losers(a_view(family), last_of) == {RUNNING.arn: "last"}


@pytest.mark.parametrize(("sign", "objective"), [(1.0, {}), (-1.0, {"objective": MAXIMIZE})], ids=["lower", "higher"])
def test_the_lesson_of_one_that_was_stopped_is_where_it_would_have_ended(
    sign: float, objective: dict[str, Objective]
) -> None:
    """It was stopped at 0.55, on its way to 0.5."""
    view = a_view(a_family(CUT, falling(0.5)[:10], sign), **objective)

    learned = lessons(view.job.specification, view.children, view.finals, view.curves)

    assert learned[CUT.arn] == pytest.approx(sign * 0.5, abs=0.03)


def test_the_lessons_of_all_others_are_their_objectives() -> None:
    view = a_view(a_family(CUT, falling(0.5)[:10]))

    learned = lessons(view.job.specification, view.children, view.finals, view.curves)

    assert {arn: value for arn, value in learned.items() if arn != CUT.arn} == {
        arn: value for arn, value in view.finals.items() if arn != CUT.arn
    }


def test_one_that_somebody_stopped_teaches_the_value_that_it_had() -> None:
    """Whoever did may have had reasons that no curve shows."""
    view = a_view(a_family(a_training_job(7, STOPPED), falling(0.5)[:10]))

    assert lessons(view.job.specification, view.children, view.finals, view.curves) == view.finals


def test_without_early_stopping_lessons_are_objectives() -> None:
    assert lessons(a_specification(), [CUT], {CUT.arn: 0.5}, {}) == {CUT.arn: 0.5}


@pytest.mark.parametrize("changes", [{}, {"stops_early": False, "resource": Resource(minimum=3, maximum=10)}])
def test_one_whose_hosts_began_anew_is_left_alone(changes: dict[str, object]) -> None:
    """Twelve reports may be five, and seven of the second attempt."""
    anew = Transition(status=SecondaryStatus.RESTARTING, at=2000.0, message="Its hosts were lost.")
    view = a_view(a_family(a_training_job(7, IN_PROGRESS, transitions=(anew,)), HOPELESS), **changes)

    assert losers(view, predicted) == {}


HYPERBAND = {"stops_early": False, "resource": Resource(minimum=3, maximum=30)}


@pytest.mark.parametrize(("sign", "objective"), [(1.0, {}), (-1.0, {"objective": MAXIMIZE})], ids=["lower", "higher"])
def test_a_hyperband_search_stops_by_its_own_rule(sign: float, objective: dict[str, Objective]) -> None:
    """Whatever that of early stopping would say."""
    view = a_view(a_family(RUNNING, HOPELESS, sign), **HYPERBAND, **objective)

    assert losers(view, lambda _: []) == {
        RUNNING.arn: "after 9 reports of the objective 6 of 7 training jobs were better, and one in 3 goes on"
    }


@pytest.mark.parametrize(("sign", "objective"), [(1.0, {}), (-1.0, {"objective": MAXIMIZE})], ids=["lower", "higher"])
def test_the_lesson_of_one_that_hyperband_stopped_is_where_it_would_have_ended(
    sign: float, objective: dict[str, Objective]
) -> None:
    view = a_view(a_family(CUT, falling(0.5)[:10], sign), **HYPERBAND, **objective)

    learned = lessons(view.job.specification, view.children, view.finals, view.curves)

    assert learned[CUT.arn] == pytest.approx(sign * 0.5, abs=0.04)


def test_the_lesson_of_one_that_made_all_its_reports_is_its_objective() -> None:
    """It was stopped, for it went on after the last one; nothing is left to be foreseen."""
    view = a_view(a_family(CUT, falling(0.5)[:31]), **HYPERBAND)

    learned = lessons(view.job.specification, view.children, view.finals, view.curves)

    assert learned == view.finals


def test_training_jobs_of_different_definitions_are_not_compared() -> None:
    """Each has rungs, and rivals, of its own."""
    resources = {"one": Resource(minimum=3, maximum=30), "other": Resource(minimum=2, maximum=30)}
    family = [
        (a_training_job(place, definition_name=name), (value,) * 2)
        for place, (name, value) in enumerate([("one", 0.1), ("one", 0.9), ("other", 0.3), ("other", 0.4)], 1)
    ]
    definitions = tuple(a_tuning_definition(name=name, resource=each) for name, each in resources.items())

    found = losers(a_view(family, stops_early=False, definitions=definitions), lambda _: [])

    assert list(found) == [family[3][0].arn]
