"""The command `luthier completion`: what a shell reads whenever it starts, and so nothing heavy."""

import os
from enum import StrEnum
from typing import Annotated

import typer

PROGRAM = "luthier"
VARIABLE = "_LUTHIER_COMPLETE"  # by which a shell's script asks


class Shell(StrEnum):
    """Shells that can complete."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


def print_completion(
    context: typer.Context, shell: Annotated[Shell, typer.Argument(help="The shell that is to complete.")]
) -> None:
    """Print what a shell needs to complete commands, options and names of jobs: eval "$(luthier completion bash)"."""
    os.environ[VARIABLE] = f"source_{shell}"
    context.find_root().command.main(args=[], prog_name=PROGRAM)
