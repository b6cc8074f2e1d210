"""The command `luthier jobs`: the tuning jobs of a server, newest first."""

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Annotated, Any

import typer
from botocore.exceptions import ClientError, ConnectionError, HTTPClientError
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from luthier.app.cells import STYLES, clean, objective
from luthier.app.commands.answer import AsJson, answer
from luthier.app.commands.options import DataFolder, ServerPort
from luthier.app.keys import read_key
from luthier.app.own_client import no_answer, own_client
from luthier.app.watch_view import budget, over
from luthier.dashboard.wording import number
from luthier.settings import SettingsError, read_settings

UNBROKEN = 10_000  # columns of what is no terminal: a program that reads a table wants every name whole
Description = Mapping[str, Any]  # an answer of the API, as boto3 gives it


def list_jobs(
    most: Annotated[int, typer.Option("--most", "-n", min=1, max=1000, help="How many at most.")] = 20,
    status: Annotated[str | None, typer.Option(help="Only those that are InProgress, Completed, and so on.")] = None,
    name: Annotated[str | None, typer.Option(help="Only those with this in their names.")] = None,
    as_json: AsJson = False,
    region: Annotated[str | None, typer.Option(help="Their region [that of `luthier env`].")] = None,
    data_folder: DataFolder = None,
    port: ServerPort = None,
) -> None:
    """List tuning jobs with their progress and their best objectives."""
    settings = read_settings(data_folder=data_folder, port=port, region=region)
    client = own_client(settings, read_key(settings), "sagemaker")
    asked = {"StatusEquals": status, "NameContains": name}
    try:
        jobs = found(client, most, {member: value for member, value in asked.items() if value is not None})
    except (ConnectionError, HTTPClientError) as error:
        raise SettingsError(no_answer(settings)) from error
    except ClientError as error:
        raise SettingsError(clean(error.response["Error"]["Message"])) from error
    if as_json:
        answer(jobs, [], as_json=True)
    elif jobs:
        print_table(jobs)
    else:
        typer.echo("There is no such tuning job." if status or name else "There is no tuning job yet.")


def found(client: Any, most: int, asked: Mapping[str, str]) -> list[Description]:
    """Describe the newest tuning jobs that are *asked* for; raises what the client raises."""
    pages = client.get_paginator("list_hyper_parameter_tuning_jobs").paginate(
        SortBy="CreationTime", SortOrder="Descending", PaginationConfig={"MaxItems": most, "PageSize": 100}, **asked
    )
    names = [
        each["HyperParameterTuningJobName"] for each in pages.build_full_result()["HyperParameterTuningJobSummaries"]
    ]
    described = (client.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=name) for name in names)
    return [{name: value for name, value in each.items() if name != "ResponseMetadata"} for each in described]


def print_table(jobs: Sequence[Description]) -> None:
    """Print a table of tuning jobs; what is no terminal has no columns that it should fit into."""
    console = Console()
    (console if console.is_terminal else Console(width=UNBROKEN)).print(table(jobs))


def table(jobs: Sequence[Description]) -> Table:
    """Lay tuning jobs out, a row each."""
    whole = Column("tuning job", no_wrap=True)  # to be copied into the next command; others give way
    others = ("status", "strategy", "over", "best", "created (UTC)")
    grid = Table(whole, *others, box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    for job in jobs:
        status = job["HyperParameterTuningJobStatus"]
        best = objective(job["BestTrainingJob"]) if "BestTrainingJob" in job else None
        grid.add_row(
            Text(clean(job["HyperParameterTuningJobName"])),
            Text(status, style=STYLES.get(status, "")),
            job["HyperParameterTuningJobConfig"]["Strategy"],
            f"{over(job)} of {budget(job)}",
            "" if best is None else number(best),
            f"{job['CreationTime'].astimezone(UTC):%m-%d %H:%M}",
        )
    return grid
