"""Names of training jobs."""

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from luthier.tuning.names import child_name
from things import a_tuning_job


def test_a_name_is_the_tuning_jobs_with_a_counter_and_eight_hex_digits() -> None:
    """SageMaker's scheme, with the caller's own capitals."""
    assert re.fullmatch("Churn-001-[0-9a-f]{8}", child_name(a_tuning_job("Churn"), 1))


def test_the_thousandth_training_job_gets_a_fourth_digit() -> None:
    assert re.fullmatch("Churn-1000-[0-9a-f]{8}", child_name(a_tuning_job("Churn"), 1000))


def test_a_training_job_that_is_planned_twice_has_one_name() -> None:
    """Nothing that changes while a tuning job runs is in the name."""
    job = a_tuning_job()

    later = replace(job, modified_at=2000.0, stop_requested_at=2000.0, version=9)

    assert child_name(later, 3) == child_name(job, 3)


def test_a_tuning_job_made_anew_under_an_old_name_gives_other_names() -> None:
    job = a_tuning_job()

    assert child_name(replace(job, created_at=2000.0), 3) != child_name(job, 3)


@given(st.text(alphabet="abcXYZ019", min_size=1, max_size=32), st.integers(min_value=1, max_value=10**9))
def test_a_name_is_a_legal_training_job_name(name: str, ordinal: int) -> None:
    """At most 63 letters, digits and inner hyphens."""
    assert re.fullmatch(r"(?=.{1,63}\Z)[a-zA-Z0-9](-*[a-zA-Z0-9])*", child_name(a_tuning_job(name), ordinal))
