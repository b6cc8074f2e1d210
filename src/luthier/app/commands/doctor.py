"""The command `luthier doctor`: what works on this machine."""

from typing import Annotated

import typer
from rich.console import Console

from luthier.app.commands.answer import AsJson
from luthier.app.commands.options import DataFolder, Port
from luthier.app.doctor.clients import find_clients
from luthier.app.doctor.examination import examine
from luthier.app.doctor.setup import look_over, tell_setup
from luthier.settings import read_settings


def doctor(
    clients: Annotated[bool, typer.Option("--clients", help="Run every installed AWS client end to end.")] = False,
    python: Annotated[list[str] | None, typer.Option(help="A Python whose clients to examine.")] = None,
    aws: Annotated[list[str] | None, typer.Option(help="An AWS CLI to examine.")] = None,
    as_json: AsJson = False,
    data_folder: DataFolder = None,
    port: Port = None,
) -> None:
    """Say what works on this machine; with --clients, each AWS client, and whether any request leaves the machine."""
    settings = read_settings(data_folder=data_folder, port=port)
    if not clients:
        raise typer.Exit(tell_setup(look_over(settings), Console(), as_json=as_json))
    raise typer.Exit(examine(find_clients(python or [], aws or []), settings, Console(stderr=as_json), as_json=as_json))
