"""The kinds of hyperparameters: how each is read from text, and what it may be."""

import ast
import math
from dataclasses import dataclass

Value = int | float | str

LARGEST = 2**31 - 1


class RuleError(Exception):
    """The text is not what the hyperparameter takes; the message says what is, and leaves the name to the caller."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Numbers between two bounds; an open bound is itself outside."""

    low: float = -math.inf
    high: float = math.inf
    low_open: bool = False
    high_open: bool = False

    def __contains__(self, value: float) -> bool:
        above = value > self.low if self.low_open else value >= self.low
        below = value < self.high if self.high_open else value <= self.high
        return above and below

    def __str__(self) -> str:
        opening = "(" if self.low_open or math.isinf(self.low) else "["
        closing = ")" if self.high_open or math.isinf(self.high) else "]"
        return f"{opening}{self.low:g}, {self.high:g}{closing}"


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number of 32 bits."""

    interval: Interval

    def read(self, text: str) -> int:
        """Read a value; raises RuleError."""
        try:
            value = int(text)
        except ValueError:
            raise RuleError(f"{shown(text)} is not a whole number") from None
        if value not in self.interval or abs(value) > LARGEST:
            raise RuleError(f"{shown(text)} is not in {self.interval}")
        return value


@dataclass(frozen=True, slots=True)
class Real:
    """A finite number."""

    interval: Interval

    def read(self, text: str) -> float:
        """Read a value; raises RuleError."""
        try:
            value = float(text)
        except ValueError:
            raise RuleError(f"{shown(text)} is not a number") from None
        if not math.isfinite(value) or value not in self.interval:
            raise RuleError(f"{shown(text)} is not in {self.interval}")
        return value


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words."""

    choices: tuple[str, ...]

    def read(self, text: str) -> str:
        """Read a value; raises RuleError."""
        if text not in self.choices:
            raise RuleError(f"{shown(text)} is not one of {', '.join(self.choices)}")
        return text


@dataclass(frozen=True, slots=True)
class Words:
    """Some of a few words, with commas between."""

    choices: tuple[str, ...]

    def read(self, text: str) -> str:
        """Read a value, without blanks; raises RuleError."""
        one = Choice(self.choices)
        return ",".join(one.read(word.strip()) for word in text.split(","))


@dataclass(frozen=True, slots=True)
class Signs:
    """A tuple of -1, 0 and 1, one for each feature: `(1, 0, -1)`."""

    def read(self, text: str) -> str:
        """Read a value, in XGBoost's spelling; raises RuleError."""
        value = _literal(text)
        if not isinstance(value, (tuple, list)) or not all(type(each) is int and -1 <= each <= 1 for each in value):
            raise RuleError(f"{shown(text)} is not a tuple of -1, 0 and 1")
        return f"({','.join(map(str, value))})"


@dataclass(frozen=True, slots=True)
class Groups:
    """Lists of features that may meet in one tree: `[[1, 2], [3, 4, 5]]`."""

    def read(self, text: str) -> str:
        """Read a value, in XGBoost's spelling; raises RuleError."""
        value = _literal(text)
        if not isinstance(value, list) or not all(_is_group(each) for each in value):
            raise RuleError(f"{shown(text)} is not a list of lists of whole numbers from 0 on")
        return str(value)


Rule = Whole | Real | Choice | Words | Signs | Groups


def shown(text: str) -> str:
    """Quote text of unknown length and content for a message."""
    return repr(text if len(text) <= 60 else text[:57] + "...")


def _is_group(value: object) -> bool:
    return isinstance(value, list) and all(type(each) is int and 0 <= each <= LARGEST for each in value)


def _literal(text: str) -> object:
    try:
        value: object = ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        raise RuleError(f"{shown(text)} is not a list") from None
    return value
