"""
The command `luthier export`: a tuning job's training jobs as CSV, Parquet or JSON, or its definition.

| what            | as                                                                       |
|-----------------|--------------------------------------------------------------------------|
| training jobs   | the table of `luthier.lab.tables`, times in ISO 8601                     |
| the definition  | a request that CreateHyperParameterTuningJob takes                       |
"""

import csv
import io
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from botocore.exceptions import ClientError, ConnectionError, HTTPClientError

from luthier.app.commands.options import DataFolder, ServerPort
from luthier.app.job_names import tuning_jobs
from luthier.app.keys import read_key
from luthier.app.own_client import no_answer, own_client
from luthier.dashboard.wording import printable
from luthier.lab.extras import extra
from luthier.lab.resources import with_resources
from luthier.lab.tables import COLUMNS, Row, rows, summaries
from luthier.records.names import OBJECTIVE_HYPERPARAMETER
from luthier.settings import SettingsError, read_settings

_ONE, _SEVERAL = "TrainingJobDefinition", "TrainingJobDefinitions"
ASKED = (
    "HyperParameterTuningJobName",
    "HyperParameterTuningJobConfig",
    _ONE,
    _SEVERAL,
    "WarmStartConfig",
    "Autotune",
)
"""What DescribeHyperParameterTuningJob tells of a request, beside its tags."""


def export(
    name: Annotated[str, typer.Argument(help="The tuning job.", autocompletion=tuning_jobs)],
    form: Annotated[str, typer.Option("--format", help="csv, parquet or json.")] = "csv",
    definition: Annotated[bool, typer.Option("--definition", help="The request that it was created with.")] = False,
    resources: Annotated[bool, typer.Option("--resources", help="What each training job used, too.")] = False,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file [stdout].")] = None,
    region: Annotated[str | None, typer.Option(help="Its region [that of `luthier env`].")] = None,
    data_folder: DataFolder = None,
    port: ServerPort = None,
) -> None:
    """Give a tuning job away: its training jobs as a table, or its definition as JSON."""
    if form not in FORMS:
        raise SettingsError(f"--format: {form!r} is none of {', '.join(FORMS)}")
    if form == "parquet" and not definition and output is None and sys.stdout.isatty():
        raise SettingsError("Parquet is nothing for a terminal to show; name a file with --output")
    settings = read_settings(data_folder=data_folder, port=port, region=region)
    key = read_key(settings)
    client = own_client(settings, key, "sagemaker")
    try:
        if definition:
            given = request_of(client, name)
        else:
            table = rows(summaries(client, name))
            more = with_resources(table, own_client(settings, key, "cloudwatch")) if resources else table
            given = FORMS[form](more)
    except (ConnectionError, HTTPClientError) as error:
        raise SettingsError(no_answer(settings)) from error
    except ClientError as error:
        raise SettingsError(f"{name!r}: {printable(error.response['Error']['Message'])}") from error
    except ImportError as error:
        raise SettingsError(str(error)) from error
    _write(output, given)


def request_of(client: Any, name: str) -> bytes:  # Any: boto3 makes its clients
    """Give the request that a tuning job was created with, its defaults filled in; raises what the client raises."""
    described = client.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=name)
    request = {member: described[member] for member in ASKED if member in described}
    if _ONE in request:
        request[_ONE] = asked_again(request[_ONE])
    if _SEVERAL in request:
        request[_SEVERAL] = [asked_again(each) for each in request[_SEVERAL]]
    tags = client.list_tags(ResourceArn=described["HyperParameterTuningJobArn"])["Tags"]
    return _json({**request, **({"Tags": tags} if tags else {})})


def asked_again(definition: Mapping[str, Any]) -> dict[str, Any]:
    """Give a definition as a request may have it: without what DescribeHyperParameterTuningJob alone may show."""
    algorithm, static = definition["AlgorithmSpecification"], definition.get("StaticHyperParameters", {})
    odd = {"MetricDefinitions"} if "AlgorithmName" in algorithm else set()  # the algorithm resource's own
    given = {
        **definition,
        "AlgorithmSpecification": {name: value for name, value in algorithm.items() if name not in odd},
        "StaticHyperParameters": {name: each for name, each in static.items() if name != OBJECTIVE_HYPERPARAMETER},
    }
    if "HyperParameterTuningResourceConfig" in definition:
        del given["ResourceConfig"]
    if not definition.get("InputDataConfig"):
        given.pop("InputDataConfig", None)
    return given


def as_csv(table: Sequence[Row]) -> bytes:
    """Write rows as CSV with a line of names, as RFC 4180 has it but for the ends of lines."""
    text = io.StringIO(newline="")
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(_columns(table))
    lines.writerows([_cell(value) for value in row.values()] for row in table)
    return text.getvalue().encode()


def as_json(table: Sequence[Row]) -> bytes:
    """Write rows as a JSON list of objects."""
    return _json([{name: _cell(value) for name, value in row.items()} for row in table])


def as_parquet(table: Sequence[Row]) -> bytes:
    """Write rows as Parquet; a column that has both numbers and texts is text. Raises ImportError without pyarrow."""
    arrow, parquet = extra("pyarrow", "notebook"), extra("pyarrow.parquet", "notebook")
    columns = {name: _of_one_kind([row[name] for row in table]) for name in _columns(table)}
    body = io.BytesIO()
    parquet.write_table(arrow.table(columns), body)
    return body.getvalue()


FORMS: Mapping[str, Callable[[Sequence[Row]], bytes]] = {"csv": as_csv, "parquet": as_parquet, "json": as_json}


def _columns(table: Sequence[Row]) -> list[str]:
    return list(table[0]) if table else list(COLUMNS)


def _of_one_kind(values: Sequence[Any]) -> list[Any]:
    is_mixed = len({type(value) for value in values if value is not None}) > 1
    return [None if value is None else str(value) for value in values] if is_mixed else list(values)


def _cell(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=2) + "\n").encode()


def _write(output: Path | None, content: bytes) -> None:
    if output is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        raise SettingsError(f"--output {output}: {error.strerror}") from error
