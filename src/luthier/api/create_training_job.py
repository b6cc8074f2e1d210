"""Creating a training job on its own: the same machinery as a tuning job's, without the search."""

from luthier.api.algorithm_choice import choose_algorithm
from luthier.api.algorithm_definition import supported_definition
from luthier.api.definition_checks import check_definition, check_resources
from luthier.api.desk import Desk
from luthier.api.dry_run import end_dry_run
from luthier.api.inputs import check_inputs
from luthier.api.kms_keys import with_key
from luthier.api.members import structure, text, text_map
from luthier.api.metric_definitions import parse_definitions
from luthier.api.quotas import check_capacity, check_instances
from luthier.api.roles import role_of
from luthier.api.run_as import RunAs
from luthier.api.tags import parse_tags
from luthier.api.training_definition import completed_definition, completed_resources, parse_definition
from luthier.records.call import ApiError, Call, validation_error
from luthier.records.json_value import JsonObject
from luthier.records.names import TrainingJobArn, TrainingJobName, training_job_arn
from luthier.records.status import SecondaryStatus
from luthier.records.training_job import TrainingDefinition, TrainingJob, Transition
from luthier.store.errors import NameTaken

NEEDED = ("AlgorithmSpecification", "ResourceConfig", "StoppingCondition")  # optional in the model, not in life


def create_training_job(desk: Desk, call: Call) -> JsonObject:
    """
    Answer CreateTrainingJob: once it returns, the training job is committed and needs the client no more.

    Checks go from what is asked, to the name, to quotas, to the input; the first one missed is told.
    """
    given = call.parameters
    _check(call)
    tags = parse_tags(given)
    request, definition = _settled(desk, call)
    role = role_of(desk, call, definition.role)
    definition = with_key(desk, call, definition, role)
    name = TrainingJobName(text(given, "TrainingJobName"))
    arn = training_job_arn(call.scope, name)
    if desk.store.training_jobs.get(arn) is not None:
        raise _name_taken(arn)
    check_instances(desk, call.scope, {definition.instance_type: definition.instance_count})
    check_capacity(desk, definition)
    check_inputs(desk.objects(definition.role), definition)
    end_dry_run(call)
    job = TrainingJob(
        arn=arn,
        name=name,
        scope=call.scope,
        hyperparameters=text_map(request, "HyperParameters"),
        definition=definition,
        request=request,
        created_at=call.now,
        modified_at=call.now,
        transitions=(Transition(status=SecondaryStatus.STARTING, at=call.now, message="Starting the training job."),),
    )
    try:
        desk.store.training_jobs.add(job, tags)
    except NameTaken as error:
        raise _name_taken(arn) from error
    desk.wake()
    return {"TrainingJobArn": arn}


def _check(call: Call) -> None:
    given = call.parameters
    for member in NEEDED:
        if member not in given:
            raise validation_error(f"{member} is required; say what the training job runs, on what, and how long.")
    check_definition(given, call)
    check_resources(structure(given, "ResourceConfig"), "ResourceConfig")


def _settled(desk: Desk, call: Call) -> tuple[JsonObject, TrainingDefinition]:
    """Give the request with its defaults filled in, and the definition in it."""
    given = {name: value for name, value in call.parameters.items() if name != "Tags"}  # which may change
    algorithm = structure(given, "AlgorithmSpecification")
    chosen = choose_algorithm(desk, call, algorithm, text_map(given, "HyperParameters"))
    own = parse_definitions(chosen.own_definitions)
    metrics = {each.name: each for each in (*chosen.metric_definitions, *own)}
    supported = supported_definition(chosen.support, given, "HyperParameters")
    request = {
        **completed_definition(supported, list(metrics.values())),
        "ResourceConfig": completed_resources(structure(given, "ResourceConfig")),
    }
    return request, parse_definition(request, RunAs(image=chosen.image, is_container=chosen.is_container, vpc=desk.vpc))


def _name_taken(arn: TrainingJobArn) -> ApiError:
    return ApiError(
        "ResourceInUse",
        "Training job names must be unique within an AWS account and region, and a training job with this name already "
        f"exists ({arn}).",
    )
