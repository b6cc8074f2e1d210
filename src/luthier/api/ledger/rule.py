"""Every member of every request is honoured, echoed or refused: the rule, held against each request that arrives."""

from collections.abc import Collection, Iterator, Mapping

from luthier.api.ledger import ECHOED, HONOURED, REFUSALS, Refusal
from luthier.records.call import ApiError, Call, validation_error
from luthier.records.json_value import JsonObject, JsonValue

UNKNOWN = Refusal("nothing here knows of it; leave it out")


def refuse_unsupported(call: Call) -> None:
    """
    Raise a ValidationException for the first member that has no effect here.

    What is in neither table is refused too: a newer service model may bring members that nobody here has thought of.
    """
    honoured = HONOURED.get(call.operation, {})
    refusals = REFUSALS.get(call.operation, {})
    harmless = {*honoured, *ECHOED.get(call.operation, {})}
    above = structures_above(harmless)
    for path, shown, value in _members(call.parameters, above):
        known = path in harmless or path in above
        refusal = refusals.get(path, None if known else UNKNOWN)
        if refusal is not None and value not in refusal.fine:
            raise _refused(shown, value, refusal)


def structures_above(paths: Collection[str]) -> frozenset[str]:
    """Give the paths of all structures, and lists of structures, that have a member in *paths*."""
    parts = (path.split(".") for path in paths)
    return frozenset(".".join(each[:end]).removesuffix("[]") for each in parts for end in range(1, len(each)))


def _members(
    of: JsonObject, above: Collection[str], path: str = "", shown: str = ""
) -> Iterator[tuple[str, str, JsonValue]]:
    """Walk through a request: for every member its path in the tables, its path in this request, and its value."""
    for name, value in of.items():
        yield path + name, shown + name, value
        if path + name not in above:
            continue  # a value, a map of the caller's own keys, or refused as a whole
        if isinstance(value, Mapping):
            yield from _members(value, above, f"{path}{name}.", f"{shown}{name}.")
        elif isinstance(value, list | tuple):
            for place, each in enumerate(value):
                yield from _members(each, above, f"{path}{name}[].", f"{shown}{name}[{place}].")


def _refused(shown: str, value: JsonValue, refusal: Refusal) -> ApiError:
    what = f"{shown} {value!r}" if refusal.fine and not isinstance(value, Mapping | list | tuple) else shown
    return validation_error(f"{what} is not supported by this version of Luthier: {refusal.why}.")
