"""The journey of one tuning job, held against the code that it walks through."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src/luthier"
JOURNEY = (ROOT / "docs/inside/journey.md").read_text(encoding="utf-8")
STOPS = sorted(set(re.findall(r"`([a-z0-9_/]+\.py)(?::([A-Za-z0-9_.]+))?`", JOURNEY)))


def names_in(module: Path) -> set[str]:
    """Give the functions, classes and methods that a module defines, methods behind their class's name."""
    found = set[str]()
    for each in ast.parse(module.read_text(encoding="utf-8")).body:
        if isinstance(each, ast.FunctionDef | ast.ClassDef):
            found.add(each.name)
        if isinstance(each, ast.ClassDef):
            found |= {f"{each.name}.{member.name}" for member in each.body if isinstance(member, ast.FunctionDef)}
            found |= {f"{each.name}.{member.name}" for member in each.body if isinstance(member, ast.AsyncFunctionDef)}
    return found


@pytest.mark.parametrize(("path", "name"), STOPS)
def test_what_the_journey_names_exists(path: str, name: str) -> None:
    assert (SOURCE / path).is_file()
    assert not name or name in names_in(SOURCE / path)


@pytest.mark.parametrize("step", re.split(r"^## ", JOURNEY, flags=re.MULTILINE)[1:], ids=lambda each: each[:20])
def test_every_step_of_the_journey_names_a_function(step: str) -> None:
    assert re.search(r"`[a-z0-9_/]+\.py:[A-Za-z0-9_.]+`", step)


def test_the_journey_names_functions_in_the_way_that_is_checked() -> None:
    """As `module.py:function`: a call such as `f()` would escape the check."""
    assert re.findall(r"`\w+\(\)`", JOURNEY) == []
