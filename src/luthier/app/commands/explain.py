"""
The command `luthier explain`: what a tuning job has learned of its hyperparameters.

It reads the database itself, so it works whether or not a server runs, and changes nothing.
"""

import json
from typing import Annotated

import typer
from rich.console import Console

from luthier.app.commands.keys import Account, DataFolder, chosen_account, opened
from luthier.app.explain_view import document, explanation
from luthier.records.names import Scope, tuning_job_arn
from luthier.records.portrait import Portrait
from luthier.settings import SettingsError, read_settings
from luthier.strategies.bayesian.portrait import portray
from luthier.tuning.portraits import Portrayed, portraits_of

NOTHING_TO_TELL = 1


def explain(
    name: Annotated[str, typer.Argument(help="The tuning job.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print everything, unrounded, for a program.")] = False,
    account: Account = None,
    region: Annotated[str | None, typer.Option(help="The tuning job's region [that of `luthier env`].")] = None,
    data_folder: DataFolder = None,
) -> None:
    """
    Say which hyperparameters matter and where the objective is believed to be good.

    The exit code is 0 if there is something to tell, 1 if not yet, 2 if there is no such tuning job.
    """
    found = _found(name, account, region, data_folder)
    if as_json:
        typer.echo(json.dumps(document(name, found), indent=2))
    else:
        Console().print(explanation(name, found))
    is_told = any(isinstance(each.portrayal, Portrait) for each in found)
    raise typer.Exit(0 if is_told else NOTHING_TO_TELL)


def _found(name: str, account: str | None, region: str | None, data_folder: DataFolder) -> tuple[Portrayed, ...]:
    settings = read_settings(data_folder=data_folder)
    scope = Scope(account=chosen_account(settings, account), region=region or settings.region)
    with opened(settings) as store:
        job = store.tuning_jobs.get(tuning_job_arn(scope, name))
        if job is None:
            raise SettingsError(
                f"{name!r}: no such tuning job in the account {scope.account}, region {scope.region}; "
                "check the name, --account, --region and --data-folder"
            )
        return portraits_of(store, job, portray)
