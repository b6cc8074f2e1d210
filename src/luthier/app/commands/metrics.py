"""The commands `luthier metrics`: patterns of metrics, tried before a tuning job depends on them."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from luthier.app.commands.answer import AsJson, answer
from luthier.dashboard.wording import number, printable
from luthier.metrics.workbench import Tried, Workbench, lines_of, try_out

app = typer.Typer(help="Metrics, and the patterns that find them in logs.", no_args_is_help=True)

NOTHING_FOUND = 1
_STYLES = {"": "", "found": "underline", "caught": "bold green"}


@app.command("try")
def try_pattern(
    pattern: Annotated[str, typer.Argument(help="A Regex, as in MetricDefinitions; '' to have one proposed.")],
    log: Annotated[Path | None, typer.Argument(help="A file with a program's output [stdin].")] = None,
    metric: Annotated[str, typer.Option(help="The metric's name: another pattern is proposed if none is found.")] = "",
    as_values: Annotated[bool, typer.Option("--values", help="Print the values alone, one on a line.")] = False,
    as_json: AsJson = False,
) -> None:
    """
    Try a metric's pattern on the output of a training program, as a training job would read it.

    The exit code is 0 if it finds a value, 1 if it finds none or cannot be used.
    """
    bench = try_out(pattern, metric, lines_of([_read(log)]))
    if as_json:
        answer(_document(bench), [], as_json=True)
    elif as_values:
        for value in bench.values:
            typer.echo(repr(value))
    else:
        _tell(bench, Console())
    raise typer.Exit(0 if bench.values else NOTHING_FOUND)


def _read(log: Path | None) -> str:
    if log is None:
        return sys.stdin.buffer.read().decode(errors="replace")
    try:
        return log.read_bytes().decode(errors="replace")
    except OSError as error:
        raise typer.BadParameter(f"{log}: {error.strerror}") from error


def _document(bench: Workbench) -> dict[str, object]:
    return {
        "values": list(bench.values),
        "lines": len(bench.lines),
        "found": bench.found,
        "trouble": bench.trouble or None,
        "warnings": list(bench.warnings),
        "proposal": bench.proposal.pattern if bench.proposal is not None else None,
    }


def _tell(bench: Workbench, console: Console) -> None:
    for each in bench.lines if bench.pattern and not bench.trouble else ():
        if each.is_found:
            console.print(_line(each), soft_wrap=True)
    for text in _words(bench):
        console.print(Text(text), soft_wrap=True)


def _line(tried: Tried) -> Text:
    text = Text("           " if tried.value is None else f"{number(tried.value):>10} ", style="bold")
    for piece in tried.pieces:
        text.append(printable(piece.text), style=f"not bold {_STYLES[piece.kind]}")
    return text


def _words(bench: Workbench) -> Iterator[str]:
    if bench.trouble:
        yield f"The pattern cannot be used: {bench.trouble}."
    elif bench.pattern:
        yield f"{len(bench.values)} values in {len(bench.lines)} lines."
        if bench.found > len(bench.values):
            yield f"{bench.found - len(bench.values)} more lines match, without a number in group 1."
    for warning in bench.warnings:
        yield f"Warning: {warning}"
    if any(each.is_within_a_word for each in bench.lines):
        yield r"Warning: it also matches inside of longer names; begin it with \b or with more of the line"
    if bench.proposal is not None:
        yield f"For {bench.metric} this finds {number(bench.proposal.first.value or 0.0)}: {bench.proposal.pattern}"
