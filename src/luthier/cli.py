"""The command line: luthier up | serve | env | jobs | watch | logs | explain | replay | doctor | images and more."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from luthier.algorithms.catalogue import CatalogueError
from luthier.app.commands import images, import_jobs, keys, kms_keys, metrics, networks, roles
from luthier.app.commands.answer import AsJson, answer
from luthier.app.commands.completion import print_completion, tuning_jobs
from luthier.app.commands.explain import explain
from luthier.app.commands.jobs import list_jobs
from luthier.app.commands.logs import show_log
from luthier.app.commands.replay import replay_tuning_job
from luthier.app.commands.validate import validate_file
from luthier.app.demo import run_demo
from luthier.app.doctor.clients import find_clients
from luthier.app.doctor.examination import examine
from luthier.app.doctor.setup import look_over, tell_setup
from luthier.app.keys import exports, obtain_key, read_key
from luthier.app.server import serve as run_server
from luthier.app.terminal import announce, watch_tuning_job
from luthier.histories.history import HistoryError
from luthier.lab.export import export
from luthier.objects.folder import ObjectServerError
from luthier.runtimes.choice import RuntimeMissingError
from luthier.runtimes.vpc_file import VpcError
from luthier.settings import Settings, SettingsError, read_settings
from luthier.store import StoreError
from luthier.store.engine import Store
from luthier.watching.logs import write_log

app = typer.Typer(
    help="Amazon SageMaker automatic model tuning, on your own machines.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(images.app, name="images")
app.add_typer(import_jobs.app, name="import")
keys.app.add_typer(kms_keys.app, name="kms")
app.add_typer(keys.app, name="keys")
app.add_typer(metrics.app, name="metrics")
app.add_typer(networks.app, name="networks")
app.add_typer(roles.app, name="roles")
app.command("validate")(validate_file)
app.command("explain")(explain)
app.command("replay")(replay_tuning_job)
app.command("export")(export)
app.command("jobs")(list_jobs)
app.command("logs")(show_log)
app.command("completion")(print_completion)

DataFolder = Annotated[Path | None, typer.Option(help="State, embedded S3, logs and keys [~/.luthier].")]
Host = Annotated[str | None, typer.Option(help="Address to listen on [127.0.0.1].")]
Port = Annotated[int | None, typer.Option(help="Port to listen on [8710].")]


@app.command()
def up(data_folder: DataFolder = None, host: Host = None, port: Port = None) -> None:
    """Start the server with an embedded S3 on this machine; Ctrl-C stops it, and training jobs go on."""
    _serve(read_settings(data_folder=data_folder, host=host, port=port), with_s3=True)


@app.command()
def serve(data_folder: DataFolder = None, host: Host = None, port: Port = None) -> None:
    """Start the server in front of an S3 of your own (settings s3_endpoint, s3_access_key, s3_secret_key)."""
    _serve(read_settings(data_folder=data_folder, host=host, port=port), with_s3=False)


@app.command()
def env(as_json: AsJson = False, data_folder: DataFolder = None, host: Host = None, port: Port = None) -> None:
    """Print the variables that point AWS clients here: eval "$(luthier env)"."""
    settings = read_settings(data_folder=data_folder, host=host, port=port)
    variables = exports(settings, read_key(settings))
    answer(variables, [f"export {name}={value}" for name, value in variables.items()], as_json=as_json)


@app.command()
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


@app.command()
def demo(
    program: Annotated[Path, typer.Argument(help="A Python program that is an AWS client.")],
    data_folder: DataFolder = None,
    port: Port = None,
) -> None:
    """Run a client program against this server, which is started for it if it is not up."""
    settings = read_settings(data_folder=data_folder, port=port)
    settings.data_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    raise typer.Exit(run_demo(settings, program))


@app.command()
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


@app.command()
def migrate(as_json: AsJson = False, data_folder: DataFolder = None) -> None:
    """Bring the database to this version's schema (up and serve do so by themselves)."""
    settings = read_settings(data_folder=data_folder)
    Store.open(settings.database).close()
    answer({"is_up_to_date": True}, ["the database is up to date"], as_json=as_json)


def _serve(settings: Settings, *, with_s3: bool) -> None:
    settings.data_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key, is_new = obtain_key(settings)
    write_log(settings.log_format, settings.log_level)
    announce(settings, key, is_new, Console(stderr=True, quiet=settings.log_format == "json"))
    run_server(settings, key, with_s3=with_s3)


def main() -> None:
    """Run the command line; a mistake of the user's is one line, not a traceback."""
    try:
        app()
    except (
        SettingsError,
        CatalogueError,
        StoreError,
        RuntimeMissingError,
        ObjectServerError,
        VpcError,
        HistoryError,
    ) as error:
        typer.echo(f"luthier: {error}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
