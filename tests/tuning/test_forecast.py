"""When a tuning job will be over, and what it will have used."""

from typing import Any

import pytest

from luthier.tuning.forecast import MAX_JOBS, Forecast, Rules, Run, forecast, used

NOW = 1000.0


def rules(**changes: Any) -> Rules:
    return Rules(**{"created_at": 0.0, "max_jobs": 10, "max_parallel": 2, **changes})


def over(begin: float, end: float, **changes: Any) -> Run:
    """A training job that was on its instances from a tenth of its time on."""
    plain = {
        "created_at": begin,
        "started_at": begin + 0.1 * (end - begin),
        "ended_at": end,
        "is_lost": False,
        "instance_type": "ml.m5.large",
        "instances": 1,
    }
    return Run(**{**plain, **changes})


def running(begin: float, **changes: Any) -> Run:
    return over(begin, begin + 100.0, **{"ended_at": None, **changes})


def at(found: Forecast, rule: str) -> float | None:
    [limit] = [each for each in found.limits if each.rule == rule]
    return limit.at


def test_training_jobs_that_are_left_last_as_long_as_those_before() -> None:
    """Six are left for two places, at 100 s each."""
    runs = [over(0.0, 100.0)] * 4

    assert at(forecast(rules(), runs, NOW), MAX_JOBS) == NOW + 300.0


def test_those_under_way_have_a_part_behind_them() -> None:
    runs = [*[over(0.0, 100.0)] * 8, running(NOW - 60.0), running(NOW - 30.0)]

    assert at(forecast(rules(), runs, NOW), MAX_JOBS) == NOW + 70.0


def test_one_that_takes_longer_than_usual_is_over_at_any_moment() -> None:
    runs = [*[over(0.0, 100.0)] * 9, running(NOW - 500.0)]

    assert at(forecast(rules(), runs, NOW), MAX_JOBS) == NOW


def test_a_lost_training_job_is_made_up_for() -> None:
    runs = [*[over(0.0, 100.0)] * 9, over(0.0, 7.0, is_lost=True)]

    assert at(forecast(rules(), runs, NOW), MAX_JOBS) == NOW + 100.0


def test_before_a_training_job_is_over_nothing_is_foreseen_but_the_limit_of_time() -> None:
    found = forecast(rules(max_runtime_s=3600), [running(900.0)], NOW)

    assert (at(found, MAX_JOBS), found.ends_at, found.expected_s) == (None, 3600.0, None)


def test_the_rule_that_comes_first_ends_it() -> None:
    runs = [over(0.0, 100.0)] * 4

    assert forecast(rules(max_runtime_s=1100), runs, NOW).ends_at == 1100.0
    assert forecast(rules(max_runtime_s=9000), runs, NOW).ends_at == NOW + 300.0


def test_patience_ends_it_at_the_earliest_when_so_many_more_are_over() -> None:
    """Three more of two places: in the second round."""
    runs = [over(0.0, 100.0)] * 4
    found = forecast(rules(patience=5, not_improving=2), runs, NOW)

    assert at(found, "MaxNumberOfTrainingJobsNotImproving") == NOW + 200.0


def test_convergence_needs_a_part_of_all_training_jobs() -> None:
    """Of 60, 10 in a row: 24 more make 34 of 84, 15 more would be 25 of 75."""
    runs = [over(0.0, 100.0)] * 60
    found = forecast(rules(max_jobs=200, max_parallel=1, completes_on_convergence=True, not_improving=10), runs, NOW)

    assert at(found, "CompleteOnConvergence") == NOW + 2400.0


def test_a_rule_for_which_too_few_training_jobs_are_left_is_not_foreseen() -> None:
    found = forecast(rules(completes_on_convergence=True), [over(0.0, 100.0)] * 4, NOW)

    assert at(found, "CompleteOnConvergence") is None


def test_a_target_is_not_foreseen() -> None:
    assert at(forecast(rules(has_target=True), [over(0.0, 100.0)] * 4, NOW), "TargetObjectiveMetricValue") is None


def test_only_the_time_on_instances_is_used_times_their_number() -> None:
    runs = [over(0.0, 100.0, instances=2), running(NOW - 50.0), running(NOW, started_at=None)]

    assert used(runs, NOW) == {"ml.m5.large": 180.0 + 40.0}


def test_what_is_left_uses_as_much_as_what_was() -> None:
    """Four used 90 s of 100 s each; six are left."""
    found = forecast(rules(), [over(0.0, 100.0)] * 4, NOW)

    assert found.expected_s == pytest.approx({"ml.m5.large": 360.0 + 540.0})


def test_what_the_limit_of_time_cuts_off_is_not_used() -> None:
    """Two places for 100 s more."""
    found = forecast(rules(max_runtime_s=1100), [over(0.0, 100.0)] * 4, NOW)

    assert found.expected_s == pytest.approx({"ml.m5.large": 360.0 + 180.0})


def test_instance_types_are_counted_apart() -> None:
    runs = [over(0.0, 100.0), over(0.0, 100.0, instance_type="ml.g5.xlarge")]

    assert forecast(rules(max_jobs=2), runs, NOW).expected_s == pytest.approx(
        {"ml.m5.large": 90.0, "ml.g5.xlarge": 90.0}
    )
