"""What a command answers: text for people or, with --json, one JSON document for programs."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document, for a program.")]


def answer(document: object, lines: Sequence[str], *, as_json: bool) -> None:
    """Print *document*, which may have times in it, or the *lines* that say the same."""
    for line in [json.dumps(document, indent=2, default=as_text)] if as_json else lines:
        typer.echo(line)


def as_text(value: object) -> str:
    """Write a time of boto3's as text."""
    assert isinstance(value, datetime)
    return value.astimezone(UTC).isoformat()
