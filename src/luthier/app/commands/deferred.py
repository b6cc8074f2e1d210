"""
Commands that are loaded when they are asked for.

A command's module may stand on half of the house: SciPy, SQLAlchemy, botocore. What the list of commands needs of it,
its name and its first line of help, is in a table instead, so that `luthier --help` and the completion of a command's
name load none, and every other line loads the one command that it is for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

OPTIONS_OF_TYPER = frozenset({"install_completion", "show_completion"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a command is, and what the list of commands says of it."""

    module: str
    name: str  # of the function that is the command, or of the `typer.Typer` that has its commands
    help: str  # the first line of its own help


class Deferred(TyperCommand):
    """A command that stands for the one at a place, which takes over once there is a line for it to read."""

    def __init__(self, name: str, place: Place) -> None:
        super().__init__(name, help=place.help, short_help=place.help)
        self._place = place

    def load(self) -> Any:  # Any: typer gives a command of its own kind of click
        """Give the command itself; raises what importing its module raises."""
        found = getattr(import_module(self._place.module), self._place.name)
        holder = typer.Typer(add_completion=False, rich_markup_mode=None)
        if isinstance(found, typer.Typer):
            holder.add_typer(found, name=self.name)
            return _in_whole_lines(get_command(holder).commands[self.name])  # type: ignore[attr-defined]  # of a group
        holder.command(self.name)(found)
        return get_command(holder)

    def make_context(self, *given: Any, **settings: Any) -> Any:
        """Read a command line as the command itself does."""
        return self.load().make_context(*given, **settings)


def _in_whole_lines(group: Any) -> Any:
    """Have a list of commands say the first paragraph of each one's help; it would be cut off after one line."""
    for command in group.commands.values():
        command.short_help = (command.help or "").partition("\n\n")[0]
        if hasattr(command, "commands"):
            _in_whole_lines(command)
    return group


def group_of(places: Mapping[str, Place]) -> type[TyperGroup]:
    """Make a class of groups, for `typer.Typer(cls=...)`, that have these commands beside those of their own."""

    class Group(TyperGroup):
        """A group of commands, those of the table among them."""

        def __init__(self, **given: Any) -> None:
            super().__init__(**given)
            for name, place in places.items():
                self.add_command(Deferred(name, place))

        def get_params(self, context: Any) -> list[Any]:
            """Give the options, but not typer's own for completion: `luthier completion` changes no file of a shell."""
            return [each for each in super().get_params(context) if each.name not in OPTIONS_OF_TYPER]

    return Group
