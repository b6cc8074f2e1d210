"""What the documentation has readers type: commands that exist, programs and documents that can be read."""

import ast
import json
import re
import shlex
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import typer

from luthier.app.commands.deferred import Deferred
from luthier.cli import app

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"^( *)```(\w+)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`(luthier [^`]+)`")
ENDS = {"|", ">", ">>", "<", "&&", "||", ";", "2>", "&"}


class Block(NamedTuple):
    """What stands in a fence."""

    page: str
    language: str
    text: str


def blocks(*languages: str) -> list[Block]:
    return [
        Block(str(page.relative_to(ROOT)), language, textwrap.dedent(text))
        for page in PAGES
        for _, language, text in FENCE.findall(page.read_text(encoding="utf-8"))
        if language in languages
    ]


def commands() -> Iterator[tuple[str, str]]:
    """Give every command line that begins with luthier, with its page."""
    for page, language, text in blocks("console", "sh"):
        for line in text.splitlines():
            typed = line.removeprefix("$ ") if language == "console" else line
            if (language == "sh" or line.startswith("$ ")) and typed.startswith("luthier "):
                yield page, typed
    for page in PAGES:
        for typed in INLINE.findall(page.read_text(encoding="utf-8").replace("\\|", "|")):
            yield str(page.relative_to(ROOT)), typed


def words_of(typed: str) -> list[str]:
    """Split a command line as a shell does, up to whatever is done with what it prints."""
    words = shlex.split(typed, comments=True)
    end = next((place for place, word in enumerate(words) if word in ENDS or word.startswith((">", "2>"))), len(words))
    return words[1:end]


def opts(command: Any) -> set[str]:
    return {"--help"} | {opt for each in command.params for opt in (*each.opts, *each.secondary_opts)}


@pytest.mark.parametrize("typed", sorted({typed for _, typed in commands()}))
def test_every_command_and_option_exists(typed: str) -> None:
    command: Any = typer.main.get_command(app)
    words = words_of(typed)
    while hasattr(command, "commands") and words and not words[0].startswith("-"):
        name = words.pop(0)
        if name.isupper():  # any of them
            return
        assert name in command.commands, f"no command {name!r}"
        command = command.commands[name]
        if isinstance(command, Deferred):
            command = command.load()
    before = words[: words.index("--")] if "--" in words else words
    unknown = [word for word in before if re.match(r"--?[a-z]", word) and word.partition("=")[0] not in opts(command)]

    assert unknown == []


@pytest.mark.parametrize("block", blocks("python"), ids=lambda block: block.page)
def test_every_program_can_be_read(block: Block) -> None:
    members = "{" + re.sub(r",\s*\.\.\.", "", block.text) + "}"  # of a request, of which the rest is left out

    assert ast.parse(members if block.text.startswith('"') else block.text).body


@pytest.mark.parametrize("block", blocks("json"), ids=lambda block: block.page)
def test_every_document_is_one(block: Block) -> None:
    for line in block.text.splitlines() if block.text.count("\n{") else [block.text]:
        assert json.loads(line)
