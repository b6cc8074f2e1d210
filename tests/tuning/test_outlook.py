"""How long a tuning job will go on."""

from typing import Any

import pytest

from luthier.records.status import TrainingStatus, TuningStatus
from luthier.records.training_job import TrainingJob
from luthier.records.tuning_job import TuningJob
from luthier.tuning.outlook import runs_of, time_left
from things import a_training_job, a_tuning_job

OVER = TrainingStatus.COMPLETED
NOW = 5000.0


def a_job(**limits: int) -> TuningJob:
    return a_tuning_job(specification={"max_jobs": 10, "max_parallel": 2, **limits})


def left(children: list[TrainingJob], now: float = NOW, **limits: int) -> float | None:
    return time_left(a_job(**limits), runs_of(children), now)


def ended(ordinal: int, lasted: float, status: TrainingStatus = OVER, **changes: Any) -> TrainingJob:
    return a_training_job(ordinal, status, created_at=1000.0, ended_at=1000.0 + lasted, **changes)


def test_nothing_is_known_before_a_training_job_has_ended() -> None:
    assert left([a_training_job(1)]) is None


def test_what_is_to_come_takes_the_mean_and_so_many_run_at_a_time() -> None:
    assert left([ended(1, 100.0), ended(2, 300.0)]) == 8 * 200.0 / 2


def test_what_runs_is_counted_as_far_as_it_has_not_run() -> None:
    running = [a_training_job(number, created_at=NOW - 50.0) for number in (2, 3)]

    assert left([ended(1, 100.0), *running], max_jobs=3) == 50.0


def test_one_that_runs_longer_than_the_mean_is_about_to_end() -> None:
    assert left([ended(1, 100.0), a_training_job(2, created_at=NOW - 900.0)], max_jobs=2) == 0.0


def test_a_single_training_job_is_not_divided_by_the_places() -> None:
    assert left([ended(1, 100.0)], max_jobs=2, max_parallel=10) == 100.0


def test_one_that_the_service_failed_is_made_up_for() -> None:
    lost = ended(2, 100.0, TrainingStatus.FAILED, is_retryable=True)

    assert left([ended(1, 100.0), lost], max_jobs=2, max_parallel=1) == 100.0


def test_the_tuning_jobs_own_limit_bounds_it() -> None:
    assert left([ended(1, 100.0)], max_runtime_s=4010) == 10.0


@pytest.mark.parametrize("status", [each for each in TuningStatus if each is not TuningStatus.IN_PROGRESS])
def test_one_that_is_over_or_being_stopped_has_no_estimate(status: TuningStatus) -> None:
    assert time_left(a_tuning_job(status=status), runs_of([ended(1, 100.0)]), NOW) is None


def test_one_that_has_met_a_criterion_has_no_estimate() -> None:
    assert time_left(a_tuning_job(completing_at=1.0), runs_of([ended(1, 100.0)]), NOW) is None


def test_a_clock_that_went_back_makes_no_time_negative() -> None:
    assert left([ended(1, -100.0)]) == 0.0
