"""
Searching training jobs and tuning jobs.

The newest 10,000 of the caller's jobs are looked at, one after another; where there are more, TotalHits tells that its
value is a lower bound. A page ends at a place in the order, as with listings (see `store.paging`).
"""

import hashlib
import json
import math
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import NamedTuple

from luthier.api.desk import Desk
from luthier.api.members import structure, text, whole
from luthier.api.search_expression import Expression, parse_expression
from luthier.api.search_properties import Kind, Property, find_property
from luthier.api.search_records import AT_ONCE, TRAINING_JOBS, TUNING_JOBS, Job, Resource, newest
from luthier.api.summaries import present
from luthier.records.call import Call, validation_error
from luthier.records.json_value import JsonObject, JsonValue

PAGE = 10  # results of a page where the caller does not say


class Place(NamedTuple):
    """Where a result stands: those that do not have what is sorted by come last, and of equals the ARN decides."""

    is_absent: bool
    number: float
    text: str
    arn: str


def search(desk: Desk, call: Call) -> JsonObject:
    """Answer Search: those that changed last come first, ten at a time, unless the caller says otherwise."""
    if text(call.parameters, "Resource") == TRAINING_JOBS.name:
        return _search(desk, call, TRAINING_JOBS)
    return _search(desk, call, TUNING_JOBS)


def _search(desk: Desk, call: Call, resource: Resource[Job]) -> JsonObject:
    given = call.parameters
    asked = parse_expression(structure(given, "SearchExpression"), resource.shape)
    by = find_property(resource.shape, text(given, "SortBy", "LastModifiedTime"))
    if by.kind is Kind.WHOLE:
        raise validation_error(f"SortBy: results cannot be sorted by {by.name!r}; name one of its members.")
    descending = text(given, "SortOrder", "Descending") == "Descending"
    last = _last_place(call)
    jobs, are_all = newest(resource, desk, call)
    hits = _hits(desk, call, resource, jobs, asked, by)
    left = [each for each in hits if last is None or _comes_after(each[0], last, descending=descending)]
    page = _in_order(left, descending=descending)[: whole(given, "MaxResults", PAGE)]
    records = resource.records(desk, call, [job for _, job in page], list(resource.shape.members))
    shown = [{name: value for name, value in each.items() if name in resource.shape.members} for each in records]
    return present(
        {
            "Results": [{resource.name: each} for each in shown],
            "NextToken": _token(call, page[-1][0]) if len(page) < len(left) else None,
            "TotalHits": {"Value": len(hits), "Relation": "EqualTo" if are_all else "GreaterThanOrEqualTo"},
        }
    )


def _hits(
    desk: Desk, call: Call, resource: Resource[Job], jobs: Sequence[Job], asked: Expression, by: Property
) -> list[tuple[Place, Job]]:
    """Find the jobs of which the expression holds, looking up no more of each than it asks for."""
    found: list[tuple[Place, Job]] = []
    for start in range(0, len(jobs), AT_ONCE):
        portion = jobs[start : start + AT_ONCE]
        records = resource.records(desk, call, portion, {*asked.members, by.top})
        found += [
            (_place(job.arn, by.values(record)), job)
            for job, record in zip(portion, records, strict=True)
            if asked.holds(record)
        ]
    return found


def _place(arn: str, values: Sequence[JsonValue]) -> Place:
    """Sort by the first value, numbers before text."""
    match values[:1]:
        case [int(number) | float(number)]:
            return Place(is_absent=False, number=float(number), text="", arn=arn)
        case [str(word)]:
            return Place(is_absent=False, number=math.inf, text=word, arn=arn)
        case _:
            return Place(is_absent=True, number=0.0, text="", arn=arn)


def _in_order(hits: Sequence[tuple[Place, Job]], *, descending: bool) -> list[tuple[Place, Job]]:
    ordered = sorted(hits, key=lambda each: each[0], reverse=descending)
    return sorted(ordered, key=lambda each: each[0].is_absent)


def _comes_after(place: Place, last: Place, *, descending: bool) -> bool:
    if place.is_absent != last.is_absent:
        return place.is_absent
    return place < last if descending else place > last


def _token(call: Call, place: Place) -> str:
    return urlsafe_b64encode(json.dumps([_question(call), *place]).encode()).decode()


def _last_place(call: Call) -> Place | None:
    """Read where the page before ended; raises a ValidationException for a token of another question."""
    token = text(call.parameters, "NextToken")
    if not token:
        return None
    try:
        question, is_absent, number, word, arn = json.loads(b64decode(token.encode("ascii"), b"-_", validate=True))
    except (ValueError, TypeError, RecursionError) as error:
        raise validation_error("NextToken is not one that Search gave.") from error
    is_ours = (type(is_absent), type(number), type(word), type(arn)) == (bool, float, str, str)
    if not is_ours or question != _question(call):
        raise validation_error("NextToken is not one that this search gave; ask the same question with it.")
    return Place(is_absent=is_absent, number=number, text=word, arn=arn)


def _question(call: Call) -> str:
    """Sum up what a token must agree with: all that is asked, but for the page."""
    asked = {name: value for name, value in call.parameters.items() if name not in ("NextToken", "MaxResults")}
    whole_question = json.dumps([call.scope.account, call.scope.region, asked], sort_keys=True)
    return hashlib.sha256(whole_question.encode()).hexdigest()[:16]
