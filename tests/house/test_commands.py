"""Every command of the command line: what it prints for programs, and its place in the reference."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from luthier.app.commands.deferred import Deferred
from luthier.cli import app

PAGE = (Path(__file__).parents[2] / "docs/reference/commands.md").read_text(encoding="utf-8")
WITHOUT_JSON = {
    "up": "its log is JSON, by a setting",
    "serve": "likewise",
    "demo": "what it prints is the program's",
    "completion": "what it prints is a shell's",
    "export": "what it prints is the table, or the request",
}


def deferred(group: Any, above: str = "") -> Iterator[tuple[str, Deferred]]:
    """Give every command that is loaded when it is asked for, with its name as it is typed."""
    for name, command in getattr(group, "commands", {}).items():
        if isinstance(command, Deferred):
            yield f"{above}{name}", command
            yield from deferred(command.load(), f"{above}{name} ")


def commands(group: Any, above: str = "") -> Iterator[tuple[str, Any]]:
    """Give every command with its name as it is typed."""
    for name, command in group.commands.items():
        loaded = command.load() if isinstance(command, Deferred) else command
        if hasattr(loaded, "commands"):
            yield from commands(loaded, f"{above}{name} ")
        else:
            yield f"{above}{name}", loaded


DEFERRED = dict(deferred(get_command(app)))
COMMANDS = dict(commands(get_command(app)))


@pytest.mark.parametrize("name", sorted(DEFERRED))
def test_the_list_of_commands_says_of_each_what_its_own_help_says(name: str) -> None:
    own, _, _ = DEFERRED[name].load().help.partition("\n\n")

    assert DEFERRED[name].help == own.replace("\n", " ")


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
