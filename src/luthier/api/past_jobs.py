"""
Taking in a tuning job that was run elsewhere, which is then as if it had been run here: a parent for a warm start.

It is asked for in the shape of CreateHyperParameterTuningJob, and held to the same rules, but for those on what it
would take to run it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from luthier.api.checks import check_request
from luthier.api.desk import Desk
from luthier.api.dry_run import end_dry_run
from luthier.api.quotas import check_tuning_quotas
from luthier.api.tags import parse_tags
from luthier.api.tuning_jobs import name_taken, parsed_tuning_job
from luthier.histories.history import History, Report, Run
from luthier.records.call import ApiError, Call, validation_error
from luthier.records.json_value import JsonObject
from luthier.records.names import TrainingJobArn, TrainingJobName, training_job_arn
from luthier.records.search_space import Assignment, read_value
from luthier.records.status import SecondaryStatus, TrainingStatus
from luthier.records.training_job import MetricPoint, TrainingJob, Transition
from luthier.records.tuning_job import TuningDefinition, TuningJob
from luthier.store.errors import NameTaken
from luthier.tuning.children import new_child

_BROUGHT = "Imported: it ran elsewhere."
_EARLY = "Imported: its search had stopped it before its end."


def import_tuning_job(desk: Desk, call: Call, history: History) -> JsonObject:
    """
    Store a tuning job that is over, with its training jobs: all of it or, raising ApiError, nothing.

    The call's parameters are the request, those of *history* with a name; hyperparameters must be inside its ranges,
    and times in the past.
    """
    check_request(call)
    tags = parse_tags(call.parameters)
    check_tuning_quotas(desk, call.scope, max_jobs=len(history.runs), max_parallel=1)
    job = _over(parsed_tuning_job(desk, call), history, call.now)
    if desk.store.tuning_jobs.get(job.arn) is not None:
        raise name_taken(job.name)
    children = [_child(job, run, ordinal) for ordinal, run in enumerate(history.runs, 1)]
    points = {child.arn: _points(job, child, run) for child, run in zip(children, history.runs, strict=True)}
    end_dry_run(call)
    _store(desk, job, children, points, tags)
    return {"HyperParameterTuningJobArn": job.arn}


def _store(
    desk: Desk,
    job: TuningJob,
    children: Sequence[TrainingJob],
    points: Mapping[TrainingJobArn, Sequence[MetricPoint]],
    tags: Mapping[str, str],
) -> None:
    try:
        desk.store.histories.add(job, children, points, tags)
    except NameTaken as error:
        taken = next((child.name for child in children if child.arn == str(error)), None)
        if taken is None:
            raise name_taken(job.name) from error
        raise ApiError(
            "ResourceInUse", f"A training job with the name, {taken}, already exists; delete it, or import elsewhere."
        ) from error


def _over(job: TuningJob, history: History, now: float) -> TuningJob:
    """Settle when the tuning job was; what nobody knows is now. Raises ApiError for times that cannot be."""
    begins = [run.began_at for run in history.runs if run.began_at is not None]
    ends = [run.ended_at for run in history.runs if run.ended_at is not None]
    ended = history.ended_at if history.ended_at is not None else max(ends, default=now)
    created = history.created_at if history.created_at is not None else min([*begins, ended])
    if not created <= ended <= now:
        raise validation_error("The tuning job would have ended before it began, or in the future; correct its times.")
    for run in history.runs:
        if not created <= _began(run, created) <= _ended(run, ended) <= now:
            raise validation_error(
                f"{run.place}: it would have ended before it began, before its tuning job, or in the future; correct "
                "its times."
            )
    return replace(
        job,
        status=history.status,
        created_at=created,
        modified_at=ended,
        ended_at=ended,
        failure_reason=history.failure,
    )


def _began(run: Run, created: float) -> float:
    return created if run.began_at is None else run.began_at


def _ended(run: Run, ended: float) -> float:
    return ended if run.ended_at is None else run.ended_at


def _child(job: TuningJob, run: Run, ordinal: int) -> TrainingJob:
    definition = _definition(job, run)
    child = new_child(job, definition, ordinal, _assignment(definition, run), _began(run, job.created_at))
    name = child.name if run.name is None else TrainingJobName(run.name)
    ended = _ended(run, job.ended_at or job.created_at)
    return replace(
        child,
        name=name,
        arn=training_job_arn(job.scope, name),
        status=run.status,
        transitions=(Transition(status=SecondaryStatus(str(run.status)), at=ended, message=_BROUGHT),),
        started_at=run.began_at,
        ended_at=ended,
        modified_at=ended,
        failure_reason=run.failure if run.status is TrainingStatus.FAILED else None,
        stop_reason=_EARLY if run.is_early else None,
        is_released=True,
    )


def _definition(job: TuningJob, run: Run) -> TuningDefinition:
    definitions = job.specification.definitions
    if len(definitions) == 1:
        return definitions[0]
    found = next((each for each in definitions if each.name == run.definition), None)
    if found is None:
        raise validation_error(f"{run.place}: there is no training job definition {run.definition!r}; correct it.")
    return found


def _assignment(definition: TuningDefinition, run: Run) -> Assignment:
    """Read what a run tried; raises ApiError for what is not inside the ranges, or not as the static value."""
    found: dict[str, float | int | str] = {}
    for each in definition.space.ranges:
        given = run.hyperparameters.get(each.name)
        value = read_value(each, given)
        if value is None:
            told = "has no value" if given is None else f"is {given[:80]!r}, outside of its range"
            raise validation_error(f"{run.place}: the hyperparameter {each.name!r} {told}; correct it or the range.")
        found[each.name] = value
    for name, value in run.hyperparameters.items():
        if name not in found and definition.static_hyperparameters.get(name) != value:
            raise validation_error(
                f"{run.place}: the hyperparameter {name!r} is {value[:80]!r}, and neither in ParameterRanges nor so in "
                "StaticHyperParameters; correct the definition, or leave it out."
            )
    return found


def _points(job: TuningJob, child: TrainingJob, run: Run) -> tuple[MetricPoint, ...]:
    """Give what a run reported, within the time that it ran; its objective is the last, where it has one."""
    metric = job.specification.definition_of(child).objective.metric
    ended = child.ended_at or child.created_at
    reported = [(each.value, _moment(each, place / len(run.reports), child)) for place, each in enumerate(run.reports)]
    if run.objective is not None and not (reported and reported[-1][0] == run.objective):
        reported.append((run.objective, ended))
    return tuple(
        MetricPoint(name=metric, value=value, at=at, sequence=sequence)
        for sequence, (value, at) in enumerate(reported, 1)
    )


def _moment(report: Report, part: float, child: TrainingJob) -> float:
    """Say when a report was; where nobody knows, *part* of the training job's time had gone by."""
    began, ended = child.created_at, child.ended_at or child.created_at
    at = began + (ended - began) * part if report.at is None else report.at
    return min(max(at, began), ended)
