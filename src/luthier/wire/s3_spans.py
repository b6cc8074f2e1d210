"""Which bytes of an object a Range asks for, and which stored bytes those are of."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from luthier.records.call import ApiError
from luthier.records.sealed_object import SealedPart

_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The bytes of an object from *start* up to, and without, *end*."""

    start: int
    end: int
    size: int  # of the whole object
    is_asked: bool  # by a Range; if not, it is the whole object

    @property
    def content_range(self) -> str:
        """The header of that name."""
        return f"bytes {self.start}-{self.end - 1}/{self.size}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """The parts that a span lies in, the stored bytes that they are, and how much of the first comes before it."""

    parts: Sequence[SealedPart]
    start: int
    end: int
    skip: int


def span_of(range_header: str | None, size: int) -> Span:
    """
    Read a Range header; one that makes no sense asks for the whole, as in RFC 9110.

    Raises ApiError (416) where it begins behind the end.
    """
    found = _RANGE.fullmatch((range_header or "").replace(" ", ""))
    if found is None or not (found[1] or found[2]):
        return Span(start=0, end=size, size=size, is_asked=False)
    if not found[1]:
        start, end = size - min(int(found[2]), size), size
    else:
        start, end = int(found[1]), min(int(found[2] or size) + 1, size)
        if found[2] and int(found[2]) < start:
            return Span(start=0, end=size, size=size, is_asked=False)
    if start >= size or start >= end:
        raise ApiError("InvalidRange", "The requested range is not satisfiable", http_status=416)
    return Span(start=start, end=end, size=size, is_asked=True)


def cover(parts: Sequence[SealedPart], span: Span) -> Cover:
    """Find the parts that *span* lies in."""
    chosen, at, stored, start, skip = list[SealedPart](), 0, 0, 0, 0
    for part in parts:
        if at + part.size > span.start or (part is parts[-1] and not chosen):
            if not chosen:
                start, skip = stored, span.start - at
            chosen.append(part)
        at, stored = at + part.size, stored + part.stored
        if chosen and at >= span.end:
            break
    return Cover(parts=chosen, start=start, end=stored, skip=skip)
