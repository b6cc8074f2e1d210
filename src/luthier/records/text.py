"""Records as JSON text and back: how the store keeps them and how a host is told of its work."""

import json
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from cattrs import Converter
from cattrs.preconf.json import make_converter
from cattrs.strategies import configure_tagged_union

from luthier.records.journal import JournalEntry
from luthier.records.json_value import JsonObject
from luthier.records.search_space import ParameterRange

T = TypeVar("T")


def to_text(record: object, kind: Any = None) -> str:
    """Write a record as one line of JSON, all ASCII; *kind* is needed where the static type is a union."""
    return json.dumps(_CONVERTER.unstructure(record, unstructure_as=kind), separators=(",", ":"))


def from_text(text: str | bytes, kind: type[T]) -> T:
    """Read what `to_text` wrote; raises ValueError or cattrs' ClassValidationError for any other text."""
    return _CONVERTER.structure(json.loads(text), kind)


def entry_from_text(text: str | bytes) -> JournalEntry:
    """Read one journal entry (see `from_text`)."""
    return from_text(text, cast("type[JournalEntry]", JournalEntry))


def _make_converter() -> Converter:
    converter = make_converter()
    configure_tagged_union(JournalEntry, converter, tag_name="entry")
    configure_tagged_union(ParameterRange, converter, tag_name="range")
    converter.register_structure_hook_func(lambda kind: kind == JsonObject, lambda value, _: value)
    converter.register_unstructure_hook_func(lambda kind: kind == JsonObject, _plain)
    return converter


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value


_CONVERTER = _make_converter()
