"""Commands that are loaded when they are asked for."""

import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from luthier.app.commands.deferred import Place, group_of

PROGRAM = '''
import typer
app = typer.Typer()

@app.command()
def first(number: int = 3) -> None:
    """Say a number."""
    typer.echo(number + 1)

@app.command()
def second() -> None:
    """
    Say nothing, which takes more words than there is room for.

    In a second paragraph.
    """

def alone(context: typer.Context, name: str) -> None:
    """
    Greet somebody.

    By name.
    """
    typer.echo(f"{context.command_path}: hello, {name}")
'''


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    """A command line with a group, a command alone, and one that cannot be loaded."""
    (tmp_path / "program_of_a_test.py").write_text(PROGRAM, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "program_of_a_test", raising=False)
    table = {
        "many": Place(module="program_of_a_test", name="app", help="Several."),
        "greet": Place(module="program_of_a_test", name="alone", help="Greet somebody, whoever it is, in many words."),
        "gone": Place(module="no_such_module_of_a_test", name="app", help="Not there."),
    }
    made = typer.Typer(cls=group_of(table), rich_markup_mode=None)
    made.callback()(lambda: None)
    return made


def said(app: typer.Typer, *line: str) -> str:
    return CliRunner().invoke(app, line, prog_name="x").output


def test_the_list_says_all_commands_and_loads_none(app: typer.Typer) -> None:
    text = said(app, "--help")

    assert all(each in text for each in ("many", "Several.", "greet", "Greet somebody", "gone", "Not there."))
    assert "program_of_a_test" not in sys.modules


def test_a_command_reads_its_line(app: typer.Typer) -> None:
    assert said(app, "greet", "you") == "x greet: hello, you\n"


def test_a_command_of_a_group_reads_its_line(app: typer.Typer) -> None:
    assert said(app, "many", "first", "--number", "5") == "6\n"


def test_a_commands_help_is_its_own(app: typer.Typer) -> None:
    text = said(app, "greet", "--help")

    assert "By name." in text


def test_a_groups_help_lists_its_commands(app: typer.Typer) -> None:
    text = said(app, "many", "--help")

    assert all(each in text for each in ("first", "Say a number.", "second"))


def test_a_name_that_is_nearly_right_is_known(app: typer.Typer) -> None:
    assert "'greet'" in said(app, "gret")


def test_the_list_cuts_no_line(app: typer.Typer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")

    assert " ".join(said(app, "--help").split()).endswith("Not there.")
    assert "in many words." in " ".join(said(app, "--help").split())


def test_the_list_of_a_group_says_first_paragraphs(app: typer.Typer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")

    assert " ".join(said(app, "many", "--help").split()).endswith(
        "Say nothing, which takes more words than there is room for."
    )


def test_only_one_way_to_completion_is_offered(app: typer.Typer) -> None:
    assert "completion" not in said(app, "--help")
    assert "No such option" in said(app, "--install-completion")
