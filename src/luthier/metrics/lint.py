r"""
What is probably wrong with a pattern, told before any training job has run.

| pattern               | of                | group 1 catches | because                                           |
|-----------------------|-------------------|-----------------|---------------------------------------------------|
| `loss=(.*?)`          | `loss=0.25`       | nothing         | a lazy group stops at once if nothing follows it  |
| `loss=([0-9.]+?)`     | `loss=0.25`       | `0`             | likewise, after the least it may hold             |
| `loss=(.*)`           | `loss=0.25 (ok)`  | `0.25 (ok)`     | a greedy group takes all there is                 |
| `loss=([0-9.]+)`      | `loss=2.5e-05`    | `2.5`           | its characters lack those of an exponent          |
| `loss=([0-9]+)`       | `loss=0.25`       | `0`             | they lack the point                               |

What the group holds is tried on numbers as programs print them, by the engine that will search the log: no pattern is
guessed to be wrong. None of these is an error, for a program may print nothing else.
"""

from luthier.metrics.patterns import Match, Search, compile_pattern

DECIMAL, EXPONENT, FOLLOWED = "0.25", "2.5e-05", "0.25 (ok)"
_BETTER = r"([-+0-9.eE]+)"


def lint(pattern: str) -> list[str]:
    """Give warnings about *pattern*, for people, each with its remedy; none about one that cannot be used at all."""
    parts = _group_of(pattern)
    if parts is None:
        return []
    body, following = parts
    try:
        begins, whole = compile_pattern(f"^({body})"), compile_pattern(f"^({body})$")
        return _warnings(begins, whole, following)
    except (ValueError, TimeoutError):
        return []  # what it needs stands elsewhere in the pattern, as a flag does or a group that it names


def _warnings(begins: Search, whole: Search, following: str) -> list[str]:
    decimal = _caught(begins, DECIMAL)
    if not following and decimal is not None and len(decimal) < len(DECIMAL) and whole(DECIMAL) is not None:
        held = f"only {decimal!r}" if decimal else "nothing"
        return [f"of {DECIMAL!r} its group catches {held}: a lazy group with nothing after it; write {_BETTER}"]
    if whole(DECIMAL) is None:
        return [f"of {DECIMAL!r} its group catches {decimal!r}: it takes whole numbers alone"] if decimal else []
    warnings = []
    if whole(EXPONENT) is None:
        told = f"of {EXPONENT!r} its group catches {_caught(begins, EXPONENT)!r}"
        warnings.append(f"{told}: small and large numbers are printed with an exponent; write {_BETTER}")
    if not following and _caught(begins, FOLLOWED) == FOLLOWED:
        warnings.append(
            f"of {FOLLOWED!r} its group catches all, which is no number: it works where the number ends the line; "
            f"write {_BETTER}"
        )
    return warnings


def _caught(search: Search, text: str) -> str | None:
    match: Match | None = search(text)
    return None if match is None or match.group is None else text[slice(*match.group)]


def _group_of(pattern: str) -> tuple[str, str] | None:
    """Give what stands in the first capturing group of *pattern*, and what follows the group."""
    start: int | None = None
    open_groups: list[int | None] = []  # where what they hold begins; None: it does not catch
    for place, sign in _signs(pattern):
        if sign == "(":
            begins = _held_from(pattern, place)
            open_groups.append(begins)
            start = start if start is not None or begins is None else begins
        elif sign == ")" and open_groups and (begins := open_groups.pop()) is not None and begins == start:
            return pattern[begins:place], pattern[place + 1 :].lstrip(")$")
    return None


def _held_from(pattern: str, place: int) -> int | None:
    """Say where the content of the group that opens at *place* begins; None if it does not catch."""
    if not pattern.startswith("(?", place):
        return place + 1
    is_named = pattern.startswith("(?P<", place) or (
        pattern.startswith("(?<", place) and not pattern.startswith(("(?<=", "(?<!"), place)
    )
    return pattern.find(">", place) + 1 if is_named else None


def _signs(pattern: str) -> list[tuple[int, str]]:
    """Give the parentheses of *pattern* that mean groups, with their places."""
    signs, place, in_class = list[tuple[int, str]](), 0, False
    while place < len(pattern):
        sign = pattern[place]
        if sign == "\\":
            place += 1
        elif in_class:
            in_class = sign != "]"
        elif sign == "[":
            in_class = True
            place += 1 if pattern.startswith(("[]", "[^"), place) else 0
            place += 1 if pattern[place - 1 : place + 2] == "[^]" else 0
        elif sign in "()":
            signs.append((place, sign))
        place += 1
    return signs
