"""Algorithm resources: creating, describing, listing and deleting them."""

from typing import cast

from luthier.api.algorithm_names import find_algorithm, no_such_algorithm
from luthier.api.algorithm_support import completed_support, parse_support
from luthier.api.desk import Desk
from luthier.api.dry_run import end_dry_run
from luthier.api.images import find_image
from luthier.api.members import moment, structure, structures, text, whole
from luthier.api.metric_definitions import parse_definitions
from luthier.api.summaries import present
from luthier.api.tags import parse_tags
from luthier.records.algorithm_resource import AlgorithmResource
from luthier.records.call import ApiError, Call, validation_error
from luthier.records.json_value import JsonObject
from luthier.records.names import AlgorithmName, algorithm_arn
from luthier.store.errors import InUse, NameTaken
from luthier.store.paging import AlgorithmOrder, AlgorithmQuery, Cursor

PAGE = 10  # entries of a page where the caller does not say


def create_algorithm(desk: Desk, call: Call) -> JsonObject:
    """
    Answer CreateAlgorithm: once it returns, the algorithm is there and its status is Completed.

    There is nothing to wait for, because no training jobs are run to validate it. AWS: CreateAlgorithm, Amazon
    SageMaker API Reference.
    """
    given = call.parameters
    tags = parse_tags(given)
    training = completed_support(structure(given, "TrainingSpecification"))
    _check(desk, training)
    name = AlgorithmName(text(given, "AlgorithmName"))
    algorithm = AlgorithmResource(
        arn=algorithm_arn(call.scope, name),
        name=name,
        scope=call.scope,
        request={
            "CertifyForMarketplace": False,
            **{member: value for member, value in given.items() if member != "Tags"},
            "TrainingSpecification": training,
        },
        created_at=call.now,
    )
    if desk.store.algorithms.get(algorithm.arn) is not None:
        raise _name_taken(algorithm)
    end_dry_run(call)
    try:
        desk.store.algorithms.add(algorithm, tags)
    except NameTaken as error:
        raise _name_taken(algorithm) from error
    return {"AlgorithmArn": algorithm.arn}


def describe_algorithm(desk: Desk, call: Call) -> JsonObject:
    """Answer DescribeAlgorithm, by name or ARN: the request with its defaults, and that all is well."""
    algorithm = find_algorithm(desk, call, text(call.parameters, "AlgorithmName"))
    details: JsonObject = {"ValidationStatuses": [], "ImageScanStatuses": []}
    return {**algorithm.request, **_summary(algorithm), "AlgorithmStatusDetails": details}


def list_algorithms(desk: Desk, call: Call) -> JsonObject:
    """Answer ListAlgorithms: oldest first, ten at a time, unless the caller says otherwise."""
    given = call.parameters
    token = text(given, "NextToken")
    query = AlgorithmQuery(
        scope=call.scope,
        name_contains=text(given, "NameContains") or None,
        created_after=moment(given, "CreationTimeAfter"),
        created_before=moment(given, "CreationTimeBefore"),
        sort_by=cast("AlgorithmOrder", text(given, "SortBy", "CreationTime")),  # the service model has the same words
        descending=text(given, "SortOrder") == "Descending",
        limit=whole(given, "MaxResults", PAGE),
        after=Cursor(token) if token else None,
    )
    try:
        page = desk.store.algorithms.page(query)
    except ValueError as error:
        raise validation_error(f"NextToken is not one that this listing gave: {error}.") from error
    return present({"AlgorithmSummaryList": [_summary(each) for each in page.items], "NextToken": page.next})


def delete_algorithm(desk: Desk, call: Call) -> None:
    """
    Answer DeleteAlgorithm; jobs that are over keep what they were given.

    Raises a ConflictException while a job that is not over was created with it, and a ValidationException where there
    is no such algorithm.
    """
    algorithm = find_algorithm(desk, call, text(call.parameters, "AlgorithmName"))
    user = desk.store.algorithms.used_by(algorithm)
    if user is not None:
        raise _in_use(algorithm, user)
    end_dry_run(call)
    try:
        is_deleted = desk.store.algorithms.delete(algorithm)
    except InUse as error:
        raise _in_use(algorithm, str(error)) from error
    if not is_deleted:
        raise no_such_algorithm(algorithm.arn)


def _check(desk: Desk, training: JsonObject) -> None:
    support = parse_support(training)
    own = parse_definitions(structures(training, "MetricDefinitions"))
    defined = {each.name for each in (*find_image(desk, support.image).metric_definitions, *own)}
    for each in support.objectives:
        if each.metric not in defined:
            raise validation_error(
                f"SupportedTuningJobObjectiveMetrics names {each.metric!r}, which no metric definition finds; add one "
                "of that name to MetricDefinitions."
            )


def _summary(algorithm: AlgorithmResource) -> JsonObject:
    return present(
        {
            "AlgorithmName": algorithm.name,
            "AlgorithmArn": algorithm.arn,
            "AlgorithmDescription": algorithm.request.get("AlgorithmDescription"),
            "CreationTime": algorithm.created_at,
            "AlgorithmStatus": "Completed",
        }
    )


def _name_taken(algorithm: AlgorithmResource) -> ApiError:
    return validation_error(f"Algorithm {algorithm.arn} already exists. Choose another name, or delete it first.")


def _in_use(algorithm: AlgorithmResource, user: str) -> ApiError:
    return ApiError(
        "ConflictException", f"Algorithm {algorithm.arn} is used by {user}, which is not over; stop it, or wait for it."
    )
