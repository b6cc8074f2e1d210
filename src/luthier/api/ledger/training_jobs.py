"""Training jobs."""

from collections.abc import Mapping

from luthier.api.ledger.entry import Honoured, Refusal

_NAMED_TRAINING = Honoured(
    "names the training job, whatever its capitals", "test_capitals_in_a_training_jobs_name_do_not_matter"
)

HONOURED: Mapping[str, Mapping[str, Honoured]] = {
    "DescribeTrainingJob": {"TrainingJobName": _NAMED_TRAINING},
    "StopTrainingJob": {"TrainingJobName": _NAMED_TRAINING},
}

REFUSALS: Mapping[str, Mapping[str, Refusal]] = {}
