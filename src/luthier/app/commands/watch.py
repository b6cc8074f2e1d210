"""The command `luthier watch`: a tuning job, followed to its end."""

from typing import Annotated

import typer
from rich.console import Console

from luthier.app.commands.options import DataFolder, ServerPort
from luthier.app.job_names import tuning_jobs
from luthier.app.keys import read_key
from luthier.app.terminal import watch_tuning_job
from luthier.settings import read_settings


def watch(
    name: Annotated[str, typer.Argument(help="The tuning job.", autocompletion=tuning_jobs)],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print what is described at its end, and nothing before.")
    ] = False,
    region: Annotated[str | None, typer.Option(help="Its region [that of `luthier env`].")] = None,
    data_folder: DataFolder = None,
    port: ServerPort = None,
) -> None:
    """Follow a tuning job until it is over."""
    settings = read_settings(data_folder=data_folder, port=port, region=region)
    raise typer.Exit(watch_tuning_job(settings, read_key(settings), name, Console(stderr=as_json), as_json=as_json))
