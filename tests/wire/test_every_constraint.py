"""
Every constraint of the two create operations, at its boundary, and the exact message that tells of it.

What is expected is worked out from botocore's model by other means than the code's own: a case is one change to a
request in which every member is present, and the demands that the changed value breaks, in AWS's words.
"""

import copy
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
import regex
from botocore.model import ListShape, MapShape, Shape, StructureShape

from luthier.records.call import ApiError
from luthier.wire.constraints import check
from luthier.wire.model import operation
from wire.whole_request import EXAMPLES, NUMBERS, whole

OPERATIONS = ("CreateHyperParameterTuningJob", "CreateTrainingJob")
GONE = object()

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Case:
    """One change, and what is then said of it; nothing, if it is within bounds."""

    what: str
    place: Place
    value: Any
    said: tuple[str, ...]


def input_of(name: str) -> StructureShape:
    shape = operation("sagemaker", name).input
    assert shape is not None
    return shape


@cache
def base(name: str) -> dict[str, Any]:
    made = whole(input_of(name))
    assert isinstance(made, dict)
    return made


# What AWS says.


def path_of(place: Place) -> str:
    parts = (f"{each + 1}.member" if isinstance(each, int) else each[:1].lower() + each[1:] for each in place)
    return ".".join(parts)


def java(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}={java(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(java, value)) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def item(place: Place, value: Any, demand: str) -> str:
    text = java(value)
    shown = "null" if value is GONE else f"'{text if len(text) <= 1024 else text[:1024] + '...'}'"
    return f"Value {shown} at '{path_of(place)}' failed to satisfy constraint: {demand}"


def demands(shape: Shape) -> dict[str, str]:
    """Word every demand of a shape itself, in the order in which they are told."""
    measure = "value" if shape.type_name in NUMBERS else "length"
    worded = {
        "max": "Member must have {} less than or equal to {}",
        "min": "Member must have {} greater than or equal to {}",
    }
    found = {
        kind: text.format(measure, shape.metadata[kind]) for kind, text in worded.items() if kind in shape.metadata
    }
    if "pattern" in shape.metadata:
        found["pattern"] = f"Member must satisfy regular expression pattern: {shape.metadata['pattern']}"
    if getattr(shape, "enum", None):
        found["enum"] = f"Member must satisfy enum value set: [{', '.join(shape.enum)}]"  # type: ignore[attr-defined]
    return found


def broken(shape: Shape, value: Any) -> list[str]:
    size = value if shape.type_name in NUMBERS else len(value)
    facts = shape.metadata
    is_met = {
        "max": lambda: size <= facts["max"],
        "min": lambda: size >= facts["min"],
        "pattern": lambda: is_match(facts["pattern"], value),
        "enum": lambda: value in shape.enum,  # type: ignore[attr-defined]
    }
    return [text for kind, text in demands(shape).items() if not is_met[kind]()]


def is_match(pattern: str, text: str) -> bool:
    ends = r"[^\n\r\u0085\u2028\u2029]"  # what a dot is in Java
    dotted = {".+": f"{ends}+", ".*": f"{ends}*"}.get(pattern, pattern)
    flags = 0 if r"\p{L}" in pattern else regex.ASCII
    return regex.fullmatch(dotted, text, flags) is not None


# The cases.


def sites(shape: Shape, place: Place = ()) -> Iterator[tuple[Place, Shape]]:
    """Give every value of the whole request with its shape, but for the plain values inside lists and maps."""
    if place:
        yield place, shape
    if isinstance(shape, StructureShape):
        for name, member in shape.members.items():
            yield from sites(member, (*place, name))
    elif isinstance(shape, ListShape) and isinstance(shape.member, StructureShape):
        for index in range(max(1, shape.metadata.get("min", 0))):
            yield from sites(shape.member, (*place, index))


def around(shape: Shape) -> list[int]:
    """Give every number at a bound of *shape*, one below and one above."""
    bounds = [int(shape.metadata[kind]) for kind in ("min", "max") if kind in shape.metadata]
    least = -(10**9) if shape.type_name in NUMBERS else 0
    return sorted({bound + step for bound in bounds for step in (-1, 0, 1) if bound + step >= least})


def plain_values(shape: Shape) -> Iterator[tuple[str, Any]]:
    """Give values of a shape that holds no others: at, below and above each bound, right ones and near misses."""
    if shape.type_name in NUMBERS:
        yield from ((f"value {number}", number) for number in around(shape))
    elif shape.type_name == "string":
        pattern = shape.metadata.get("pattern")
        of_length = EXAMPLES[pattern].of_length if pattern else "a".__mul__
        yield from ((f"length {length}", of_length(length)) for length in around(shape))
        if pattern and EXAMPLES[pattern].near_miss is not None:
            yield "near miss", EXAMPLES[pattern].near_miss
        enum = getattr(shape, "enum", None) or []
        yield from ((f"one of the set, {each}", each) for each in enum)
        if enum:
            yield from (("not of the set", each) for each in (enum[0].swapcase(), enum[0] + " ", ""))


def cases_at(place: Place, shape: Shape, present: Any) -> Iterator[Case]:
    if isinstance(shape, ListShape):
        yield from list_cases(place, shape, present)
    elif isinstance(shape, MapShape):
        yield from map_cases(place, shape, present)
    elif isinstance(shape, StructureShape):
        for name in shape.required_members:
            yield missing((*place, name))
    else:
        for what, value in plain_values(shape):
            yield Case(what, place, value, tuple(item(place, value, each) for each in broken(shape, value)))


def missing(place: Place) -> Case:
    return Case("missing", place, GONE, (item(place, GONE, "Member must not be null"),))


def list_cases(place: Place, shape: ListShape, present: list[Any]) -> Iterator[Case]:
    for size in around(shape):
        value = [copy.deepcopy(present[0]) for _ in range(size)]
        yield Case(f"{size} items", place, value, tuple(item(place, value, each) for each in broken(shape, value)))
    if not isinstance(shape.member, StructureShape):
        for what, each in plain_values(shape.member):
            all_of = f"Member must satisfy constraint: [{', '.join(demands(shape.member).values())}]"
            said = (item(place, [each], all_of),) if broken(shape.member, each) else ()
            yield Case(f"item of {what}", place, [each], said)


def map_cases(place: Place, shape: MapShape, present: dict[str, Any]) -> Iterator[Case]:
    for size in around(shape):
        value = {f"k{number}": present["k0"] for number in range(size)}
        yield Case(f"{size} entries", place, value, tuple(item(place, value, each) for each in broken(shape, value)))
    for part, of, opening in (("key", shape.key, "Map keys"), ("value", shape.value, "Map value")):
        for what, each in plain_values(of):
            value = {each: present["k0"]} if part == "key" else {"k0": each}
            all_of = f"{opening} must satisfy constraint: [{', '.join(demands(of).values())}]"
            yield Case(f"{part} of {what}", place, value, (item(place, value, all_of),) if broken(of, each) else ())


@cache
def cases(name: str) -> tuple[Case, ...]:
    shape = input_of(name)
    found = [missing((member,)) for member in shape.required_members]
    for place, at in sites(shape):
        found += cases_at(place, at, value_at(base(name), place))
    return tuple(found)


# Trying them.


def value_at(request: Any, place: Place) -> Any:
    for part in place:
        request = request[part]
    return request


def put(request: Any, case: Case) -> None:
    above = value_at(request, case.place[:-1])
    if case.value is GONE:
        del above[case.place[-1]]
    else:
        above[case.place[-1]] = case.value


def with_changes(request: Any, changes: Mapping[Place, Case]) -> Any:
    """Give a copy with changes at places none of which holds another; what has not changed is shared."""
    copied = copy.copy(request)
    by_first: dict[str | int, dict[Place, Case]] = {}
    for place, case in changes.items():
        by_first.setdefault(place[0], {})[place[1:]] = case
    for part, below in by_first.items():
        if () in below and below[()].value is GONE:
            del copied[part]
        else:
            copied[part] = below[()].value if () in below else with_changes(request[part], below)
    return copied


def message_for(name: str, request: Any) -> str | None:
    try:
        check(request, input_of(name))
    except ApiError as error:
        return f"{error.code}: {error.message}"
    return None


def expected_message(said: tuple[str, ...]) -> str | None:
    if not said:
        return None
    return (
        f"ValidationException: {len(said)} validation error{'' if len(said) == 1 else 's'} detected: {'; '.join(said)}"
    )


def surprises(name: str, tried: list[Case]) -> list[str]:
    found = []
    for case in tried:
        told = message_for(name, with_changes(base(name), {case.place: case}))
        if told != expected_message(case.said):
            found.append(f"{path_of(case.place)}, {case.what}: {told!r} instead of {expected_message(case.said)!r}")
    return found


def of_kind(name: str, *openings: str) -> list[Case]:
    return [case for case in cases(name) if any(opening in case.what for opening in openings)]


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_request_in_which_every_member_is_right_passes(name: str) -> None:
    assert message_for(name, base(name)) is None


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_member_of_every_enumeration_passes_and_nothing_else(name: str) -> None:
    assert surprises(name, of_kind(name, "the set")) == []


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_length_is_held_at_its_bounds(name: str) -> None:
    assert surprises(name, of_kind(name, "length")) == []


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_number_is_held_at_its_bounds(name: str) -> None:
    assert surprises(name, of_kind(name, "value -", *(f"value {digit}" for digit in range(10)))) == []


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_list_and_map_is_held_at_its_bounds(name: str) -> None:
    assert surprises(name, of_kind(name, "items", "entries")) == []


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_pattern_refuses_a_near_miss(name: str) -> None:
    misses = of_kind(name, "near miss")

    assert all(case.said for case in misses)
    assert surprises(name, misses) == []


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_required_member_is_missed(name: str) -> None:
    assert surprises(name, of_kind(name, "missing")) == []


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_case_is_in_one_of_these_tests(name: str) -> None:
    kinds = ("the set", "length", "value ", "items", "entries", "near miss", "missing")

    assert len(cases(name)) > 1500
    assert list(cases(name)) == of_kind(name, *kinds)
    assert {shape.metadata["pattern"] for _, shape in sites(input_of(name)) if "pattern" in shape.metadata} <= set(
        EXAMPLES
    )


@pytest.mark.parametrize("name", OPERATIONS)
def test_any_violations_together_are_counted_and_told_in_full(name: str) -> None:
    """Drawn with a fixed seed; none lies inside another, so that each is told as if it were alone."""
    draw = random.Random(f"violations of {name}")
    wrong = [case for case in cases(name) if case.said]
    for _ in range(300):
        chosen = apart(draw.sample(wrong, draw.randint(2, 40)))
        told = message_for(name, with_changes(base(name), chosen)) or ""

        said = [each for case in chosen.values() for each in case.said]
        count, _, items = told.partition(" validation errors detected: ")
        assert (count, sorted(items.split("; "))) == (f"ValidationException: {len(said)}", sorted(said)), sorted(
            map(path_of, chosen)
        )


def apart(drawn: list[Case]) -> dict[Place, Case]:
    """Keep those of the cases that lie in no place of another, and do not hold one."""
    kept: dict[Place, Case] = {}
    for case in drawn:
        if not any(case.place[: len(place)] == place or place[: len(case.place)] == case.place for place in kept):
            kept[case.place] = case
    return kept
