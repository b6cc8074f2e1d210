"""The page of traps: complete, and every test and page that it names is there."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/inside/traps.md"
ROWS = re.findall(r"^\| (\d+) \| (.+?) \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)


@cache
def named_in(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
    return frozenset(each.name for each in tree.body if isinstance(each, ast.FunctionDef))


def test_every_trap_has_its_number() -> None:
    assert [int(number) for number, _, _ in ROWS] == list(range(1, 59))


@pytest.mark.parametrize(("number", "held"), [(number, held) for number, _, held in ROWS])
def test_what_holds_a_trap_is_there(number: str, held: str) -> None:
    named = re.findall(r"`([a-z0-9_/]+\.py)::(\w+)`", held)
    pages = re.findall(r"\]\(([^)#]+)", held)

    assert named or pages, number
    assert [test for file, test in named if test not in named_in(file)] == []
    assert [page for page in pages if not (PAGE.parent / page).is_file()] == []
