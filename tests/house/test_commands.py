"""Every command of the command line: what it prints for programs, and its place in the reference."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from luthier.cli import app

PAGE = (Path(__file__).parents[2] / "docs/reference/commands.md").read_text(encoding="utf-8")
WITHOUT_JSON = {
    "up": "its log is JSON, by a setting",
    "serve": "likewise",
    "demo": "what it prints is the program's",
    "completion": "what it prints is a shell's",
    "export": "what it prints is the table, or the request",
}


def commands(group: Any, above: str = "") -> Iterator[tuple[str, Any]]:
    """Give every command with its name as it is typed."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{above}{name} ")
        else:
            yield f"{above}{name}", command


COMMANDS = dict(commands(get_command(app)))


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_speaks_json_or_has_its_reason(name: str) -> None:
    options = {option for each in COMMANDS[name].params for option in each.opts}

    assert ("--json" in options) is (name not in WITHOUT_JSON)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_is_in_the_reference(name: str) -> None:
    assert f"| `luthier {name}` |" in PAGE


def test_the_reference_has_no_command_that_is_not_there() -> None:
    shown = {
        line.split("`")[1].removeprefix("luthier ") for line in PAGE.splitlines() if line.startswith("| `luthier ")
    }

    assert shown == set(COMMANDS)
