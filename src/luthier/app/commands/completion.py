"""The command `luthier completion`, and the names of jobs that a shell completes."""

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from botocore.exceptions import BotoCoreError, ClientError

from luthier.app.keys import read_key
from luthier.app.own_client import own_client
from luthier.settings import SettingsError, read_settings

PROGRAM = "luthier"
VARIABLE = "_LUTHIER_COMPLETE"  # by which a shell's script asks
MOST = 100  # names


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


def tuning_jobs(context: typer.Context, incomplete: str) -> list[str]:
    """Name tuning jobs of the server that begin so; none if there is no server."""
    return _names(context, "list_hyper_parameter_tuning_jobs", "HyperParameterTuningJob", incomplete)


def training_jobs(context: typer.Context, incomplete: str) -> list[str]:
    """Name training jobs likewise."""
    return _names(context, "list_training_jobs", "TrainingJob", incomplete)


def _names(context: typer.Context, operation: str, noun: str, begin: str) -> list[str]:
    folder, port, region = (context.params.get(name) for name in ("data_folder", "port", "region"))
    try:
        settings = read_settings(data_folder=Path(folder) if folder else None, port=port, region=region)
        client = own_client(settings, read_key(settings), "sagemaker")
        asked = {"NameContains": begin} if begin else {}
        found = getattr(client, operation)(SortBy="CreationTime", SortOrder="Descending", MaxResults=MOST, **asked)
    except (SettingsError, BotoCoreError, ClientError):
        return []  # the line that is being typed is no place for complaints
    names = [str(each[f"{noun}Name"]) for each in found[f"{noun}Summaries"]]
    return [name for name in names if name.startswith(begin)]
