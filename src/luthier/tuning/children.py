"""The training jobs of a tuning job, as they are first written down (pure)."""

from luthier.records.json_value import JsonObject
from luthier.records.names import training_job_arn
from luthier.records.search_space import Assignment
from luthier.records.status import SecondaryStatus
from luthier.records.training_job import TrainingJob, Transition
from luthier.records.tuning_job import TuningDefinition, TuningJob
from luthier.tuning.names import child_name
from luthier.tuning.trials import as_text


def new_child(
    job: TuningJob, definition: TuningDefinition, ordinal: int, assignment: Assignment, now: float
) -> TrainingJob:
    """Write down a training job of *definition* with the chosen hyperparameters: from here on they are settled."""
    name = child_name(job, ordinal)
    tuned = as_text(definition.space, assignment)
    return TrainingJob(
        arn=training_job_arn(job.scope, name),
        name=name,
        scope=job.scope,
        hyperparameters={**definition.static_hyperparameters, **tuned},
        definition=definition.training,
        request=_request_of(job, definition),
        created_at=now,
        tuning_job=job.arn,
        ordinal=ordinal,
        definition_name=definition.name,
        tuned=tuned,
        transitions=(Transition(status=SecondaryStatus.STARTING, at=now, message="Starting the training job."),),
        modified_at=now,
    )


def _request_of(job: TuningJob, definition: TuningDefinition) -> JsonObject:
    """Find a definition in the wire's own shape, whichever form the tuning job was asked for in."""
    several = job.request.get("TrainingJobDefinitions")
    place = [each.name for each in job.specification.definitions].index(definition.name)
    return several[place] if several else job.request["TrainingJobDefinition"]  # type: ignore[index, return-value]  # the API wrote objects there
