"""The command `luthier logs`: what a training job has printed, and with -f what it prints."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any

import typer
from botocore.exceptions import ClientError, ConnectionError, HTTPClientError

from luthier.app.commands.options import DataFolder, ServerPort
from luthier.app.job_names import training_jobs
from luthier.app.keys import read_key
from luthier.app.own_client import no_answer, own_client
from luthier.dashboard.wording import printable
from luthier.settings import SettingsError, read_settings

GROUP = "/aws/sagemaker/TrainingJobs"
NO_SUCH_JOB = "Requested resource not found."  # what DescribeTrainingJob says, there as here
PAUSE_S = 1.0
OVER = frozenset({"Completed", "Failed", "Stopped"})


def show_log(
    name: Annotated[str, typer.Argument(help="The training job.", autocompletion=training_jobs)],
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until the training job is over.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print each line as a JSON document of one line.")] = False,
    region: Annotated[str | None, typer.Option(help="Its region [that of `luthier env`].")] = None,
    data_folder: DataFolder = None,
    port: ServerPort = None,
) -> None:
    """Print the log of a training job; of several hosts, each line with its host's name."""
    settings = read_settings(data_folder=data_folder, port=port, region=region)
    key = read_key(settings)
    clients = (own_client(settings, key, "sagemaker"), own_client(settings, key, "logs"))
    try:
        for line in lines(*clients, name, (lambda: time.sleep(PAUSE_S)) if follow else None):
            typer.echo(json.dumps(line.document) if as_json else printable(line.shown))
    except (ConnectionError, HTTPClientError) as error:
        raise SettingsError(no_answer(settings)) from error
    except ClientError as error:
        raise SettingsError(f"{name!r}: {_reason(error, settings.region)}") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a log."""

    host: str  # algo-1 and so on
    timestamp: int  # milliseconds since the epoch
    message: str
    is_of_several: bool  # hosts

    @property
    def shown(self) -> str:
        """The line for people."""
        return f"{self.host}: {self.message}" if self.is_of_several else self.message

    @property
    def document(self) -> dict[str, str | int]:
        """The line for programs."""
        return {"host": self.host, "timestamp": self.timestamp, "message": self.message}


def lines(sagemaker: Any, logs: Any, name: str, pause: Callable[[], None] | None) -> Iterator[Line]:
    """
    Give the lines of a training job's log, those of one host after the other.

    With *pause*, which is called between two looks, go on until the training job is over. Raises what clients raise.
    """
    tokens: dict[str, str] = {}
    while True:
        status = sagemaker.describe_training_job(TrainingJobName=name)["TrainingJobStatus"]
        streams = _streams(logs, name)
        for stream in streams:
            host, is_of_several = stream.partition("/")[2].rpartition("-")[0], len(streams) > 1
            for event in _new_events(logs, stream, tokens):
                yield Line(
                    host=host, is_of_several=is_of_several, timestamp=event["timestamp"], message=event["message"]
                )
        if pause is None or status in OVER:
            return
        pause()


def _reason(error: ClientError, region: str) -> str:
    message = printable(error.response["Error"]["Message"])
    if message != NO_SUCH_JOB:
        return message
    return f"no such training job in {region}; `luthier watch TUNING_JOB` names those of a tuning job; check --region"


def _streams(logs: Any, name: str) -> list[str]:
    found = logs.describe_log_streams(logGroupName=GROUP, logStreamNamePrefix=f"{name}/")["logStreams"]
    return [each["logStreamName"] for each in found]


def _new_events(logs: Any, stream: str, tokens: dict[str, str]) -> Iterator[Any]:
    """Read a stream on from where *tokens* say, to its end, and note where that is."""
    while True:
        token = {"nextToken": tokens[stream]} if stream in tokens else {}
        page = logs.get_log_events(logGroupName=GROUP, logStreamName=stream, startFromHead=True, **token)
        yield from page["events"]
        if page["nextForwardToken"] == tokens.get(stream):
            return
        tokens[stream] = page["nextForwardToken"]
