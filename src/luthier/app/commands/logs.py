"""The command `luthier logs`: what a training job has printed, and with -f what it prints."""

import time
from collections.abc import Callable, Iterator
from typing import Annotated, Any

import typer
from botocore.exceptions import ClientError, ConnectionError, HTTPClientError

from luthier.app.commands.keys import DataFolder
from luthier.app.keys import read_key
from luthier.app.own_client import no_answer, own_client
from luthier.dashboard.wording import printable
from luthier.settings import SettingsError, read_settings

GROUP = "/aws/sagemaker/TrainingJobs"
PAUSE_S = 1.0
OVER = frozenset({"Completed", "Failed", "Stopped"})


def show_log(
    name: Annotated[str, typer.Argument(help="The training job.")],
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until the training job is over.")] = False,
    region: Annotated[str | None, typer.Option(help="Its region [that of `luthier env`].")] = None,
    data_folder: DataFolder = None,
    port: Annotated[int | None, typer.Option(help="Port of the server [8710].")] = None,
) -> None:
    """Print the log of a training job; of several hosts, each line with its host's name."""
    settings = read_settings(data_folder=data_folder, port=port, region=region)
    key = read_key(settings)
    clients = (own_client(settings, key, "sagemaker"), own_client(settings, key, "logs"))
    try:
        for line in lines(*clients, name, (lambda: time.sleep(PAUSE_S)) if follow else None):
            typer.echo(printable(line))
    except (ConnectionError, HTTPClientError) as error:
        raise SettingsError(no_answer(settings)) from error
    except ClientError as error:
        raise SettingsError(f"{name!r}: {printable(error.response['Error']['Message'])}") from error


def lines(sagemaker: Any, logs: Any, name: str, pause: Callable[[], None] | None) -> Iterator[str]:
    """
    Give the lines of a training job's log, those of one host after the other.

    With *pause*, which is called between two looks, go on until the training job is over. Raises what clients raise.
    """
    tokens: dict[str, str] = {}
    while True:
        status = sagemaker.describe_training_job(TrainingJobName=name)["TrainingJobStatus"]
        streams = _streams(logs, name)
        for stream in streams:
            host = f"{stream.partition('/')[2].rpartition('-')[0]}: " if len(streams) > 1 else ""
            yield from (f"{host}{line}" for line in _new_lines(logs, stream, tokens))
        if pause is None or status in OVER:
            return
        pause()


def _streams(logs: Any, name: str) -> list[str]:
    found = logs.describe_log_streams(logGroupName=GROUP, logStreamNamePrefix=f"{name}/")["logStreams"]
    return [each["logStreamName"] for each in found]


def _new_lines(logs: Any, stream: str, tokens: dict[str, str]) -> Iterator[str]:
    """Read a stream on from where *tokens* say, to its end, and note where that is."""
    while True:
        token = {"nextToken": tokens[stream]} if stream in tokens else {}
        page = logs.get_log_events(logGroupName=GROUP, logStreamName=stream, startFromHead=True, **token)
        yield from (event["message"] for event in page["events"])
        if page["nextForwardToken"] == tokens.get(stream):
            return
        tokens[stream] = page["nextForwardToken"]
