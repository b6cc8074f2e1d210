"""What a fuzzer sends: values that nobody expects, requests by the shape of the model, and good requests gone wrong."""

import json
import math
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape
from hypothesis import strategies as st

from wire.whole_request import EXAMPLES, NUMBERS

DEEPEST = 6  # of generated structures; deeper ones are odd values

ODD_TEXTS = (
    "",
    " ",
    "\0",
    "a\0b",
    "\ud800",
    "a\udfffb",
    "\udcff",
    "\u202egnol\u202c",
    "e\u0301\u0301\u0301",
    "😀" * 40,
    "\r\n\t\x1b[31m",
    "a" * 33,
    "a" * 100_000,
    "-" * 5_000,
    "a-" * 9_000,
    "../../../etc/passwd",
    "..",
    "'; drop table tuning_jobs; --",
    "%s%n{0}{a.b}${jndi:x}",
    "s3://",
    "s3:///",
    "s3://data",
    "s3://data/../x",
    "s3://data/xgboost/train\0",
    "s3://DATA_/?versionId=1#x",
    "https://data/x",
    "arn:aws:iam::000000000000:role/x",
    "arn:aws:iam::999999999999:role/x",
    "arn:aws:sagemaker:us-east-1:000000000000:hyper-parameter-tuning-job/tune",
    "arn:aws:sagemaker:us-east-1:000000000000:training-job/a:b/c",
    "NaN",
    "-inf",
    "1e400",
    "1e-400",
    "1" * 250,
    "0x10",
    "١٢٣",
    "true",
    "null",
    "(a+)+$",
    "(?P<x>.*)(?P<x>.*)",
    "([a-z]+)*=(.*",
    "\\",
    "[[:alpha:]]",
    "MQphYmMKeAphcm4=",
)
ODD_NUMBERS = (0, -1, 1, 2**31 - 1, 2**31, -(2**31) - 1, 2**53 + 1, 2**63, 2**64, 10**30, 10**400, -(10**400))
ODD_FLOATS = (0.5, -0.0, 1e-320, 1e308, -1e308, math.nan, math.inf, -math.inf)

texts = st.one_of(st.sampled_from(ODD_TEXTS), st.text(max_size=12))
legal_texts = st.one_of(
    st.sampled_from([each for each in ODD_TEXTS if each.isprintable()]),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12),
)
scalars = st.one_of(
    st.none(), st.booleans(), texts, st.sampled_from(ODD_NUMBERS), st.sampled_from(ODD_FLOATS), st.integers()
)
odd_values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
    max_leaves=8,
)


@st.composite
def shaped(draw: st.DrawFn, shape: Shape | None, depth: int = 0) -> Any:
    """Draw a value that is nearly what *shape* asks for."""
    if shape is None or depth > DEEPEST or draw(st.integers(0, 39)) == 0:
        return draw(odd_values)
    if isinstance(shape, StructureShape):
        members = {name: draw(shaped(shape.members[name], depth + 1)) for name in shape.required_members}
        if optional := sorted(set(shape.members) - set(members)):
            for name in draw(st.lists(st.sampled_from(optional), max_size=3, unique=True)):
                members[name] = draw(shaped(shape.members[name], depth + 1))
        return members
    if isinstance(shape, ListShape):
        return draw(st.lists(shaped(shape.member, depth + 1), max_size=3))
    if isinstance(shape, MapShape):
        return draw(st.dictionaries(texts, shaped(shape.value, depth + 1), max_size=3))
    return draw(_plain(shape))


def _plain(shape: Shape) -> st.SearchStrategy[Any]:
    if shape.type_name in NUMBERS:
        low, high = shape.metadata.get("min", -2), shape.metadata.get("max", 10**6)
        return st.one_of(st.integers(int(low) - 1, int(high) + 1), st.sampled_from(ODD_NUMBERS))
    if shape.type_name == "boolean":
        return st.booleans()
    if shape.type_name == "timestamp":
        return st.one_of(st.integers(0, 2**33), st.floats(), st.sampled_from(["2020-01-01T00:00:00Z", "then"]))
    enum = getattr(shape, "enum", None)
    if enum:
        return st.sampled_from([*enum, "Other"])
    pattern = shape.metadata.get("pattern")
    most = min(int(shape.metadata.get("max", 64)), 300)
    of_length = EXAMPLES[pattern].of_length if pattern in EXAMPLES else "a".__mul__
    return st.one_of(legal_texts, legal_texts, texts, st.integers(0, most + 1).map(of_length))


