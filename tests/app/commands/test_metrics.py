"""`luthier metrics try`."""

from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from luthier.cli import app

LOG = "epoch 1 loss=0.5 val_loss=0.6\nepoch 2 loss=2.5e-05 val_loss=0.31\n\x1b[31mhello\n"


def attempt(*arguments: str, log: str = LOG) -> Result:
    return CliRunner().invoke(app, ["metrics", "try", *arguments], input=log)


def test_it_shows_lines_with_their_values() -> None:
    result = attempt(r"\bloss=(\S+)")

    assert result.exit_code == 0
    assert "0.5 epoch 1 loss=0.5" in result.stdout
    assert "2.5e-05 epoch 2" in result.stdout
    assert "2 values in 3 lines." in result.stdout
    assert "hello" not in result.stdout


def test_it_prints_values_for_a_program() -> None:
    assert attempt("val_loss=([0-9.]+)", "--values").stdout == "0.6\n0.31\n"


def test_it_reads_a_file(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("acc=0.9\n")

    assert attempt("acc=([-+0-9.eE]+)", str(tmp_path / "log"), "--values").stdout == "0.9\n"


def test_it_warns() -> None:
    result = attempt("loss=([0-9.]+)", log="val_loss=1\n")

    assert "printed with an exponent" in result.stdout
    assert "inside of longer names" in result.stdout


def test_where_nothing_is_found_it_proposes_a_pattern() -> None:
    result = attempt("Loss (.*)", "--metric", "validation:loss")

    assert result.exit_code == 1
    assert r"For validation:loss this finds 0.6: \bval_loss=(" in result.stdout


@pytest.mark.parametrize(("pattern", "reason"), [("loss", "it has no group"), ("(", "not a regular expression")])
def test_a_pattern_that_cannot_be_used_says_why(pattern: str, reason: str) -> None:
    result = attempt(pattern)

    assert result.exit_code == 1
    assert f"The pattern cannot be used: {'it ' if reason.startswith('not') else ''}" in result.stdout
    assert reason in result.stdout


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    result = attempt("(x)", str(tmp_path / "none"))

    assert result.exit_code == 2
    assert "No such file" in result.output


def test_a_log_does_not_command_the_terminal() -> None:
    assert "\x1b" not in attempt("(hello)").stdout
