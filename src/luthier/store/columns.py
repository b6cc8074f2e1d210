"""
Column types: how text, statuses and records become something that both engines keep alike.

PostgreSQL refuses NUL in text and SQLite lone surrogates, yet callers may send both. What callers can choose freely is
therefore kept as ASCII with JSON's escapes; names that were checked against a pattern, and ARNs, are kept as they are.
"""

import json
from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

from luthier.records.text import from_text, to_text

T = TypeVar("T")
S = TypeVar("S", bound=StrEnum)

_SHARED = 64  # records of a column that are kept: those last read


class _KeyText(TypeDecorator[T]):
    """Text that is compared and sorted by code point, whatever the database's own language is."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        collation = "C" if dialect.name == "postgresql" else None  # SQLite has no other order
        return Text(collation=collation)


class Name(_KeyText[str]):
    """A checked name or an ARN: never with a NUL or a lone surrogate."""

    cache_ok = True


class Escaped(_KeyText[str]):
    """Any text at all. It is found again by equality, but does not sort as the plain text would."""

    cache_ok = True

    def process_bind_param(self, value: str | None, _: Dialect) -> str | None:
        return None if value is None else json.dumps(value)[1:-1]

    def process_result_value(self, value: str | None, _: Dialect) -> str | None:
        return None if value is None else str(json.loads(f'"{value}"'))


class Word(_KeyText[S]):
    """One of the words of *kind*."""

    cache_ok = True

    def __init__(self, kind: type[S]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: S | None, _: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, _: Dialect) -> S | None:
        return None if value is None else self.kind(value)


class Json(TypeDecorator[T]):
    """A value of *kind*, never null, as one line of JSON."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: type[T]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: T | None, _: Dialect) -> str:
        return to_text(value, self.kind)

    def process_result_value(self, value: str | None, _: Dialect) -> T:
        return from_text(str(value), self.kind)


class SharedJson(Json[T]):
    """A record that many rows have alike: rows with the same text are given the same record, which nobody changes."""

    cache_ok = True

    def __init__(self, kind: type[T]) -> None:
        super().__init__(kind)
        self._read: Callable[[str], T] = lru_cache(_SHARED)(lambda text: from_text(text, kind))

    def process_result_value(self, value: str | None, _: Dialect) -> T:
        return self._read(str(value))
