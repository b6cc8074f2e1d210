"""What `luthier watch` shows in a terminal."""

import shlex
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError
from rich.console import Console
from rich.live import Live

from luthier.app.commands.answer import answer
from luthier.app.keys import Key
from luthier.app.own_client import no_answer, own_client
from luthier.app.prices_file import read_prices
from luthier.app.runs import runs_of
from luthier.app.saying import say
from luthier.app.watch_view import Look, best_so_far, clean, line, screen
from luthier.records.prices import Prices
from luthier.settings import Settings

EXIT_CODES = {"Completed": 0, "Failed": 1, "Stopped": 3}
UNKNOWN, INTERRUPTED = 2, 130
PAUSE_S = 1.0
NEWEST = 12  # training jobs in the table
COUNTERS = ("TrainingJobStatusCounters", "ObjectiveStatusCounters")


def watch_tuning_job(settings: Settings, key: Key, name: str, console: Console, *, as_json: bool = False) -> int:
    """
    Follow a tuning job until it is over, and give the exit code that says how it ended.

    0 Completed, 1 Failed, 3 Stopped; 2 if there is no such tuning job or no server; 130 after Ctrl-C, which leaves the
    tuning job alone. A server that goes away meanwhile is waited for. As JSON, what is described at the end is all that
    is said.
    """
    show = _at_the_end if as_json else None
    try:
        client = own_client(settings, key, "sagemaker")
        return follow(client, name, console, lambda: time.sleep(PAUSE_S), show, read_prices(settings))
    except (ConnectionError, HTTPClientError):
        say(console, no_answer(settings), "red")
        return UNKNOWN


def follow(
    client: Any,  # boto3 makes its clients
    name: str,
    console: Console,
    pause: Callable[[], None],
    show: Callable[[Iterator[Look], Console], Look] | None = None,
    prices: Prices | None = None,
) -> int:
    """
    Show a tuning job through a SageMaker *client*, with *pause* between two looks; exit codes as `watch_tuning_job`.

    Unless somebody says how to *show* it, a terminal gets a screen that is drawn anew, anything else a line for each
    change. Raises botocore's connection
    errors if there is no answer to the first look.
    """
    show = show or (_on_screen if console.is_terminal else _in_lines)
    try:
        last = show(_looks(client, name, pause, prices), console)
    except ClientError as error:
        say(console, clean(error.response["Error"]["Message"]), "red")
        return UNKNOWN
    except KeyboardInterrupt:
        say(console, f"The tuning job goes on; follow it again with: luthier watch {shlex.quote(name)}")
        return INTERRUPTED
    return EXIT_CODES[last.status]


def _on_screen(looks: Iterator[Look], console: Console) -> Look:
    with Live(console=console, auto_refresh=False) as live:
        for look in looks:
            live.update(screen(look, console.width), refresh=True)
    return look


def _at_the_end(looks: Iterator[Look], console: Console) -> Look:  # noqa: ARG001  # as those above
    *_, last = looks
    answer({name: value for name, value in last.job.items() if name != "ResponseMetadata"}, [], as_json=True)
    return last


def _in_lines(looks: Iterator[Look], console: Console) -> Look:
    shown = ""
    for look in looks:
        if (now := line(look)) != shown:
            say(console, now)
            shown = now
    return look


def _looks(client: Any, name: str, pause: Callable[[], None], prices: Prices | None) -> Iterator[Look]:
    """Look at the tuning job again and again until it is over: at least once."""
    look = _look(client, name, None, prices)
    yield look
    while look.status not in EXIT_CODES:
        pause()
        try:
            look = _look(client, name, look, prices)
        except (ConnectionError, HTTPClientError):
            look = replace(look, is_answered=False)
        yield look


def _look(client: Any, name: str, before: Look | None, prices: Prices | None) -> Look:
    """Describe the tuning job; all its training jobs are read only when a counter has changed."""
    job = client.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)
    newest = client.list_training_jobs_for_hyper_parameter_tuning_job(
        HyperParameterTuningJobName=name, SortBy="CreationTime", SortOrder="Descending", MaxResults=NEWEST
    )["TrainingJobSummaries"]
    if before is not None and all(before.job[each] == job[each] for each in COUNTERS):
        curve, runs = before.curve, before.runs
    else:
        children = _children(client, name)
        curve, runs = best_so_far(job, children), runs_of(job, children)
    return Look(job=job, newest=newest, curve=curve, runs=runs, prices=prices)


def _children(client: Any, name: str) -> list[dict[str, Any]]:
    pages = client.get_paginator("list_training_jobs_for_hyper_parameter_tuning_job").paginate(
        HyperParameterTuningJobName=name, SortBy="CreationTime", PaginationConfig={"PageSize": 100}
    )
    return list(pages.build_full_result()["TrainingJobSummaries"])
