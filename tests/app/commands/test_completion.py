"""Completion by a shell: its script, and what is offered."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(sys.executable).with_name("luthier")
PATH = f"{PROGRAM.parent}:{os.environ['PATH']}"


def run(*command: str, **variables: str) -> str:
    done = subprocess.run(
        command, env={"PATH": PATH, "HOME": "/nonexistent", **variables}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def in_bash(*words: str) -> list[str]:
    """Have a real bash complete the last of the words."""
    script = (
        'eval "$(luthier completion bash)"\n'
        f"COMP_WORDS=({shlex.join(words)}) COMP_CWORD={len(words) - 1}\n"
        "$(complete -p luthier | sed 's/.*-F \\([^ ]*\\) .*/\\1/') luthier\n"
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )
    return run("bash", "-c", script).split()


def test_bash_completes_a_command() -> None:
    assert in_bash("luthier", "wat") == ["watch"]


def test_bash_completes_a_command_of_a_command() -> None:
    assert in_bash("luthier", "networks", "l") == ["list"]


def test_bash_completes_an_option() -> None:
    assert in_bash("luthier", "jobs", "--js") == ["--json"]


def test_without_a_server_no_name_is_offered_and_nothing_is_complained_of() -> None:
    assert in_bash("luthier", "watch", "fi") == []


@pytest.mark.parametrize(
    ("shell", "marks"), [("zsh", ["#compdef luthier", "complete_zsh"]), ("fish", ["complete --command luthier"])]
)
def test_other_shells_have_scripts_of_their_own(shell: str, marks: list[str]) -> None:
    script = run(str(PROGRAM), "completion", shell)

    assert [mark for mark in marks if mark not in script] == []


def test_zsh_takes_its_script() -> None:
    if shutil.which("zsh") is None:
        pytest.skip("zsh is not installed")

    run("zsh", "-n", "-c", run(str(PROGRAM), "completion", "zsh"))


def test_fish_completes_a_command(tmp_path: Path) -> None:
    if shutil.which("fish") is None:
        pytest.skip("fish is not installed")

    offered = run("fish", "-c", 'luthier completion fish | source; complete -C "luthier wat"', HOME=str(tmp_path))

    assert offered.startswith("watch\t")


def test_zsh_is_offered_commands() -> None:
    offered = run(str(PROGRAM), _LUTHIER_COMPLETE="complete_zsh", _TYPER_COMPLETE_ARGS="luthier wat")

    assert '"watch"' in offered


def test_fish_is_offered_commands() -> None:
    offered = run(
        str(PROGRAM),
        _LUTHIER_COMPLETE="complete_fish",
        _TYPER_COMPLETE_ARGS="luthier wat",
        _TYPER_COMPLETE_FISH_ACTION="get-args",
    )

    assert offered.startswith("watch\t")
