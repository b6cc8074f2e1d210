"""What `luthier up` and `luthier watch` show in a terminal."""

import time
from typing import Any

import boto3
from botocore.exceptions import ClientError, ConnectionError, HTTPClientError
from rich.console import Console
from rich.live import Live
from rich.text import Text

from luthier.app.keys import Key, exports
from luthier.app.watch_view import line, screen
from luthier.runtimes.choice import choose
from luthier.settings import Settings

EXIT_CODES = {"Completed": 0, "Failed": 1, "Stopped": 3}
UNKNOWN, INTERRUPTED = 2, 130
PAUSE_S = 1.0
NEWEST = 12  # training jobs in the table


def announce(settings: Settings, key: Key, is_new: bool, console: Console) -> None:
    """Say where the server is and how to use it; on the first start, show the key."""
    console.print(f"[bold]Luthier[/bold] at {settings.url} (open it in a browser)", highlight=False)
    console.print(f"data in {settings.data_folder}", highlight=False, soft_wrap=True, markup=False)
    if is_new:
        console.print("A new access key has been made. Point AWS clients here with:")
        for name, value in exports(settings, key).items():
            console.print(f"  export {name}={value}", highlight=False, soft_wrap=True)
    console.print('In another terminal: [bold]eval "$(luthier env)"[/bold]')
    _, warning = choose(settings.runtime)
    if warning is not None:
        console.print(Text(f"Warning: {warning}", style="bold yellow"))


def watch_tuning_job(settings: Settings, key: Key, name: str, console: Console) -> int:
    """Follow a tuning job until it is over, and give the exit code that says how it ended."""
    client = _client(settings, key)
    try:
        return _follow(client, name, console)
    except ClientError as error:
        console.print(error.response["Error"]["Message"], style="red")
        return UNKNOWN
    except (ConnectionError, HTTPClientError):
        console.print(f"Nothing answers at {settings.url}; is `luthier up` running?", style="red")
        return UNKNOWN
    except KeyboardInterrupt:
        console.print("The tuning job goes on.")
        return INTERRUPTED


def _follow(client: Any, name: str, console: Console) -> int:
    if not console.is_terminal:
        return _follow_in_lines(client, name, console)
    with Live(console=console, auto_refresh=False) as live:
        while True:
            job = client.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)
            live.update(screen(job, _children(client, name), time.time()), refresh=True)  # noqa: TID251  # a clock on the wall
            if job["HyperParameterTuningJobStatus"] in EXIT_CODES:
                return EXIT_CODES[job["HyperParameterTuningJobStatus"]]
            time.sleep(PAUSE_S)


def _follow_in_lines(client: Any, name: str, console: Console) -> int:
    shown = ""
    while True:
        job = client.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)
        if (now := line(job)) != shown:
            console.print(now, highlight=False, soft_wrap=True)
            shown = now
        if job["HyperParameterTuningJobStatus"] in EXIT_CODES:
            return EXIT_CODES[job["HyperParameterTuningJobStatus"]]
        time.sleep(PAUSE_S)


def _children(client: Any, name: str) -> list[dict[str, Any]]:
    pages = client.get_paginator("list_training_jobs_for_hyper_parameter_tuning_job").paginate(
        HyperParameterTuningJobName=name, SortBy="CreationTime", PaginationConfig={"PageSize": 100}
    )
    return list(pages.build_full_result()["TrainingJobSummaries"])


def _client(settings: Settings, key: Key) -> Any:
    return boto3.client(
        "sagemaker",
        endpoint_url=settings.url,
        region_name=settings.region,
        aws_access_key_id=key.access_key,
        aws_secret_access_key=key.secret_key,
    )
