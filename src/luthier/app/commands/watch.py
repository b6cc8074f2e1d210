"""The command `luthier watch`: a tuning job, followed to its end."""

from typing import Annotated

import typer
from rich.console import Console

from luthier.app.commands.options import DataFolder, Port
from luthier.app.job_names import tuning_jobs
from luthier.app.keys import read_key
from luthier.app.terminal import watch_tuning_job
from luthier.settings import read_settings


def watch(
    name: Annotated[str, typer.Argument(help="The tuning job.", autocompletion=tuning_jobs)],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print what is described at its end, and nothing before.")
    ] = False,
    data_folder: DataFolder = None,
    port: Port = None,
) -> None:
    """Follow a tuning job until it is over."""
    settings = read_settings(data_folder=data_folder, port=port)
    raise typer.Exit(watch_tuning_job(settings, read_key(settings), name, Console(stderr=as_json), as_json=as_json))
