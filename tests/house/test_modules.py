"""What a machine can hold of the house's style: sizes, names, first sentences, and who may catch everything."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src/luthier"
MODULES = sorted(path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.py"))

MOST_LINES = 300  # of a module; it stays below
MOST_LINES_OF_A_FUNCTION = 40
NO_NOUNS = {"util", "utils", "helper", "helpers", "common", "core", "manager", "base", "misc", "service"}
EVERYTHING = {"Exception", "BaseException"}
CATCH_ALLS = ["loop.py", "wire/asgi.py"]

Function = ast.FunctionDef | ast.AsyncFunctionDef


def text_of(module: str) -> str:
    return (SOURCE / module).read_text(encoding="utf-8")


@cache
def tree_of(module: str) -> ast.Module:
    return ast.parse(text_of(module))


def nodes_of(module: str) -> Iterator[ast.AST]:
    return ast.walk(tree_of(module))


def catches_everything(handler: ast.ExceptHandler) -> bool:
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(each is None or (isinstance(each, ast.Name) and each.id in EVERYTHING) for each in caught)


def begins_by_saying_what_it_is(module: str) -> bool:
    docstring = ast.get_docstring(tree_of(module))
    return docstring is not None and re.match(r"\w[^\n]*(?:\n[^\n]+)*[.?](?:\n\n|$)", docstring) is not None


def test_a_module_begins_by_saying_what_it_is() -> None:
    assert [module for module in MODULES if not begins_by_saying_what_it_is(module)] == []


def test_a_module_is_short() -> None:
    lengths = {module: len(text_of(module).splitlines()) for module in MODULES}

    assert {module: lines for module, lines in lengths.items() if lines >= MOST_LINES} == {}


def test_the_functions_of_a_module_are_short() -> None:
    lengths = {
        (module, node.name): (node.end_lineno or 0) - node.lineno + 1
        for module in MODULES
        for node in nodes_of(module)
        if isinstance(node, Function)
    }

    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES_OF_A_FUNCTION} == {}


def test_no_module_and_no_room_has_a_name_that_says_nothing() -> None:
    named = {module for module in MODULES if NO_NOUNS & set(module.removesuffix(".py").split("/"))}

    assert named == set()


def test_only_the_loop_and_the_front_door_catch_everything() -> None:
    catching = [
        module
        for module in MODULES
        for node in nodes_of(module)
        if isinstance(node, ast.ExceptHandler) and catches_everything(node)
    ]

    assert catching == CATCH_ALLS


def test_no_handler_passes_over_an_error() -> None:
    passing = [
        (module, node.lineno)
        for module in MODULES
        for node in nodes_of(module)
        if isinstance(node, ast.ExceptHandler) and any(isinstance(each, ast.Pass) for each in node.body)
    ]

    assert passing == []
