"""
A tuning job of SageMaker, as its API tells of it: JSON documents that the AWS CLI or boto3 have written.

| document                                       | needed                                                     |
|------------------------------------------------|------------------------------------------------------------|
| DescribeHyperParameterTuningJob                | one                                                        |
| ListTrainingJobsForHyperParameterTuningJob     | every page                                                 |
| CloudWatch's GetMetricStatistics: averages of  | one for each training job whose curve is known, with its   |
| the objective                                  | name added as TrainingJobName                              |

What says how and where training jobs run is left out, but for what a warm start compares: the tuning job is over, and
the roles, keys, networks and instances of another account mean nothing here.
"""

import re
from collections.abc import Mapping, Sequence

from luthier.histories.history import History, HistoryError, Report, Run
from luthier.histories.readings import finite, moment
from luthier.records.json_value import JsonObject, JsonValue
from luthier.records.status import TrainingStatus, TuningStatus

CONFIG, SUMMARIES = "HyperParameterTuningJobConfig", "TrainingJobSummaries"
OBJECTIVE, SERIES = "FinalHyperParameterTuningJobObjectiveMetric", "Datapoints"
DEFINITION, DEFINITIONS = "TrainingJobDefinition", "TrainingJobDefinitions"
_KEPT = (
    "DefinitionName",
    "TuningObjective",
    "HyperParameterRanges",
    "StaticHyperParameters",
    "InputDataConfig",
    "Environment",
    "EnableNetworkIsolation",
    "EnableInterContainerTrafficEncryption",
)
_ALGORITHM = ("TrainingImage", "AlgorithmName", "TrainingInputMode", "MetricDefinitions")
_ADDED = "_tuning_objective_metric"  # by SageMaker, among the static hyperparameters
_NAME = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")


def read_tuning_job(documents: Sequence[JsonValue]) -> History:
    """Read a tuning job that is over; raises HistoryError for documents that are not of one, or not all of it."""
    told = [each for each in documents if isinstance(each, Mapping)]
    descriptions = [each for each in told if CONFIG in each]
    if len(descriptions) != 1:
        raise HistoryError(
            f"{len(descriptions)} documents of describe-hyper-parameter-tuning-job; give that of one tuning job"
        )
    described = descriptions[0]
    children = [child for each in told for child in _list(each, SUMMARIES)]
    status = _status(described)
    curves = _curves([each for each in told if SERIES in each])
    runs = [_run(f"training job {number}", child, curves) for number, child in enumerate(children, 1)]
    runs.sort(key=lambda run: run.began_at or 0.0)
    _check_whole(described, runs)
    return History(
        request=_request(described),
        runs=runs,
        status=status,
        created_at=moment(described.get("CreationTime"), "the tuning job", "CreationTime"),
        ended_at=moment(described.get("HyperParameterTuningEndTime"), "the tuning job", "HyperParameterTuningEndTime"),
        failure=_text(described, "FailureReason") or None,
    )


def _status(described: JsonObject) -> TuningStatus:
    word = _text(described, "HyperParameterTuningJobStatus")
    found = next((each for each in TuningStatus if each == word), None)
    if found is None or not found.is_over:
        raise HistoryError(f"the tuning job is {word or 'in no status'}; wait until it is Completed, Stopped or Failed")
    return found


def _check_whole(described: JsonObject, runs: Sequence[Run]) -> None:
    """Refuse training jobs of which a page is missing, or that are there twice."""
    counters = described.get("TrainingJobStatusCounters")
    counts = [each for each in counters.values() if isinstance(each, int)] if isinstance(counters, Mapping) else []
    names = [str(run.name).lower() for run in runs]  # capitals do not make another name
    if len(set(names)) < len(names):
        raise HistoryError("a training job is there twice; give every page once")
    if counts and sum(counts) != len(runs):
        raise HistoryError(
            f"the tuning job has {sum(counts)} training jobs, and the documents {len(runs)}; give every page of "
            "list-training-jobs-for-hyper-parameter-tuning-job"
        )
    if not runs:
        raise HistoryError(f"there are no {SUMMARIES}; give the pages of the tuning job's training jobs too")