@st.composite
def mutated(draw: st.DrawFn, request: dict[str, Any]) -> dict[str, Any]:
    """Draw a copy of a good request with one to three places gone wrong, whatever the model says."""
    changed = deepcopy(request)
    for _ in range(draw(st.integers(1, 3))):
        if changed:
            _mutate(draw, changed)
    return changed


@st.composite
def varied(draw: st.DrawFn, request: dict[str, Any], shape: Shape) -> dict[str, Any]:
    """Draw a copy of a good request with one to three values, members or items of the right shape put into it."""
    changed = deepcopy(request)
    for _ in range(draw(st.integers(1, 3))):
        holder, of = draw(st.sampled_from(list(_holders(changed, shape))))
        _vary(draw, holder, of)
    return changed


def _holders(value: Any, shape: Shape) -> Iterator[tuple[Any, Shape]]:
    """Give every structure, list and map in a request with its shape, while it has that shape."""
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        yield value, shape
        for name in sorted(set(value) & set(shape.members)):
            yield from _holders(value[name], shape.members[name])
    elif isinstance(shape, ListShape) and isinstance(value, list):
        yield value, shape
        for each in value:
            yield from _holders(each, shape.member)
    elif isinstance(shape, MapShape) and isinstance(value, dict):
        yield value, shape


def _vary(draw: st.DrawFn, holder: Any, shape: Shape) -> None:
    if isinstance(shape, StructureShape):
        name = draw(st.sampled_from(sorted(shape.members)))
        holder[name] = draw(shaped(shape.members[name], DEEPEST - 3))
        if draw(st.integers(0, 9)) == 0:
            del holder[name]
    elif isinstance(shape, ListShape):
        holder.insert(0, draw(shaped(shape.member, DEEPEST - 3)))
    elif isinstance(shape, MapShape):
        holder[draw(legal_texts)] = draw(shaped(shape.value, DEEPEST - 3))


def _mutate(draw: st.DrawFn, request: dict[str, Any]) -> None:
    holder, key = draw(st.sampled_from(_places(request)))
    mutation = draw(st.sampled_from(_MUTATIONS))
    mutation(draw, holder, key)


def _places(value: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        found += [(value, key), *_places(each)]
    return found


def _replace(draw: st.DrawFn, holder: Any, key: Any) -> None:
    holder[key] = draw(odd_values)


def _say_oddly(draw: st.DrawFn, holder: Any, key: Any) -> None:
    holder[key] = draw(texts)


def _remove(_: st.DrawFn, holder: Any, key: Any) -> None:
    del holder[key]


def _rename(draw: st.DrawFn, holder: Any, key: Any) -> None:
    if isinstance(holder, dict):
        holder[draw(texts)] = holder.pop(key)


def _repeat(draw: st.DrawFn, holder: Any, key: Any) -> None:
    if isinstance(holder[key], list):
        holder[key] = holder[key] * draw(st.sampled_from([0, 2, 31]))
    else:
        holder[key] = [holder[key]] * 2


def _add(draw: st.DrawFn, holder: Any, key: Any) -> None:
    if isinstance(holder, dict):
        holder[draw(texts)] = draw(odd_values)
    else:
        holder.insert(key, draw(odd_values))


_MUTATIONS: tuple[Callable[[st.DrawFn, Any, Any], None], ...] = (
    _replace,
    _say_oddly,
    _say_oddly,
    _remove,
    _rename,
    _repeat,
    _add,
)


@st.composite
def broken_text(draw: st.DrawFn, text: bytes) -> bytes:
    """Draw what becomes of a document on a bad line: cut, overwritten, or with something put into it."""
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, min(len(text), start + 40)))
    put_in = draw(st.one_of(st.binary(max_size=8), st.sampled_from(ODD_BYTES)))
    return text[:start] + put_in + text[end:] if draw(st.booleans()) else text[:start] + put_in


ODD_BYTES = (
    b"",
    b"NaN",
    b"-Infinity",
    b"1e999999",
    b"1" * 5_000,
    b'"a":1,"a":2,',
    b"\\ud800",
    b"\\u0000",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"[" * 10_000,
    b'{"a":' * 10_000,
    b"//",
    b"\0",
)


def as_json(value: Any) -> bytes:
    """Write what Python's json writes, NaN and lone surrogates included."""
    return json.dumps(value).encode()
