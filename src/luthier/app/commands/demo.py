"""The command `luthier demo`: a client program, with a server for as long as it runs."""

from pathlib import Path
from typing import Annotated

import typer

from luthier.app.commands.options import DataFolder, Port
from luthier.app.demo import run_demo
from luthier.settings import read_settings


def demo(
    program: Annotated[Path, typer.Argument(help="A Python program that is an AWS client.")],
    data_folder: DataFolder = None,
    port: Port = None,
) -> None:
    """Run a client program against this server, which is started for it if it is not up."""
    settings = read_settings(data_folder=data_folder, port=port)
    settings.data_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    raise typer.Exit(run_demo(settings, program))