def _curves(told: Sequence[JsonObject]) -> Mapping[str, Sequence[Report]]:
    """Read the curves of training jobs, by name; raises HistoryError for data points that are none."""
    return {_text(each, "TrainingJobName"): _curve(each) for each in told}


def _curve(told: JsonObject) -> list[Report]:
    place = f"{SERIES} of {_text(told, 'TrainingJobName')[:80] or 'no TrainingJobName'}"
    found = [
        (moment(each.get("Timestamp"), place, "Timestamp"), finite(each.get("Average"))) for each in _list(told, SERIES)
    ]
    if any(at is None or value is None for at, value in found):
        raise HistoryError(f"{place}: a data point has no Timestamp or no Average; ask for Statistics=Average")
    return [Report(value=value, at=at) for at, value in sorted(found) if value is not None]


def _run(place: str, child: JsonObject, curves: Mapping[str, Sequence[Report]]) -> Run:
    name, word = _text(child, "TrainingJobName"), _text(child, "TrainingJobStatus")
    if not _NAME.fullmatch(name):
        raise HistoryError(f"{place}: {name[:80]!r} is no name of a training job")
    status = next((each for each in TrainingStatus if each == word), None)
    if status not in (TrainingStatus.COMPLETED, TrainingStatus.STOPPED, TrainingStatus.FAILED):
        raise HistoryError(f"{place}: {name} is {word[:80]!r}, and not over")
    tuned = child.get("TunedHyperParameters")
    metric = child.get(OBJECTIVE)
    value = metric.get("Value") if isinstance(metric, Mapping) else None
    return Run(
        place=f"{place}, {name}",
        hyperparameters={key: str(each) for key, each in tuned.items()} if isinstance(tuned, Mapping) else {},
        status=status,
        objective=finite(value),
        began_at=moment(child.get("TrainingStartTime") or child.get("CreationTime"), place, "TrainingStartTime"),
        ended_at=moment(child.get("TrainingEndTime"), place, "TrainingEndTime"),
        name=name,
        definition=_text(child, "TrainingJobDefinitionName") or None,
        failure=_text(child, "FailureReason") or None,
        reports=curves.get(name, ()),
    )


def _request(described: JsonObject) -> JsonObject:
    config = {CONFIG: described[CONFIG], "HyperParameterTuningJobName": _text(described, "HyperParameterTuningJobName")}
    several = _list(described, DEFINITIONS)
    if several:
        return {**config, DEFINITIONS: [_definition(each) for each in several]}
    return {**config, DEFINITION: _definition(_object(described, DEFINITION))}


def _definition(given: JsonObject) -> JsonObject:
    algorithm, static = _object(given, "AlgorithmSpecification"), _object(given, "StaticHyperParameters")
    return {
        **{name: given[name] for name in _KEPT if given.get(name, []) != []},  # no input is told as an empty list
        "AlgorithmSpecification": {name: algorithm[name] for name in _ALGORITHM if name in algorithm},
        "StaticHyperParameters": {name: value for name, value in static.items() if name != _ADDED},
        "RoleArn": "",  # the importer's own
        "OutputDataConfig": {"S3OutputPath": _text(_object(given, "OutputDataConfig"), "S3OutputPath")},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
        "StoppingCondition": {"MaxRuntimeInSeconds": 86400},
    }


def _list(given: JsonObject, name: str) -> list[JsonObject]:
    value = given.get(name, [])
    if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
        raise HistoryError(f"{name} is not a list of objects; give what the API has answered")
    return value


def _object(given: JsonObject, name: str) -> JsonObject:
    value = given.get(name, {})
    if not isinstance(value, Mapping):
        raise HistoryError(f"{name} is not an object; give what the API has answered")
    return value


def _text(given: JsonObject, name: str) -> str:
    value = given.get(name, "")
    return value if isinstance(value, str) else ""
