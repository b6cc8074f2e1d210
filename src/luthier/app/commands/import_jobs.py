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

from luthier.app import mlflow_source
from luthier.app.commands.answer import AsJson, answer
from luthier.app.commands.keys import chosen_account, prepared
from luthier.app.commands.options import Account, DataFolder, Region
from luthier.app.imports import Site, request_with, take_in
from luthier.app.sagemaker_source import read_from_aws
from luthier.dashboard.wording import printable
from luthier.histories import sagemaker, study, table
from luthier.histories.asked import asked_for
from luthier.histories.history import History, HistoryError, Run
from luthier.histories.mlflow import Choice, read_runs
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

Curves = Annotated[bool, typer.Option("--curves/--no-curves", help="Bring what the objective was on the way.")]


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
    source: Annotated[
        str,
        typer.Argument(help="A tracking server's URL, a folder `mlruns`, or `mlflow experiments csv`; - for stdin."),
    ],
    name: Name,
    objective: Annotated[str, typer.Option(help="The metric that is the objective.")],
    direction: Direction,
    experiment: Annotated[str | None, typer.Option(help="The experiment's name, at a server or in a folder.")] = None,
    under: Annotated[
        str | None, typer.Option(help="The run in which the runs are nested, by its identifier [any].")
    ] = None,
    parameter: Annotated[list[str] | None, typer.Option(help="A parameter of the search [all].")] = None,
    curves: Curves = True,
    metric: Metric = None,
    definition: Definition = None,
    account: Account = None,
    region: Region = None,
    data_folder: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Import the runs of an MLflow experiment."""
    choice = Choice(objective=objective, parameters=tuple(parameter or ()), under=under, has_curves=curves)
    place = mlflow_source.place_of(source)
    if place is None:
        mlflow_source.check_table(experiment, choice)
        runs = table.read_table(_bytes(Path(source)), table.mlflow(objective, choice.parameters))
    else:
        runs = read_runs(place.runs(experiment, choice), choice)
    history = _history(runs, metric or objective, _kind(direction), definition)
    where = Place(account=account, region=region, data_folder=data_folder)
    _import(_named(history, name), f"mlflow {experiment or Path(source).name}", where, as_json=as_json)


@app.command("optuna")
def import_optuna(
    source: Annotated[str, typer.Argument(help="A storage's URL, or trials_dataframe() as CSV; - for stdin.")],
    name: Name,
    study_name: Annotated[str | None, typer.Option("--study", help="The study, in a storage.")] = None,
    direction: Annotated[str | None, typer.Option(help="minimize or maximize [the study's].")] = None,
    metric: Annotated[str, typer.Option(help="What the objective metric is called.")] = "value",
    curves: Curves = True,
    definition: Definition = None,
    account: Account = None,
    region: Region = None,
    data_folder: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Import a study of Optuna, from its storage (with Optuna installed) or from a table."""
    if "://" in source:
        history = _of_study(_study(source, study_name), metric, definition, has_curves=curves)
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
    curves: Curves = True,
    name: Annotated[str | None, typer.Option("--name", help="What it is to be called [as there].")] = None,
    account: Account = None,
    region: Region = None,
    data_folder: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Import a tuning job of SageMaker's, from what its API tells."""
    if bool(files) == bool(from_aws):
        raise SettingsError("give either files or --from-aws")
    documents = _from_aws(from_aws, has_curves=curves) if from_aws else [_json(file) for file in files or ()]
    told = sagemaker.read_tuning_job(documents)
    history = told if curves else replace(told, runs=[replace(run, reports=()) for run in told.runs])
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


def _of_study(found: Any, metric: str, definition: Path | None, *, has_curves: bool) -> History:
    runs, kind = study.runs_of_study(found, has_curves=has_curves), study.kind_of_study(found)
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


def _from_aws(name: str, *, has_curves: bool) -> list[JsonValue]:
    try:
        boto3 = import_module("boto3")
        cloudwatch = boto3.client("cloudwatch") if has_curves else None
        now = time.time()  # noqa: TID251  # the command line reads the clock
        return read_from_aws(boto3.client("sagemaker"), cloudwatch, name, now)
    except (BotoCoreError, ClientError) as error:
        raise SettingsError(f"--from-aws {name!r}: {printable(str(error))}") from error


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
