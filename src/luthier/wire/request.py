"""One HTTP request as it came: what signatures are computed over, and what names the service and operation."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote_to_bytes


@dataclass(frozen=True, kw_only=True)
class HttpRequest:
    """
    The head of a request, byte for byte.

    Text is decoded so that encoding it again with UTF-8 and `surrogateescape` gives the bytes that came.
    """

    method: str
    path: str  # percent-encoded, as it came, without the query
    query: str  # percent-encoded, as it came, without the question mark
    headers: tuple[tuple[str, str], ...]  # names in lower case, in the order in which they came

    def header(self, name: str) -> str | None:
        """Give the value of a header (*name* in lower case), several values joined by commas, or None."""
        values = [value for key, value in self.headers if key == name]
        return ",".join(values) if values else None

    def parameter(self, name: str) -> str | None:
        """Give the decoded value of the query parameter *name*, or None where it is absent or given twice."""
        values = [value for key, value in self.parameters if key == name]
        return values[0] if len(values) == 1 else None

    @cached_property
    def parameters(self) -> tuple[tuple[str, str], ...]:
        """Every query parameter, decoded; a plus sign is a plus sign."""
        return tuple((plain(key), plain(value)) for key, _, value in self.raw_parameters())

    def raw_parameters(self) -> Iterator[tuple[str, str, str]]:
        """Give every query parameter as it came: its name, the equals sign or nothing, and its value."""
        return (each.partition("=") for each in self.query.split("&") if each)


def from_bytes(
    method: str, path: bytes, query: bytes, headers: tuple[tuple[bytes, bytes], ...] | list[tuple[bytes, bytes]]
) -> HttpRequest:
    """Make the record from what an HTTP server hands over."""
    return HttpRequest(
        method=method.upper(),
        path=_text(path) or "/",
        query=_text(query),
        headers=tuple((_text(name).lower(), _text(value)) for name, value in headers),
    )


def plain(encoded: str) -> str:
    """Undo percent-encoding; bytes that are no UTF-8 become surrogates."""
    return _text(unquote_to_bytes(encoded.encode("utf-8", "surrogateescape")))


def to_bytes(text: str) -> bytes:
    """Give the bytes that *text* came as; a lone surrogate that never was a byte becomes a question mark."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def _text(value: bytes) -> str:
    return value.decode("utf-8", "surrogateescape")
