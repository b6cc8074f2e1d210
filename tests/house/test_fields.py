"""The ledger of fields, held against botocore's service model."""

import re
from pathlib import Path
from typing import Any

import pytest
from botocore.model import ListShape, Shape, StringShape, StructureShape

from luthier.api.ledger import ECHOED, HONOURED, REFUSALS, SERVICES
from luthier.api.ledger.answers import NOT_GIVEN
from luthier.api.ledger.page import covering, describe_fields, input_leaves
from luthier.api.ledger.rule import refuse_unsupported
from luthier.api.operations import operations
from luthier.records.call import ApiError, Call
from luthier.records.identity import a_user
from luthier.wire.model import operation
from sample import a_create_request, put
from things import SCOPE

ROOT = Path(__file__).parents[2]
CREATE = "CreateHyperParameterTuningJob"


def refuse(name: str, parameters: dict[str, Any]) -> None:
    refuse_unsupported(
        Call(
            service="sagemaker",
            operation=name,
            scope=SCOPE,
            principal=a_user(SCOPE.account, "K"),
            parameters=parameters,
            now=0.0,
        )
    )


def shape_at(name: str, path: str) -> Shape:
    shape: Any = operation(SERVICES[name], name).input
    for part in path.split("."):
        shape = shape.members[part.removesuffix("[]")]
        shape = shape.member if part.endswith("[]") else shape
    assert isinstance(shape, Shape)
    return shape


def a_value(shape: Shape, unlike: tuple[Any, ...] = ()) -> Any:
    """Make up a value of a shape that is none of *unlike*, with every member of a structure."""
    if isinstance(shape, StructureShape):
        return {name: a_value(member) for name, member in shape.members.items()}
    if isinstance(shape, ListShape):
        return [a_value(shape.member)]
    if isinstance(shape, StringShape):
        return next(each for each in [*shape.enum, "anything"] if each not in unlike)
    plain: dict[str, list[Any]] = {
        "boolean": [True, False],
        "integer": [2, 3],
        "long": [2, 3],
        "float": [0.5],
        "map": [{}],
    }
    return next(each for each in plain.get(shape.type_name, [1.0]) if each not in unlike)


def with_member(path: str, value: Any) -> dict[str, Any]:
    request = a_create_request()
    put(request, path.replace("[].", ".0."), value)
    return request


def test_every_operation_that_is_answered_has_its_ledger() -> None:
    assert {name for _, name in operations(None)} == set(HONOURED)  # type: ignore[arg-type]  # nothing is asked of it


@pytest.mark.parametrize("name", HONOURED)
def test_every_member_of_the_model_is_honoured_or_refused(name: str) -> None:
    echoed = tuple(each + end for each in ECHOED.get(name, {}) for end in (".", "["))
    told = {*HONOURED[name], *ECHOED.get(name, {}), *(path for path in input_leaves(name) if path.startswith(echoed))}
    missing = [path for path in input_leaves(name) if path not in told and covering(name, path) is None]

    assert missing == []


@pytest.mark.parametrize("name", HONOURED)
def test_every_member_of_the_ledger_is_in_the_model(name: str) -> None:
    """And an honoured one is not a structure."""
    assert set(HONOURED[name]) - set(input_leaves(name)) <= set(REFUSALS.get(name, {}))
    assert all(shape_at(name, path) for path in {**HONOURED[name], **REFUSALS.get(name, {})})


@pytest.mark.parametrize("name", HONOURED)
def test_no_member_is_both_honoured_and_refused_as_a_whole(name: str) -> None:
    """A member may be in both tables only if the refusal says which values are honoured."""
    for path in HONOURED[name]:
        refused = covering(name, path)
        assert refused is None or (refused[0] == path and refused[1].fine)


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_with_honoured_values_says_what_they_do(name: str) -> None:
    assert {path for path, refusal in REFUSALS[name].items() if refusal.fine} <= set(HONOURED[name])


@pytest.mark.parametrize("path", REFUSALS[CREATE])
def test_a_refused_member_is_refused(path: str) -> None:
    """By name, with what to do instead."""
    refusal = REFUSALS[CREATE][path]
    request = with_member(path, a_value(shape_at(CREATE, path), refusal.fine))

    with pytest.raises(ApiError) as caught:
        refuse(CREATE, request)

    assert caught.value.code == "ValidationException"
    assert caught.value.message.startswith(path.replace("[]", "[0]"))
    assert caught.value.message.endswith(f"is not supported by this version of Luthier: {refusal.why}.")


@pytest.mark.parametrize("path", [path for path, refusal in REFUSALS[CREATE].items() if refusal.fine])
def test_a_value_that_asks_for_nothing_is_accepted(path: str) -> None:
    for value in REFUSALS[CREATE][path].fine:
        refuse(CREATE, with_member(path, value))


@pytest.mark.parametrize("path", [path for path in HONOURED[CREATE] if path not in REFUSALS[CREATE]])
def test_an_honoured_member_is_accepted(path: str) -> None:
    refuse(CREATE, with_member(path, a_value(shape_at(CREATE, path))))


@pytest.mark.parametrize(
    "path", ["Novelty", "TrainingJobDefinition.Novelty", "TrainingJobDefinition.InputDataConfig[].Novelty"]
)
def test_a_member_that_no_table_knows_is_refused(path: str) -> None:
    """As a newer service model may bring one."""
    with pytest.raises(ApiError, match="Novelty is not supported"):
        refuse(CREATE, with_member(path, "x"))


def test_a_callers_own_keys_are_no_members() -> None:
    refuse(CREATE, with_member("TrainingJobDefinition.StaticHyperParameters.Tags", "x"))


@pytest.mark.parametrize("name", NOT_GIVEN)
def test_what_is_not_given_is_in_the_model(name: str) -> None:
    output = operation(SERVICES[name], name).output
    assert output is not None

    assert set(NOT_GIVEN[name]) <= set(output.members)


def test_every_honoured_member_names_a_test_that_exists() -> None:
    tests = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    written = set(re.findall(r"^def (test_\w+)\(", tests, re.MULTILINE))

    assert {each.test for ledger in HONOURED.values() for each in ledger.values()} <= written


def test_the_page_of_fields_is_up_to_date() -> None:
    """`python -m luthier.api.ledger.page > docs/reference/fields.md` writes it."""
    assert (ROOT / "docs/reference/fields.md").read_text(encoding="utf-8") == describe_fields()


def test_every_operation_that_is_answered_is_in_the_reference() -> None:
    page = (ROOT / "docs/reference/operations.md").read_text(encoding="utf-8")

    assert [name for name in HONOURED if f"## {name}\n" not in page] == []
