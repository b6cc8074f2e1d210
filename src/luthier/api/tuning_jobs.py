"""Creating and stopping tuning jobs."""

from collections.abc import Sequence
from dataclasses import replace

from luthier.api.algorithm_choice import AlgorithmChoice, choose_algorithm
from luthier.api.algorithm_definition import supported_members
from luthier.api.autotune import autotuned
from luthier.api.checks import check_form, check_request
from luthier.api.defaults import completed
from luthier.api.definitions import GivenDefinition, definitions_of, told_of, with_members
from luthier.api.desk import Desk
from luthier.api.dry_run import end_dry_run
from luthier.api.grid import with_grid_size
from luthier.api.inputs import check_inputs
from luthier.api.kms_keys import with_key
from luthier.api.members import structure, text, text_map
from luthier.api.metric_definitions import definitions_in_use
from luthier.api.parsing import parse_specification
from luthier.api.quotas import check_capacity, check_instances, check_tuning_quotas
from luthier.api.ranges import check_combinations
from luthier.api.roles import role_of
from luthier.api.run_as import RunAs
from luthier.api.tags import parse_tags
from luthier.api.warm_start import check_warm_start, parse_warm_start
from luthier.records.algorithm import MetricDefinition
from luthier.records.call import ApiError, Call, validation_error
from luthier.records.json_value import JsonObject
from luthier.records.names import TuningJobName, tuning_job_arn
from luthier.records.tuning_job import TuningJob, TuningSpecification
from luthier.store.errors import NameTaken


def create_tuning_job(desk: Desk, call: Call) -> JsonObject:
    """
    Answer CreateHyperParameterTuningJob: once it returns, the tuning job is committed and needs the client no more.

    Checks go from what is asked, to names, to parents, to quotas, to the input; the first one missed is told.
    """
    call = _autotuned(desk, call)
    check_request(call)
    tags = parse_tags(call.parameters)
    job = parsed_tuning_job(desk, call)
    _check_combinations(desk, job.specification)
    job = _with_keys(desk, call, job)
    if desk.store.tuning_jobs.get(job.arn) is not None:
        raise name_taken(job.name)
    check_warm_start(desk, job)
    _check_quotas(desk, call, job.specification)
    _check_inputs(desk, job.specification)
    end_dry_run(call)
    try:
        desk.store.tuning_jobs.add(job, tags)
    except NameTaken as error:
        raise name_taken(job.name) from error
    desk.wake()
    return {"HyperParameterTuningJobArn": job.arn}


def stop_tuning_job(desk: Desk, call: Call) -> None:
    """Answer StopHyperParameterTuningJob at once; the training jobs stop later. Twice is once."""
    job = find_tuning_job(desk, call)
    _refuse_over(job)
    end_dry_run(call)
    if desk.store.tuning_jobs.request_stop(job.arn, call.now):
        desk.wake()
        return
    _refuse_over(find_tuning_job(desk, call))


def find_tuning_job(desk: Desk, call: Call) -> TuningJob:
    """Get the tuning job that the call names; capitals do not matter. Raises ApiError where there is none."""
    name = text(call.parameters, "HyperParameterTuningJobName")
    job = desk.store.tuning_jobs.get(tuning_job_arn(call.scope, name))
    if job is None:
        raise ApiError(
            "ResourceNotFound", f"Amazon SageMaker can't find a tuning job called {name}. Type another name."
        )
    return job


def parsed_tuning_job(desk: Desk, call: Call) -> TuningJob:
    """Make the tuning job that is asked for, with its defaults filled in; raises ApiError for one that cannot be."""
    definitions = definitions_of(call.parameters)
    chosen = [_chosen(desk, call, each) for each in definitions]
    needs_pattern = not desk.limits.allows_metrics_without_pattern
    metrics = [
        _metrics(each, choice, needs_pattern=needs_pattern) for each, choice in zip(definitions, chosen, strict=True)
    ]
    members = [
        supported_members(choice.support, each, allows_single_values=desk.limits.allows_single_values)
        for each, choice in zip(definitions, chosen, strict=True)
    ]
    request = with_grid_size(completed(with_members(call.parameters, members), metrics))
    specification = parse_specification(
        request,
        [
            RunAs(image=each.image, is_container=each.is_container, vpc=desk.vpc, defaults=each.defaults)
            for each in chosen
        ],
        desk.draw_seed(),
        allows_single_values=desk.limits.allows_single_values,
    )
    name = TuningJobName(text(call.parameters, "HyperParameterTuningJobName"))
    return TuningJob(
        arn=tuning_job_arn(call.scope, name),
        name=name,
        scope=call.scope,
        specification=replace(specification, warm_start=parse_warm_start(call)),
        request=request,
        created_at=call.now,
        modified_at=call.now,
    )


def name_taken(name: TuningJobName) -> ApiError:
    """Say that there is a tuning job of the name."""
    return ApiError(
        "ResourceInUse",
        f"A hyperparameter tuning job with the name, {name}, already exists. Choose a different name.",
    )


def _autotuned(desk: Desk, call: Call) -> Call:
    """Give the call with all that Autotune fills in."""
    check_form(call.parameters)
    asks = "Autotune" in call.parameters
    known = [_chosen(desk, call, each).ranges for each in definitions_of(call.parameters)] if asks else []
    return replace(call, parameters=autotuned(call.parameters, known))


def _chosen(desk: Desk, call: Call, given: GivenDefinition) -> AlgorithmChoice:
    """Find what a definition runs."""
    with told_of(given):
        hyperparameters = text_map(given.members, "StaticHyperParameters")
        return choose_algorithm(desk, call, structure(given.members, "AlgorithmSpecification"), hyperparameters)


def _metrics(given: GivenDefinition, chosen: AlgorithmChoice, *, needs_pattern: bool) -> Sequence[MetricDefinition]:
    """Settle how a definition's log is read."""
    objective = text(given.objective, "MetricName")
    with told_of(given):
        return definitions_in_use(
            chosen.metric_definitions, chosen.own_definitions, objective, needs_pattern=needs_pattern
        )


def _with_keys(desk: Desk, call: Call, job: TuningJob) -> TuningJob:
    """Find the role of every definition, and settle its key."""
    settled = []
    for given, each in zip(definitions_of(call.parameters), job.specification.definitions, strict=True):
        role = role_of(desk, call, each.training.role)
        with told_of(given):
            settled.append(replace(each, training=with_key(desk, call, each.training, role)))
    return replace(job, specification=replace(job.specification, definitions=tuple(settled)))


def _check_combinations(desk: Desk, specification: TuningSpecification) -> None:
    if not desk.limits.allows_small_spaces:
        check_combinations([each.space for each in specification.definitions], specification.max_jobs)


def _check_quotas(desk: Desk, call: Call, specification: TuningSpecification) -> None:
    at_once = specification.max_parallel
    check_tuning_quotas(desk, call.scope, max_jobs=specification.max_jobs, max_parallel=at_once)
    instances: dict[str, int] = {}  # all places may come to be of the same definition
    for each in specification.definitions:
        kind = each.training.instance_type
        instances[kind] = max(instances.get(kind, 0), at_once * each.training.instance_count)
    check_instances(desk, call.scope, instances)
    for each in specification.definitions:
        check_capacity(desk, each.training)


def _check_inputs(desk: Desk, specification: TuningSpecification) -> None:
    for each in specification.definitions:
        check_inputs(desk.objects(each.training.role), each.training)


def _refuse_over(job: TuningJob) -> None:
    if job.status.is_over:
        raise validation_error(
            f"The request was rejected because the hyperparameter tuning job is in status {job.status}."
        )
