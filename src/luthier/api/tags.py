"""Tags: adding, listing and deleting them."""

import re
from collections import Counter
from collections.abc import Mapping

from luthier.api.desk import Desk
from luthier.api.dry_run import end_dry_run
from luthier.api.members import structures, text, texts
from luthier.records.call import ApiError, Call, validation_error
from luthier.records.json_value import JsonObject
from luthier.records.names import AlgorithmArn, TrainingJobArn, TuningJobArn

MOST = 50  # tags of one resource: "Tag restrictions", AWS General Reference
RESERVED = "aws:"

_ARN = re.compile(
    r"arn:aws:sagemaker:([a-z0-9-]+):([0-9]{12}):(hyper-parameter-tuning-job|training-job|algorithm)/(.+)"
)


def parse_tags(given: JsonObject) -> dict[str, str]:
    """Read a Tags member; raises ApiError for a key given twice, a reserved one, and too many."""
    pairs = [(text(each, "Key"), text(each, "Value")) for each in structures(given, "Tags")]
    for key, count in Counter(key for key, _ in pairs).items():
        if count > 1:
            raise validation_error(f"Duplicate tag keys found: {key!r} is given {count} times; give every key once.")
        if key.lower().startswith(RESERVED):
            raise validation_error(f"aws: prefixed tag key names are not allowed for external use; rename {key!r}.")
    return dict(pairs)


def add_tags(desk: Desk, call: Call) -> JsonObject:
    """Answer AddTags with every tag that the resource has then."""
    arn = _resource(desk, call)
    given = parse_tags(call.parameters)
    if len({**desk.store.tags.of(arn), **given}) > MOST:
        raise _too_many(arn)
    end_dry_run(call)
    now = desk.store.tags.put(arn, given, most=MOST)
    if now is None:
        _resource(desk, call)
        raise _too_many(arn)
    return {"Tags": shown(now)}


def list_tags(desk: Desk, call: Call) -> JsonObject:
    """Answer ListTags, in the order of keys: one page has them all, as none may be shorter than 50 tags."""
    arn = _resource(desk, call)
    if text(call.parameters, "NextToken"):
        raise validation_error("NextToken is not one that this listing gave; list from the start.")
    return {"Tags": shown(desk.store.tags.of(arn))}


def delete_tags(desk: Desk, call: Call) -> JsonObject:
    """Answer DeleteTags; a key that is not there is no mistake."""
    arn = _resource(desk, call)
    end_dry_run(call)
    desk.store.tags.remove(arn, texts(call.parameters, "TagKeys"))
    return {}


def shown(tags: Mapping[str, str]) -> list[JsonObject]:
    """Show tags in the wire's shape."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _resource(desk: Desk, call: Call) -> str:
    """Find what the call names among what its account has in its region, and give its ARN as stored."""
    given = text(call.parameters, "ResourceArn")
    parts = _ARN.fullmatch(given)
    if parts is None or (parts[1], parts[2]) != (call.scope.region, call.scope.account):
        raise _unknown(given)
    arn = given.lower()
    match parts[3]:
        case "hyper-parameter-tuning-job":
            is_there = desk.store.tuning_jobs.get(TuningJobArn(arn)) is not None
        case "training-job":
            is_there = desk.store.training_jobs.get(TrainingJobArn(arn)) is not None
        case _:
            is_there = desk.store.algorithms.get(AlgorithmArn(arn)) is not None
    if not is_there:
        raise _unknown(given)
    return arn


def _too_many(arn: str) -> ApiError:
    return validation_error(f"A resource has at most {MOST} tags; delete some of {arn} first.")


def _unknown(arn: str) -> ApiError:
    return validation_error(f"Could not find resource {arn}: it is no tuning job, training job or algorithm of yours.")
