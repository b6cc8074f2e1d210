"""Training jobs that failed, by their reasons."""

from luthier.dashboard.failures import EXAMPLES, MOST, failures_of
from luthier.records.status import TrainingStatus
from luthier.records.training_job import TrainingJob
from things import a_training_job


def failed(ordinal: int, reason: str | None) -> TrainingJob:
    return a_training_job(ordinal, TrainingStatus.FAILED, failure_reason=reason)


def test_without_a_failure_there_is_nothing_to_tell() -> None:
    assert failures_of([a_training_job(1, TrainingStatus.COMPLETED), a_training_job(2)]) is None


def test_reasons_that_differ_in_numbers_and_names_alone_are_one() -> None:
    jobs = [failed(each, f"AlgorithmError: tune-{each} gave up at step {each * 7}, 0xf{each}") for each in (1, 2, 3)]

    found = failures_of(jobs)

    assert found is not None
    assert [(each.count, each.reason) for each in found.failures] == [(3, jobs[2].failure_reason)]


def test_the_most_frequent_reason_comes_first_with_its_newest_training_jobs() -> None:
    rare = failed(1, "ClientError: no such image")
    often = [failed(each, "AlgorithmError: it broke") for each in range(2, 8)]

    found = failures_of([rare, *often])

    assert found is not None
    assert [each.count for each in found.failures] == [6, 1]
    assert [each.ordinal for each in found.failures[0].examples] == [7, 6, 5][:EXAMPLES]


def test_of_many_reasons_the_rest_is_counted() -> None:
    letters = "abcdefghijkl"

    found = failures_of([failed(place, f"AlgorithmError: {letter}") for place, letter in enumerate(letters, 1)])

    assert found is not None
    assert len(found.failures) == MOST
    assert (found.count, found.others) == (len(letters), len(letters) - MOST)


def test_a_known_reason_comes_with_what_to_do() -> None:
    found = failures_of([failed(1, "AlgorithmError: exit code 1")])

    assert found is not None
    assert found.failures[0].remedy is not None


def test_a_failure_without_a_reason_counts_too() -> None:
    found = failures_of([failed(1, None)])

    assert found is not None
    assert found.count == 1
