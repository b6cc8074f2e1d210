"""Creating and stopping tuning jobs."""

from luthier.api.algorithm_choice import choose_algorithm
from luthier.api.checks import check_request
from luthier.api.defaults import completed
from luthier.api.desk import Desk
from luthier.api.inputs import check_inputs
from luthier.api.members import structure, structures, text
from luthier.api.metric_definitions import definitions_in_use
from luthier.api.parsing import parse_specification
from luthier.api.quotas import PARALLEL_JOBS, TRAINING_JOBS, TUNING_JOBS, check_quota
from luthier.api.ranges import check_combinations
from luthier.records.call import ApiError, Call, validation_error
from luthier.records.json_value import JsonObject
from luthier.records.names import TuningJobName, tuning_job_arn
from luthier.records.status import TuningStatus
from luthier.records.tuning_job import TuningJob, TuningSpecification
from luthier.store.errors import NameTaken
from luthier.store.paging import TuningJobQuery


def create_tuning_job(desk: Desk, call: Call) -> JsonObject:
    """
    Answer CreateHyperParameterTuningJob: once it returns, the tuning job is committed and needs the client no more.

    Checks go from what is asked, to names, to quotas, to the input; the first one missed is told.
    """
    check_request(call)
    request = _completed(desk, call)
    specification = parse_specification(request, desk.draw_seed())
    check_combinations(specification.space, specification.max_jobs)
    name = TuningJobName(text(call.parameters, "HyperParameterTuningJobName"))
    arn = tuning_job_arn(call.scope, name)
    if desk.store.tuning_jobs.get(arn) is not None:
        raise _name_taken(name)
    _check_quotas(desk, call, specification)
    check_inputs(desk.objects, specification.definition.channels)
    job = TuningJob(
        arn=arn,
        name=name,
        scope=call.scope,
        specification=specification,
        request=request,
        created_at=call.now,
        modified_at=call.now,
    )
    try:
        desk.store.tuning_jobs.add(job)
    except NameTaken as error:
        raise _name_taken(name) from error
    desk.wake()
    return {"HyperParameterTuningJobArn": arn}


def stop_tuning_job(desk: Desk, call: Call) -> None:
    """Answer StopHyperParameterTuningJob at once; the training jobs stop later. Twice is once."""
    job = find_tuning_job(desk, call)
    if desk.store.tuning_jobs.request_stop(job.arn, call.now):
        desk.wake()
        return
    status = find_tuning_job(desk, call).status
    if status.is_over:
        raise validation_error(f"The request was rejected because the hyperparameter tuning job is in status {status}.")


def find_tuning_job(desk: Desk, call: Call) -> TuningJob:
    """Get the tuning job that the call names; capitals do not matter. Raises ApiError where there is none."""
    name = text(call.parameters, "HyperParameterTuningJobName")
    job = desk.store.tuning_jobs.get(tuning_job_arn(call.scope, name))
    if job is None:
        raise ApiError(
            "ResourceNotFound", f"Amazon SageMaker can't find a tuning job called {name}. Type another name."
        )
    return job


def _completed(desk: Desk, call: Call) -> JsonObject:
    definition = structure(call.parameters, "TrainingJobDefinition")
    algorithm = structure(definition, "AlgorithmSpecification")
    chosen = choose_algorithm(desk, call, algorithm)
    config = structure(call.parameters, "HyperParameterTuningJobConfig")
    objective = text(structure(config, "HyperParameterTuningJobObjective"), "MetricName")
    metrics = definitions_in_use(chosen.metric_definitions, structures(algorithm, "MetricDefinitions"), objective)
    return completed(call.parameters, metrics)


def _check_quotas(desk: Desk, call: Call, specification: TuningSpecification) -> None:
    check_quota(TRAINING_JOBS, wanted=specification.max_jobs)
    check_quota(PARALLEL_JOBS, wanted=specification.max_parallel)
    query = TuningJobQuery(scope=call.scope, status=TuningStatus.IN_PROGRESS, sort_by="Name", limit=TUNING_JOBS.limit)
    check_quota(TUNING_JOBS, wanted=1, in_use=len(desk.store.tuning_jobs.page(query).items))


def _name_taken(name: TuningJobName) -> ApiError:
    return ApiError(
        "ResourceInUse",
        f"A hyperparameter tuning job with the name, {name}, already exists. Choose a different name.",
    )
