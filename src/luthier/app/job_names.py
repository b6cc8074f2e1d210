"""The names of jobs that a shell completes."""

from pathlib import Path

import typer
from botocore.exceptions import BotoCoreError, ClientError

from luthier.app.keys import read_key
from luthier.app.own_client import own_client
from luthier.settings import SettingsError, read_settings

MOST = 100  # names


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
