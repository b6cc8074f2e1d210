"""Parallel coordinates: axes on their own scales, and a bounded number of telling lines."""

from luthier.dashboard.parallel_lines import MOST, parallel_lines, spread
from luthier.records.search_space import ContinuousRange, ScalingType, SearchSpace
from luthier.records.status import TrainingStatus
from luthier.records.tuning_job import Objective, ObjectiveType
from things import a_training_job, a_tuning_definition

OVER = TrainingStatus.COMPLETED


def test_an_axis_has_the_scale_of_its_range() -> None:
    eta, depth, booster = parallel_lines(a_tuning_definition(), [], {}).coordinates

    assert (eta.is_logarithmic, eta.low, eta.high) == (True, 0.001, 1.0)
    assert (depth.is_logarithmic, depth.low, depth.high) == (False, 1, 10)
    assert (booster.choices, booster.low) == (("gbtree", "dart"), None)


def test_a_wide_range_of_automatic_scaling_is_drawn_logarithmically() -> None:
    wide = ContinuousRange(name="alpha", low=0.0001, high=10.0, scaling=ScalingType.AUTO)

    drawn = parallel_lines(a_tuning_definition(space=SearchSpace(ranges=(wide,))), [], {})

    assert drawn.coordinates[0].is_logarithmic


def test_a_line_goes_through_the_values_as_numbers_and_choices() -> None:
    job = a_training_job(1, OVER, tuned={"eta": "0.1", "max_depth": "3", "booster": "dart"})

    (line,) = parallel_lines(a_tuning_definition(), [job], {job.arn: 0.5}).lines

    assert (line.values, line.objective) == ((0.1, 3, "dart"), 0.5)


def test_a_training_job_without_an_objective_that_counts_has_no_line() -> None:
    running, failed, silent = a_training_job(1), a_training_job(2, TrainingStatus.FAILED), a_training_job(3, OVER)

    drawn = parallel_lines(a_tuning_definition(), [running, failed, silent], {running.arn: 0.5, failed.arn: 0.5})

    assert (drawn.lines, drawn.of) == ((), 0)


def test_the_best_line_comes_last_where_it_hides_the_others() -> None:
    jobs = [a_training_job(number, OVER) for number in (1, 2, 3)]
    values = dict(zip([job.arn for job in jobs], (0.2, 0.9, 0.5), strict=True))
    definition = a_tuning_definition(objective=Objective(type=ObjectiveType.MAXIMIZE, metric="loss"))

    assert [line.job.ordinal for line in parallel_lines(definition, jobs, values).lines] == [1, 3, 2]


def test_the_lines_are_bounded_and_their_number_is_told() -> None:
    jobs = [a_training_job(number, OVER, name=f"tune-{number}") for number in range(1, MOST + 100)]

    drawn = parallel_lines(a_tuning_definition(), jobs, {job.arn: float(job.ordinal or 0) for job in jobs})

    assert (len(drawn.lines), drawn.of) == (MOST, MOST + 99)


def test_half_of_many_are_the_best_and_the_rest_is_spread_to_the_worst() -> None:
    jobs = [a_training_job(number, OVER, name=f"tune-{number}") for number in range(1, 101)]

    picked = [job.ordinal for job in spread(jobs, 10)]

    assert picked == [1, 2, 3, 4, 5, 24, 43, 62, 81, 100]
