"""The ledger of fields as a page of the reference: `python -m luthier.api.ledger.page > docs/reference/fields.md`."""

import json
import sys
from collections.abc import Iterator

from botocore.model import ListShape, Shape, StructureShape

from luthier.api.ledger import ECHOED, HONOURED, REFUSALS, SERVICES, Refusal
from luthier.api.ledger.answers import NOT_GIVEN
from luthier.wire.model import operation

_OPENING = """\
# Fields

Every member of every request that is answered, as botocore's service model has it, is honoured or refused; none is
accepted and ignored. A refused member gives a `ValidationException` that names it and says what to do instead; so does
a member that this page does not know, because the model is newer. `[]` stands for the members of a list.

Where *effect* says "nothing is asked for", the values named ask for what happens anyway. A few members are *echoed*:
they mean nothing outside AWS, and clients send them by themselves, so Describe shows them and they have no effect.
Structures are honoured through their members. Written by `python -m luthier.api.ledger.page`.
"""


def describe_fields() -> str:
    """Write the page, in Markdown."""
    return "\n".join([_OPENING, *(_requests(name) for name in HONOURED), *(_answers(name) for name in NOT_GIVEN)])


def input_leaves(name: str) -> list[str]:
    """Give the paths of all members of an operation's request that are not structures, in the model's order."""
    shape = operation(SERVICES[name], name).input
    return list(_leaves(shape, "")) if shape else []


def covering(name: str, path: str) -> tuple[str, Refusal] | None:
    """Find the refusal that a member falls under: its own, or that of a structure or list around it."""
    refusals = REFUSALS.get(name, {})
    parts = path.split(".")
    around = (".".join(parts[:end]) for end in range(1, len(parts) + 1))
    paths = (each for whole in around for each in (whole.removesuffix("[]"), whole))
    return next(((each, refusals[each]) for each in paths if each in refusals), None)


def _leaves(shape: StructureShape, above: str) -> Iterator[str]:
    for name, member in shape.members.items():
        path, inner = above + name, _element(member)
        if isinstance(inner, StructureShape) and inner.members and inner.name != shape.name:
            yield from _leaves(inner, f"{path}[]." if isinstance(member, ListShape) else f"{path}.")
        else:
            yield path  # a value, or more structures of the same kind


def _element(shape: Shape) -> Shape:
    while isinstance(shape, ListShape):
        shape = shape.member
    return shape


def _requests(name: str) -> str:
    lines = [f"## {name}", ""]
    leaves = input_leaves(name)
    if not leaves:
        return "\n".join([*lines, "The request has no members.", ""])
    lines += ["| member | honoured | effect, or why not | seen by |", "|---|---|---|---|"]
    rows: dict[str, list[str]] = {}
    for path in leaves:
        refused = covering(name, path)
        rows.setdefault(refused[0] if refused else path, []).append(path)
    return "\n".join([*lines, *(_row(name, path, below) for path, below in rows.items()), ""])


def _row(name: str, path: str, below: list[str]) -> str:
    honoured, refusal = HONOURED[name].get(path), REFUSALS.get(name, {}).get(path)
    member = f"`{path}`" if below == [path] else f"`{path}` and the {len(below)} below it"
    if path in ECHOED.get(name, {}):
        return f"| {member} | echoed | {ECHOED[name][path].why} | `test_an_echoed_member_is_shown_again` |"
    effect = honoured.how if honoured else ""
    seen = f"`{honoured.test}`" if honoured else "`test_a_refused_member_is_refused`"
    if refusal is None:
        return f"| {member} | yes | {effect} | {seen} |"
    if honoured is None:
        return f"| {member} | refused | {refusal.why} | {seen} |"
    fine = " or ".join(f"`{json.dumps(value)}`" for value in refusal.fine)
    return f"| {member} | only {fine} | {effect}; otherwise refused: {refusal.why} | {seen} |"


def _answers(name: str) -> str:
    lines = [f"## Answers of {name}", "", "Not given:", "", "| member | why |", "|---|---|"]
    return "\n".join([*lines, *(f"| `{member}` | {why} |" for member, why in NOT_GIVEN[name].items()), ""])


if __name__ == "__main__":
    sys.stdout.write(describe_fields())
