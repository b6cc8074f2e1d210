"""What `luthier watch` shows in a terminal."""

import shlex
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError
from rich.console import Console
from rich.live import Live

from luthier.app.cells import clean
from luthier.app.commands.answer import answer
from luthier.app.keys import Key
from luthier.app.own_client import no_answer, own_client
from luthier.app.prices_file import read_prices
from luthier.app.remarks import alarm, doubts
from luthier.app.runs import runs_of
from luthier.app.saying import say
from luthier.app.watch_view import Look, best_so_far, line, screen
from luthier.records.prices import Prices
from luthier.settings import Settings

EXIT_CODES = {"Completed": 0, "Failed": 1, "Stopped": 3}
UNKNOWN, INTERRUPTED = 2, 130
PAUSE_S = 1.0
NEWEST = 12  # training jobs in the table
OLDEST = 10  # training jobs of which one's log may be looked into
MOST_LINES = 2_000  # of that log
GROUP = "/aws/sagemaker/TrainingJobs"
SPEAKING = frozenset({"InProgress", "Completed", "Stopped"})  # statuses of training jobs that may have printed lines
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
        client, logs = own_client(settings, key, "sagemaker"), own_client(settings, key, "logs")
        site = Site(sagemaker=client, logs=logs, name=name, prices=read_prices(settings))
        return follow(site, console, lambda: time.sleep(PAUSE_S), show)
    except (ConnectionError, HTTPClientError):
        say(console, no_answer(settings), "red")
        return UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where a tuning job is to be seen."""

    sagemaker: Any  # clients, as boto3 makes them
    logs: Any
    name: str  # of the tuning job
    prices: Prices | None = None


def follow(
    site: Site,
    console: Console,
    pause: Callable[[], None],
    show: Callable[[Iterator[Look], Console], Look] | None = None,
) -> int:
    """
    Show a tuning job, with *pause* between two looks; exit codes as `watch_tuning_job`.

    Unless somebody says how to *show* it, a terminal gets a screen that is drawn anew, anything else a line for each
    change. Raises botocore's connection errors if there is no answer to the first look.
    """
    show = show or (_on_screen if console.is_terminal else _in_lines)
    try:
        last = show(_looks(site, pause), console)
    except ClientError as error:
        say(console, clean(error.response["Error"]["Message"]), "red")
        return UNKNOWN
    except KeyboardInterrupt:
        say(console, f"The tuning job goes on; follow it again with: luthier watch {shlex.quote(site.name)}")
        return INTERRUPTED
    return EXIT_CODES[last.status]


def _on_screen(looks: Iterator[Look], console: Console) -> Look:
    look = next(looks)  # before the screen is begun: what is refused leaves no trace of one
    with Live(screen(look, console.width), console=console, auto_refresh=False) as live:
        for look in looks:
            live.update(screen(look, console.width), refresh=True)
    return look


def _at_the_end(looks: Iterator[Look], console: Console) -> Look:  # noqa: ARG001  # as those above
    *_, last = looks
    answer({name: value for name, value in last.job.items() if name != "ResponseMetadata"}, [], as_json=True)
    return last


def _in_lines(looks: Iterator[Look], console: Console) -> Look:
    shown, remarked = "", set[str]()
    for look in looks:
        if (now := line(look)) != shown:
            say(console, now)
            shown = now
        for remark in look.remarks:
            if remark not in remarked:
                say(console, remark, "yellow")
                remarked.add(remark)
    return look


def _looks(site: Site, pause: Callable[[], None]) -> Iterator[Look]:
    """Look at the tuning job again and again until it is over: at least once."""
    look = _look(site, None)
    yield look
    while look.status not in EXIT_CODES:
        pause()
        try:
            look = _look(site, look)
        except (ConnectionError, HTTPClientError):
            look = replace(look, is_answered=False)
        yield look


def _look(site: Site, before: Look | None) -> Look:
    """Describe the tuning job; all its training jobs are read only when a counter has changed."""
    job = site.sagemaker.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=site.name)
    newest = _some_children(site, "Descending", NEWEST)
    if before is not None and all(before.job[each] == job[each] for each in COUNTERS):
        curve, runs = before.curve, before.runs
    else:
        children = _children(site)
        curve, runs = best_so_far(job, children), runs_of(job, children)
    return Look(job=job, newest=newest, curve=curve, runs=runs, prices=site.prices, remarks=list(_remarks(site, job)))


def _remarks(site: Site, job: dict[str, Any]) -> Iterator[str]:
    """Remark on patterns, and on the first training job that should have told its objective while none has."""
    yield from doubts(job)
    if job["ObjectiveStatusCounters"]["Succeeded"]:
        return
    oldest = _some_children(site, "Ascending", OLDEST)
    speaking = (each for each in oldest if each["TrainingJobStatus"] in SPEAKING and "TrainingStartTime" in each)
    first = next(speaking, None)
    if first is not None:
        name = first["TrainingJobName"]
        child = site.sagemaker.describe_training_job(TrainingJobName=name)
        if remark := alarm(job, child, _end_of_log(site.logs, name)):
            yield remark


def _end_of_log(logs: Any, training_job: str) -> list[str]:
    """Give the last lines of a training job's first host."""
    streams = logs.describe_log_streams(logGroupName=GROUP, logStreamNamePrefix=f"{training_job}/")["logStreams"]
    if not streams:
        return []
    stream = streams[0]["logStreamName"]
    events = logs.get_log_events(logGroupName=GROUP, logStreamName=stream, startFromHead=False, limit=MOST_LINES)
    return [each["message"] for each in events["events"]]


def _some_children(site: Site, order: str, count: int) -> list[dict[str, Any]]:
    page = site.sagemaker.list_training_jobs_for_hyper_parameter_tuning_job(
        HyperParameterTuningJobName=site.name, SortBy="CreationTime", SortOrder=order, MaxResults=count
    )
    return list(page["TrainingJobSummaries"])


def _children(site: Site) -> list[dict[str, Any]]:
    pages = site.sagemaker.get_paginator("list_training_jobs_for_hyper_parameter_tuning_job").paginate(
        HyperParameterTuningJobName=site.name, SortBy="CreationTime", PaginationConfig={"PageSize": 100}
    )
    return list(pages.build_full_result()["TrainingJobSummaries"])
