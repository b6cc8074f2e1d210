"""
The commands `luthier import`: searches that were run elsewhere become tuning jobs that are over.

They write to the database themselves, so they work whether or not a server runs. A tuning job comes in as a whole, in
one transaction, or not at all.
"""

import json
import sys
import time
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from botocore.exceptions import BotoCoreError, ClientError

from luthier.app.commands.answer import AsJson, answer
from luthier.app.commands.keys import chosen_account, prepared
from luthier.app.commands.options import Account, DataFolder, Region
from luthier.app.imports import Site, request_with, take_in
from luthier.dashboard.wording import printable
from luthier.histories import sagemaker, study, table
from luthier.histories.asked import asked_for
from luthier.histories.history import History, HistoryError, Run
from luthier.records.json_value import JsonObject, JsonValue
from luthier.settings import SettingsError

app = typer.Typer(help="Searches from elsewhere, as tuning jobs that are over.", no_args_is_help=True)

MOST_BYTES = 64 << 20  # of a file
KINDS = {"minimize": "Minimize", "maximize": "Maximize"}

Name = Annotated[str, typer.Option("--name", help="What the tuning job is to be called.")]
Direction = Annotated[str, typer.Option(help="minimize or maximize.")]
Metric = Annotated[str | None, typer.Option(help="What the objective metric is called [as it is there].")]
Definition = Annotated[
    Path | None,
    typer.Option(help="A CreateHyperParameterTuningJob request whose training jobs the runs are [made from the runs]."),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a tuning job is to be, as the options have it."""

    account: str | None
    region: str | None
    data_folder: Path | None


@app.command("csv")
def import_csv(
    file: Annotated[Path, typer.Argument(help="A table, a run in each row; - for stdin.")],
    name: Name,
    objective: Annotated[str, typer.Option(help="The column of the objective.")],
    direction: Direction,
    parameter: Annotated[list[str] | None, typer.Option(help="A column of a hyperparameter [all left over].")] = None,
    began: Annotated[str | None, typer.Option(help="The column of the time at which runs began.")] = None,
    ended: Annotated[str | None, typer.Option(help="The column of the time at which they ended.")] = None,
    metric: Metric = None,
    definition: Definition = None,
    account: Account = None,
    region: Region = None,
    data_folder: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Import a table of runs."""
    layout = table.Layout(objective=objective, chosen=tuple(parameter or ()), began=began, ended=ended)
    runs = table.read_table(_bytes(file), layout)
    history = _history(runs, metric or objective, _kind(direction), definition)
    place = Place(account=account, region=region, data_folder=data_folder)
    _import(_named(history, name), f"csv {file.name}", place, as_json=as_json)


@app.command("mlflow")
def import_mlflow(
    file: Annotated[Path, typer.Argument(help="Runs, as `mlflow experiments csv` writes them; - for stdin.")],
    name: Name,
    objective: Annotated[str, typer.Option(help="The metric that is the objective.")],
    direction: Direction,
    metric: Metric = None,
    definition: Definition = None,
    account: Account = None,
    region: Region = None,
    data_folder: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Import the runs of an MLflow experiment."""
    runs = table.read_table(_bytes(file), table.mlflow(objective))
    history = _history(runs, metric or objective, _kind(direction), definition)
    place = Place(account=account, region=region, data_folder=data_folder)
    _import(_named(history, name), f"mlflow {file.name}", place, as_json=as_json)


@app.command("optuna")
def import_optuna(
    source: Annotated[str, typer.Argument(help="A storage's URL, or trials_dataframe() as CSV; - for stdin.")],
    name: Name,
    study_name: Annotated[str | None, typer.Option("--study", help="The study, in a storage.")] = None,
    direction: Annotated[str | None, typer.Option(help="minimize or maximize [the study's].")] = None,
    metric: Annotated[str, typer.Option(help="What the objective metric is called.")] = "value",
    definition: Definition = None,
    account: Account = None,
    region: Region = None,
    data_folder: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Import a study of Optuna, from its storage (with Optuna installed) or from a table."""
    if "://" in source:
        history = _of_study(_study(source, study_name), metric, definition)
    else:
        if direction is None:
            raise SettingsError("--direction: a table does not say which way is better; give minimize or maximize")
        runs = table.read_table(_bytes(Path(source)), table.OPTUNA)
        history = _history(runs, metric, _kind(direction), definition)
    place = Place(account=account, region=region, data_folder=data_folder)
    _import(_named(history, name), f"optuna {study_name or Path(source).name}", place, as_json=as_json)


@app.command("sagemaker")
def import_sagemaker(
    files: Annotated[
        list[Path] | None, typer.Argument(help="What describe-… and every page of list-training-jobs-for-… answered.")
    ] = None,
    from_aws: Annotated[
        str | None, typer.Option(help="Instead: a tuning job to read with your own credentials.")
    ] = None,
    name: Annotated[str | None, typer.Option("--name", help="What it is to be called [as there].")] = None,
    account: Account = None,
    region: Region = None,
    data_folder: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Import a tuning job of SageMaker's, from what its API tells."""
    if bool(files) == bool(from_aws):
        raise SettingsError("give either files or --from-aws")
    documents = _from_aws(from_aws) if from_aws else [_json(file) for file in files or ()]
    history = sagemaker.read_tuning_job(documents)
    asked = name or str(history.request["HyperParameterTuningJobName"])
    place = Place(account=account, region=region, data_folder=data_folder)
    _import(_named(history, asked), "sagemaker", place, as_json=as_json)


def _import(history: History, origin: str, place: Place, *, as_json: bool) -> None:
    settings = prepared(place.data_folder)
    whose = chosen_account(settings, place.account)
    site = Site(settings=settings, account=whose, region=place.region or settings.region, origin=origin)
    arn = take_in(site, history, time.time())  # noqa: TID251  # the command line reads the clock
    document = {"HyperParameterTuningJobArn": arn, "training_jobs": len(history.runs)}
    answer(document, [f"{arn} has {len(history.runs)} training jobs"], as_json=as_json)


def _named(history: History, name: str) -> History:
    return replace(history, request={**history.request, "HyperParameterTuningJobName": name})


def _history(runs: list[Run], metric: str, kind: str, definition: Path | None) -> History:
    if definition is not None:
        return History(request=request_with(_document(definition), runs, metric, kind), runs=runs)
    return History(request=asked_for(runs, metric=metric, kind=kind), runs=runs)


def _of_study(found: Any, metric: str, definition: Path | None) -> History:
    runs, kind = study.runs_of_study(found), study.kind_of_study(found)
    if definition is not None:
        return History(request=request_with(_document(definition), runs, metric, kind), runs=runs)
    return History(request=asked_for(runs, metric=metric, kind=kind, ranges=study.ranges_of_study(found)), runs=runs)


def _study(url: str, name: str | None) -> Any:  # Any: Optuna is not there where nobody imports from it
    try:
        optuna = import_module("optuna")
    except ModuleNotFoundError:
        raise SettingsError(
            "a storage is read by Optuna: pip install optuna, or give study.trials_dataframe().to_csv() instead"
        ) from None
    try:
        return optuna.load_study(study_name=name, storage=url)
    except (KeyError, ValueError, optuna.exceptions.OptunaError, OSError) as error:
        raise SettingsError(f"--study {name!r}: {printable(str(error))}; check the name and the storage") from error


def _from_aws(name: str) -> list[JsonValue]:
    """Read a tuning job with the user's own credentials, wherever their environment points."""
    try:
        client = import_module("boto3").client("sagemaker")
        pages = client.get_paginator("list_training_jobs_for_hyper_parameter_tuning_job")
        answers = [
            client.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=name),
            *pages.paginate(HyperParameterTuningJobName=name),
        ]
    except (BotoCoreError, ClientError) as error:
        raise SettingsError(f"--from-aws {name!r}: {printable(str(error))}") from error
    read: list[JsonValue] = json.loads(json.dumps(answers, default=str))
    return read


def _kind(direction: str) -> str:
    if direction not in KINDS:
        raise SettingsError(f"--direction: {direction!r} is neither minimize nor maximize")
    return KINDS[direction]


def _bytes(file: Path) -> bytes:
    try:
        with sys.stdin.buffer if str(file) == "-" else file.open("rb") as source:
            body = source.read(MOST_BYTES + 1)
    except OSError as error:
        raise SettingsError(f"{file}: {error.strerror}") from error
    if len(body) > MOST_BYTES:
        raise SettingsError(f"{file}: more than {MOST_BYTES >> 20} MiB; leave the columns out that nobody needs")
    return body


def _json(file: Path) -> JsonValue:
    try:
        read: JsonValue = json.loads(_bytes(file))
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"{file}: not a JSON document: {error}") from error
    return read


def _document(file: Path) -> JsonObject:
    read = _json(file)
    if not isinstance(read, dict):
        raise HistoryError(f"{file}: no JSON object; give a CreateHyperParameterTuningJob request")
    return read
