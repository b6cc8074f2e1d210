"""What a pattern finds in lines that are there: for people who try one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from luthier.metrics.patterns import Match, Search, compile_pattern, forms_of, number


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One line as a pattern sees it."""

    text: str  # the form of the line in which something was found, else the line itself
    match: Match | None  # None: nothing was found
    value: float | None  # None: nothing was found, or no finite number was caught

    @property
    def caught(self) -> str | None:
        """What group 1 holds."""
        return self.text[slice(*self.match.group)] if self.match is not None and self.match.group is not None else None

    @property
    def is_within_a_word(self) -> bool:
        """Whether what was found begins inside a longer word, as `loss=` does in `val_loss=0.5`."""
        if self.match is None or self.match.whole[0] == 0:
            return False
        start = self.match.whole[0]
        before, first = self.text[start - 1], self.text[start]
        return (before.isalnum() or before in "_-.:/") and first.isalnum()


def read(pattern: str, lines: Iterable[str]) -> Iterator[Reading]:
    """
    Search *pattern* in each of *lines*, without their ends, as a training host does.

    Raises ValueError for a pattern that cannot be used, and TimeoutError at a line that it takes too long for.
    """
    search = compile_pattern(pattern)
    return (_reading(search, line) for line in lines)


def _reading(search: Search, line: str) -> Reading:
    found = [_in_form(search, form) for form in forms_of(line)]
    matching = [each for each in found if each.match is not None]
    valued = [each for each in matching if each.value is not None]
    return next(iter([*valued, *matching]), Reading(text=line, match=None, value=None))


def _in_form(search: Search, form: str) -> Reading:
    match = search(form)
    caught = form[slice(*match.group)] if match is not None and match.group is not None else ""
    return Reading(text=form, match=match, value=number(caught))
