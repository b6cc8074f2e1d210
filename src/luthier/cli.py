"""The command line: luthier up | serve | env | jobs | watch | logs | explain | replay | doctor | images and more."""

import sys
from importlib.metadata import version
from typing import Annotated

import typer

from luthier.app.commands.deferred import Place, group_of
from luthier.records.correctable import CorrectableError
from luthier.settings import SettingsError


def _place(module: str, name: str, text: str) -> Place:
    return Place(module=f"luthier.{module}", name=name, help=text)


COMMANDS = {
    "up": _place(
        "app.commands.serving",
        "up",
        "Start the server with an embedded S3 on this machine; Ctrl-C stops it, and training jobs go on.",
    ),
    "serve": _place(
        "app.commands.serving",
        "serve",
        "Start the server in front of an S3 of your own (settings s3_endpoint, s3_access_key, s3_secret_key).",
    ),
    "env": _place(
        "app.commands.env", "print_variables", 'Print the variables that point AWS clients here: eval "$(luthier env)".'
    ),
    "demo": _place(
        "app.commands.demo",
        "demo",
        "Run a client program against this server, which is started for it if it is not up.",
    ),
    "jobs": _place("app.commands.jobs", "list_jobs", "List tuning jobs with their progress and their best objectives."),
    "watch": _place("app.commands.watch", "watch", "Follow a tuning job until it is over."),
    "logs": _place(
        "app.commands.logs",
        "show_log",
        "Print the log of a training job; of several hosts, each line with its host's name.",
    ),
    "explain": _place(
        "app.commands.explain",
        "explain",
        "Say which hyperparameters matter and where the objective is believed to be good.",
    ),
    "replay": _place(
        "app.commands.replay",
        "replay_tuning_job",
        "Compute every proposal again from what was known then, and compare it bit for bit.",
    ),
    "export": _place(
        "lab.export", "export", "Give a tuning job away: its training jobs as a table, or its definition as JSON."
    ),
    "import": _place("app.commands.import_jobs", "app", "Searches from elsewhere, as tuning jobs that are over."),
    "validate": _place(
        "app.commands.validate",
        "validate_file",
        "Say whether a request would be accepted (exit code 0) or what is wrong with it (1), and change nothing.",
    ),
    "metrics": _place("app.commands.metrics", "app", "Metrics, and the patterns that find them in logs."),
    "doctor": _place(
        "app.commands.doctor",
        "doctor",
        "Say what works on this machine; with --clients, each AWS client, and whether any request leaves the machine.",
    ),
    "images": _place(
        "app.commands.images", "app", "The image catalogue: what stands on this machine for which training image."
    ),
    "networks": _place(
        "app.commands.networks",
        "app",
        "Virtual private clouds: which networks of the container engine stand for subnets and security groups.",
    ),
    "keys": _place("app.commands.keys", "app", "Access keys: who may call, and for which account."),
    "roles": _place("app.commands.roles", "app", "Roles: what those who take them on may do."),
    "migrate": _place(
        "app.commands.migrate",
        "migrate",
        "Bring the database to this version's schema (up and serve do so by themselves).",
    ),
    "completion": _place(
        "app.commands.completion",
        "print_completion",
        'Print what a shell needs to complete commands, options and names of jobs: eval "$(luthier completion bash)".',
    ),
}
"""Every command, in the order in which they are listed."""

app = typer.Typer(
    cls=group_of(COMMANDS),
    help="Amazon SageMaker automatic model tuning, on your own machines.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _print_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(version("luthier"))
        raise typer.Exit


@app.callback()
def luthier(
    show_version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Say what every line may have before its command."""


def main() -> None:
    """Run the command line; a mistake of the user's is one line, not a traceback."""
    try:
        app()
    except (SettingsError, CorrectableError) as error:
        typer.echo(f"luthier: {error}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
