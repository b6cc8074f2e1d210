"""
CBOR, as far as AWS's RPC protocol uses it: bytes to JSON-like values, strictly and within bounds.

    major type   0 whole number   1 negative number   2 bytes   3 text   4 list   5 map   6 tag   7 float, true, null
    low 5 bits   0-23 the argument itself   24-27 the next 1, 2, 4 or 8 bytes   31 "until the break"

Bytes become Base64 text, as they are in JSON; a tagged time becomes its number of seconds. What is read takes no more
memory than a small multiple of what came: a length is held against the bytes that are left before it is believed.

Source: RFC 8949; "Smithy RPC v2 CBOR protocol", Smithy documentation.
"""

import struct
from base64 import b64encode

from luthier.records.json_value import JsonValue

DEEPEST = 64  # levels of nesting
EPOCH_TAG = 1  # seconds since the epoch, the only tag in use
BREAK = 0xFF
FLOATS = {25: ">e", 26: ">f", 27: ">d"}
SIMPLE: dict[int, JsonValue] = {20: False, 21: True, 22: None, 23: None}  # 23 is "undefined"


def load(body: bytes) -> JsonValue:
    """Read *body*, which is one value; raises ValueError where it is not."""
    reader = _Reader(body)
    value = reader.value(0)
    if reader.at != len(body):
        raise ValueError(f"{len(body) - reader.at} bytes follow its value")
    return value


class _Reader:
    def __init__(self, body: bytes) -> None:
        self._body, self.at = body, 0

    def value(self, depth: int) -> JsonValue:
        """Read the value that begins here."""
        if depth > DEEPEST:
            raise ValueError(f"it is nested deeper than {DEEPEST} levels")
        major, low = divmod(self._take(1)[0], 32)
        match major:
            case 0:
                return self._argument(low)
            case 1:
                return -1 - self._argument(low)
            case 2:
                return b64encode(self._string(major, low)).decode()
            case 3:
                return self._string(major, low).decode()
            case 4:
                return self._list(low, depth)
            case 5:
                return self._map(low, depth)
            case 6:
                return self._tagged(low, depth)
            case _:
                return self._float_or_simple(low)

    def _take(self, count: int) -> bytes:
        taken = self._body[self.at : self.at + count]
        if len(taken) < count:
            raise ValueError("it ends too early")
        self.at += count
        return taken

    def _argument(self, low: int) -> int:
        if low < 24:
            return low
        if low > 27:
            raise ValueError(f"additional information {low} has no meaning there")
        return int.from_bytes(self._take(1 << (low - 24)), "big")

    def _count(self, low: int) -> int:
        count = self._argument(low)
        if count > len(self._body) - self.at:  # every item takes a byte
            raise ValueError("it ends too early")
        return count

    def _string(self, major: int, low: int) -> bytes:
        if low != 31:
            return self._take(self._count(low))
        pieces = list[bytes]()
        while not self._is_break():
            kind, length = divmod(self._take(1)[0], 32)
            if kind != major or length == 31:
                raise ValueError("a string in pieces has a piece that is none")
            pieces.append(self._take(self._count(length)))
        return b"".join(pieces)

    def _list(self, low: int, depth: int) -> list[JsonValue]:
        if low != 31:
            return [self.value(depth + 1) for _ in range(self._count(low))]
        items = list[JsonValue]()
        while not self._is_break():
            items.append(self.value(depth + 1))
        return items

    def _map(self, low: int, depth: int) -> dict[str, JsonValue]:
        entries = dict[str, JsonValue]()
        left = None if low == 31 else self._count(low)
        while left != 0 if left is not None else not self._is_break():
            key = self.value(depth + 1)
            if not isinstance(key, str):
                raise ValueError("a map has a key that is no text")
            if key in entries:
                raise ValueError("a map has two entries of one key")
            entries[key] = self.value(depth + 1)
            left = None if left is None else left - 1
        return entries

    def _tagged(self, low: int, depth: int) -> JsonValue:
        tag = self._argument(low)
        value = self.value(depth + 1)
        if tag != EPOCH_TAG or isinstance(value, bool) or not isinstance(value, (int, float)):
            raise ValueError(f"tag {tag} is not in use here, or not on such a value")
        return value

    def _float_or_simple(self, low: int) -> JsonValue:
        if low in FLOATS:
            number: float = struct.unpack(FLOATS[low], self._take(1 << (low - 24)))[0]
            return number
        if low not in SIMPLE:
            raise ValueError(f"simple value {low} has no meaning here")
        return SIMPLE[low]

    def _is_break(self) -> bool:
        if self._body[self.at : self.at + 1] == bytes([BREAK]):
            self.at += 1
            return True
        return False
