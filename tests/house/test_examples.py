"""The examples in docstrings."""

import doctest
import importlib
from pathlib import Path

import pytest

import luthier

ROOT = Path(luthier.__file__).parent
MODULES = sorted(path for path in ROOT.rglob("*.py") if ">>> " in path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_examples_of_a_docstring_are_true(path: Path) -> None:
    module = importlib.import_module(".".join(("luthier", *path.relative_to(ROOT).with_suffix("").parts)))

    results = doctest.testmod(module)

    assert results.attempted > 0
    assert results.failed == 0
