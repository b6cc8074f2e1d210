"""Which learning curves are shown, and how much of each."""

from luthier.dashboard.learning_curves import STEPS, choose, thin
from luthier.records.status import TrainingStatus
from luthier.records.tuning_job import ObjectiveType
from things import a_training_job

OVER = TrainingStatus.COMPLETED
MINIMIZE = ObjectiveType.MINIMIZE


def test_few_training_jobs_are_all_shown_by_ordinal() -> None:
    jobs = [a_training_job(number, OVER) for number in (3, 1, 2)]

    chosen = choose(jobs, {job.arn: 0.5 for job in jobs}, MINIMIZE, most=3)

    assert [job.ordinal for job in chosen] == [1, 2, 3]


def test_a_training_job_that_has_reported_nothing_has_no_curve() -> None:
    told, silent = a_training_job(1, OVER), a_training_job(2, OVER)

    assert choose([told, silent], {told.arn: 0.5}, MINIMIZE) == [told]


def test_of_many_the_best_the_newest_and_the_early_stopped_are_shown() -> None:
    jobs = [a_training_job(number, OVER) for number in range(1, 10)]
    jobs[4] = a_training_job(5, TrainingStatus.STOPPED, stop_reason="worse")
    values = {job.arn: 0.1 if job.ordinal == 2 else 0.5 for job in jobs}

    chosen = choose(jobs, values, MINIMIZE, most=3)

    assert [job.ordinal for job in chosen] == [2, 5, 9]


def test_a_failed_training_job_is_not_taken_for_the_best() -> None:
    jobs = [a_training_job(1, TrainingStatus.FAILED), a_training_job(2, OVER), a_training_job(3, OVER)]

    chosen = choose(jobs, {job.arn: float(job.ordinal or 0) for job in jobs}, MINIMIZE, most=1)

    assert [job.ordinal for job in chosen] == [2]


def test_the_highest_is_the_best_where_it_is_to_be() -> None:
    jobs = [a_training_job(number, OVER) for number in (1, 2, 3)]

    chosen = choose(jobs, dict(zip([job.arn for job in jobs], (1.0, 3.0, 2.0), strict=True)), ObjectiveType.MAXIMIZE, 1)

    assert [job.ordinal for job in chosen] == [2]


def test_a_short_curve_keeps_every_step() -> None:
    job = a_training_job(1, OVER)

    (curve,) = thin([(job, (0.5, 0.4, 0.3))], best=job)

    assert (curve.steps, curve.values, curve.is_best) == ((1, 2, 3), (0.5, 0.4, 0.3), True)


def test_long_curves_are_thinned_at_the_same_steps_and_keep_their_ends() -> None:
    long, short = a_training_job(1, OVER), a_training_job(2, OVER)

    first, second = thin(
        [(long, [float(n) for n in range(10_001)]), (short, [float(n) for n in range(778)])], best=None
    )

    assert len(first.steps) <= STEPS + 1
    assert (first.steps[0], first.steps[-1], first.reports) == (1, 10_001, 10_001)
    assert set(second.steps[:-1]) <= set(first.steps)
    assert second.steps[-1] == 778


def test_a_curve_says_whether_its_training_job_was_stopped_early() -> None:
    stopped = a_training_job(1, TrainingStatus.STOPPED, stop_reason="worse than the median")
    by_hand = a_training_job(2, TrainingStatus.STOPPED)

    assert [curve.is_early for curve in thin([(stopped, [1.0]), (by_hand, [1.0])], best=None)] == [True, False]
