"""Which problems can be evaluated here, and why the others cannot."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.search.environments import python_of_problems
from benchmarks.search.lines import Child, Died


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Absence:
    """What a report has to leave out, and why."""

    what: str
    why: str


def available(problems: Sequence[str], data: Path | None) -> tuple[list[str], list[Absence]]:
    """Open each problem once, in the process that will evaluate it."""
    present: list[str] = []
    absences: list[Absence] = []
    left = list(problems)
    while left:
        with Child(python_of_problems(), "benchmarks.search.serving", *_arguments(data)) as serving:
            opened, absence = _open(serving, left)
        present += opened
        absences += absence
        left = left[len(opened) + len(absence) :]
    return present, absences


def _arguments(data: Path | None) -> list[str]:
    return [] if data is None else [str(data)]


def _open(serving: Child, problems: Sequence[str]) -> tuple[list[str], list[Absence]]:
    """Open problems until one cannot be."""
    for place, name in enumerate(problems):
        try:
            serving.ask({"open": name})
        except Died as death:
            return list(problems[:place]), [Absence(what=name, why=str(death))]
    return list(problems), []
