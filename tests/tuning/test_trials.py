"""Training jobs seen as trials."""

from hypothesis import given
from hypothesis import strategies as st

from luthier.records.search_space import CategoricalRange, SearchSpace
from luthier.records.status import TrainingStatus
from luthier.records.tuning_job import Objective, ObjectiveType
from luthier.tuning.trials import as_assignment, as_text, as_trials
from things import SPACE, a_training_job, a_tuning_definition


def test_a_running_training_job_is_an_open_trial() -> None:
    [trial] = as_trials(a_tuning_definition(), [a_training_job()], {})

    assert trial.is_open
    assert trial.value is None


def test_a_running_training_job_has_no_value_yet_though_it_reported_one() -> None:
    job = a_training_job()

    [trial] = as_trials(a_tuning_definition(), [job], {job.arn: 0.5})

    assert trial.value is None


def test_a_completed_training_job_is_a_closed_trial_with_its_last_value() -> None:
    job = a_training_job(status=TrainingStatus.COMPLETED)

    [trial] = as_trials(a_tuning_definition(), [job], {job.arn: 0.5})

    assert (trial.is_open, trial.value) == (False, 0.5)


def test_a_value_to_maximise_is_turned() -> None:
    job = a_training_job(status=TrainingStatus.COMPLETED)
    definition = a_tuning_definition(objective=Objective(type=ObjectiveType.MAXIMIZE, metric="loss"))

    [trial] = as_trials(definition, [job], {job.arn: 0.5})

    assert trial.value == -0.5


def test_a_failed_training_job_is_a_failed_trial_whatever_it_reported() -> None:
    job = a_training_job(status=TrainingStatus.FAILED)

    [trial] = as_trials(a_tuning_definition(), [job], {job.arn: 0.5})

    assert trial.is_failed


def test_a_training_job_that_never_reported_its_objective_is_a_failed_trial() -> None:
    [trial] = as_trials(a_tuning_definition(), [a_training_job(status=TrainingStatus.COMPLETED)], {})

    assert trial.is_failed


def test_a_training_job_lost_by_the_service_is_no_trial() -> None:
    assert as_trials(a_tuning_definition(), [a_training_job(status=TrainingStatus.FAILED, is_retryable=True)], {}) == []


@given(
    st.fixed_dictionaries(
        {
            "eta": st.floats(0.001, 1.0),
            "max_depth": st.integers(1, 10),
            "booster": st.sampled_from(["gbtree", "dart"]),
        }
    )
)
def test_an_assignment_survives_its_text(assignment: dict[str, float | int | str]) -> None:
    assert as_assignment(SPACE, as_text(SPACE, assignment)) == assignment


def test_integers_are_written_as_digits() -> None:
    assert as_text(SPACE, {"eta": 0.1, "max_depth": 7, "booster": "dart"})["max_depth"] == "7"


def test_categories_are_written_as_the_caller_wrote_them() -> None:
    """With the quotation marks that SDK estimators put round them."""
    space = SearchSpace(ranges=(CategoricalRange(name="kind", choices=('"4"', "4", " é")),))

    assert [as_text(space, {"kind": each})["kind"] for each in ('"4"', "4", " é")] == ['"4"', "4", " é"]


def test_a_curve_is_turned_as_its_value_is() -> None:
    definition = a_tuning_definition(objective=Objective(type=ObjectiveType.MAXIMIZE, metric="loss"))
    job = a_training_job(status=TrainingStatus.COMPLETED)

    [trial] = as_trials(definition, [job], {job.arn: 0.5}, {job.arn: (0.25, 0.5)})

    assert (trial.curve, trial.value, trial.is_cut_short) == ((-0.25, -0.5), -0.5, False)


def test_a_training_job_that_was_stopped_early_is_a_trial_that_was_cut_short() -> None:
    early, by_somebody, in_vain = (
        a_training_job(1, TrainingStatus.STOPPED, stop_reason="it would not win"),
        a_training_job(2, TrainingStatus.STOPPED),
        a_training_job(3, TrainingStatus.COMPLETED, stop_reason="it would not win"),
    )

    trials = as_trials(a_tuning_definition(), [early, by_somebody, in_vain], {})

    assert [trial.is_cut_short for trial in trials] == [True, False, False]
