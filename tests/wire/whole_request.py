"""Requests in which every member of an operation's input is present and right, made from the service model."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

NUMBERS = ("integer", "long", "float", "double")


@dataclass(frozen=True)
class Example:
    """A pattern seen from outside: texts of a wished length that match it where any can, and one that does not."""

    of_length: Callable[[int], str]
    near_miss: str | None  # None: every text matches


def after(start: str, end: str = "") -> Callable[[int], str]:
    """Give texts of any length that begin with *start*, shorter ones cut."""
    return lambda length: (start + "a" * (length - len(start) - len(end)) + end)[:length]


_ARN = "arn:aws:sagemaker:us-east-1:123456789012:"
_HUB = "arn:aws:sagemaker:us-east-1:aws:hub-content/a/{}/b"
_SLUG = "[a-zA-Z0-9](-*[a-zA-Z0-9]){{0,{}}}"


def _hub_pattern(kind: str) -> str:
    return (
        r"(arn:[a-z0-9-\.]{1,63}:sagemaker:\w+(?:-\w+)+:(\d{12}|aws):hub-content\/)[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}\/"
        + kind
        + r"\/[a-zA-Z0-9](-*[a-zA-Z0-9]){0,63}(\/\d{1,4}.\d{1,4}.\d{1,4})?"
    )


EXAMPLES: Mapping[str, Example] = {
    **{_SLUG.format(most): Example(after("a"), "a-") for most in (31, 62, 63, 119)},
    r".+": Example(after("a"), "a\nb"),
    r".*": Example(after("a"), "a\u2028b"),
    r"[\S\s]*": Example(after("a\n"), None),
    r"(arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]*:[0-9]{12}:[a-z\-]*\/)?([a-zA-Z0-9]([a-zA-Z0-9-]){0,62})(?<!-)": Example(
        lambda length: "a" * length if length < 64 else after(_ARN, "/b")(length), "a-"
    ),
    r"arn:aws[a-z\-]*:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+": Example(
        after("arn:aws:iam::123456789012:role/"), "arn:aws:iam::12345678901:role/a"
    ),
    r"[A-Za-z0-9\.\-_]+": Example(after("a.-_"), "a/b"),
    r"(https|s3)://([^/]+)/?(.*)": Example(after("s3://a/"), "S3://a/b"),
    r"(fs-[0-9a-f]{8,})": Example(after("fs-01234567"), "fs-0123456g8"),
    _hub_pattern("DataSet"): Example(after("arn:aws:sagemaker:"), _HUB.format("Dataset")),
    _hub_pattern("Model"): Example(after("arn:aws:sagemaker:"), _HUB.format("Models")),
    r"[-0-9a-zA-Z]+": Example(after("sg-"), "sg_1"),
    r"[a-zA-Z0-9:/_-]*": Example(after("alias/"), "alias/a b"),
    r"arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]*:[0-9]{12}:training-plan/.*": Example(
        after(_ARN + "training-plan/"), _ARN + "training-plans/abc"
    ),
    r"[a-zA-Z_][a-zA-Z0-9_]*": Example(after("_"), "1a"),
    r"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)": Example(after("Übung ٣ @"), "a\tb"),
    r"arn:[\p{Alnum}\-]+:lambda:[\p{Alnum}\-]+:[0-9]{12}:function:.*": Example(
        after("arn:aws:lambda:us-east-1:123456789012:function:"), "arn:aws:lambda:ü:123456789012:function:a"
    ),
    r"\d+K": Example(lambda length: "1" * (length - 1) + "K", "1k"),
    r"arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]*:[0-9]{12}:mlflow-[a-zA-Z-]*/.*": Example(
        after(_ARN + "mlflow-a/"), _ARN + "mlflow/a"
    ),
    r"arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]{9,16}:[0-9]{12}:model-package-group/[\S]{1,2048}": Example(
        after(_ARN + "model-package-group/"), _ARN + "model-package-group/a b"
    ),
    r"arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]{9,16}:[0-9]{12}:model-package/[\S]{1,2048}": Example(
        after(_ARN + "model-package/"), _ARN + "model-package/"
    ),
}
"""For every pattern in the inputs of CreateHyperParameterTuningJob and CreateTrainingJob."""

_RIGHT = {
    _hub_pattern("DataSet"): _HUB.format("DataSet") + "/1.0.0",
    _hub_pattern("Model"): _HUB.format("Model") + "/1.0.0",
    r"(fs-[0-9a-f]{8,})": "fs-0123456789abcdef0",
}


def whole(shape: Shape) -> Any:
    """Give a value of *shape* that satisfies the model, with every member and at least one item."""
    if isinstance(shape, StructureShape):
        return {name: whole(member) for name, member in shape.members.items()}
    if isinstance(shape, ListShape):
        return [whole(shape.member) for _ in range(max(1, shape.metadata.get("min", 0)))]
    if isinstance(shape, MapShape):
        return {"k0": whole(shape.value)}
    if shape.type_name in NUMBERS:
        return max(1, shape.metadata.get("min", 0))
    return True if shape.type_name == "boolean" else right_text(shape)


def right_text(shape: Shape) -> str:
    """Give a text that satisfies a string shape."""
    if getattr(shape, "enum", None):
        return str(shape.enum[0])  # type: ignore[attr-defined]
    pattern, least = shape.metadata.get("pattern"), int(shape.metadata.get("min", 0))
    if pattern in _RIGHT:
        return _RIGHT[pattern]
    return EXAMPLES[pattern].of_length(max(least, 80 if "arn" in pattern else 12)) if pattern else "a" * max(least, 1)
