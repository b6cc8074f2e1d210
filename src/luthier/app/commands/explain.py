"""
The command `luthier explain`: what a tuning job has learned of its hyperparameters, and why it did what it did.

It reads the database itself, so it works whether or not a server runs, and changes nothing.
"""

import time
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.text import Text

from luthier.app import decisions_view, forecast_view, lineage_view, usage_view
from luthier.app.commands.answer import AsJson, answer
from luthier.app.commands.options import Account, DataFolder, Region
from luthier.app.explain_view import document, explanation
from luthier.app.job_names import tuning_jobs
from luthier.app.prices_file import read_prices
from luthier.app.searches import STRATEGIES
from luthier.app.stored_job import stored_job
from luthier.records.portrait import Portrait
from luthier.records.prices import Prices
from luthier.records.status import TuningStatus
from luthier.records.training_job import TrainingJob
from luthier.records.tuning_job import TuningJob
from luthier.settings import SettingsError, read_settings
from luthier.store.engine import Store
from luthier.strategies.bayesian.portrait import portray
from luthier.tuning.completion import not_improving
from luthier.tuning.decisions import decisions_of, reasons_of
from luthier.tuning.history import History, history_of
from luthier.tuning.lineage import lineage_of
from luthier.tuning.outlook import outlook, runs_of
from luthier.tuning.portraits import portraits_of

NOTHING_TO_TELL = 1


def explain(
    name: Annotated[str, typer.Argument(help="The tuning job.", autocompletion=tuning_jobs)],
    decisions: Annotated[bool, typer.Option("--decisions", help="Say why it did what it did, step by step.")] = False,
    training_job: Annotated[
        str | None, typer.Option(help="Say it of this training job alone, or of its number.")
    ] = None,
    as_json: AsJson = False,
    account: Account = None,
    region: Region = None,
    data_folder: DataFolder = None,
) -> None:
    """
    Say which hyperparameters matter and where the objective is believed to be good.

    The exit code is 0 if there is something to tell, 1 if not yet, 2 if there is no such tuning job.
    """
    with stored_job(name, account, region, data_folder) as (store, job):
        if training_job is not None or decisions:
            told = _tell_decisions(history_of(store, job), training_job, as_json=as_json)
        else:
            told = _tell_portraits(store, job, read_prices(read_settings(data_folder=data_folder)), as_json=as_json)
    raise typer.Exit(0 if told else NOTHING_TO_TELL)


def _tell_portraits(store: Store, job: TuningJob, prices: Prices | None, *, as_json: bool) -> bool:
    found = portraits_of(store, job, portray)
    now = time.time()  # noqa: TID251  # the command line reads the clock
    history = history_of(store, job)
    in_a_row = not_improving(job, history.children, history.finals)
    ahead = outlook(job, runs_of(history.children), in_a_row, now)
    lineage = lineage_of(store, job)
    used = store.usage_samples.totals([each.arn for each in history.children])
    totals = {str(each.name): used[each.arn] for each in history.children}
    if as_json:
        more = {
            "Forecast": forecast_view.document(ahead, prices),
            "Resources": usage_view.document(totals),
            "Lineage": lineage_view.document(lineage),
        }
        answer({**document(job.name, found), **more}, [], as_json=True)
    else:
        Console().print(explanation(job.name, found), Text("\nTime and cost", style="bold"))
        is_ahead = job.status is TuningStatus.IN_PROGRESS
        said = forecast_view.lines(ahead, prices, now) if is_ahead else forecast_view.use(ahead, prices)
        Console(soft_wrap=True).print(*said, sep="\n", markup=False, highlight=False)
        Console().print(Text("\nResources", style="bold"))
        Console(soft_wrap=True).print(*usage_view.lines(totals), sep="\n", markup=False, highlight=False)
        relatives = lineage_view.lines(job, lineage)
        if relatives:
            Console().print(Text("\nWarm starts", style="bold"))
            Console(soft_wrap=True).print(*relatives, sep="\n", markup=False, highlight=False)
    return any(isinstance(each.portrayal, Portrait) for each in found)


def _tell_decisions(history: History, asked: str | None, *, as_json: bool) -> bool:
    child = None if asked is None else _child(history, asked)
    strategy = STRATEGIES[history.job.specification.strategy]
    wanted = [proposal for proposal, children in history.written() if child is None or child in children]
    computing = track(wanted, "computing", transient=True, console=Console(stderr=True))
    reasons = {at: why for proposal in computing for at, why in reasons_of(history, strategy, proposal).items()}
    found = [each for each in decisions_of(history, reasons) if child is None or each.training_job == child.name]
    name = history.job.name
    if as_json:
        answer(decisions_view.document(name, found), [], as_json=True)
    else:
        shown = decisions_view.listing(name, found) if child is None else decisions_view.story(child, found)
        Console(soft_wrap=True).print(shown)
    return bool(found)


def _child(history: History, asked: str) -> TrainingJob:
    """Find a training job by its name, or by its number in the tuning job; raises SettingsError for none."""
    for child in history.children:
        if asked.lower() == child.name.lower() or asked == str(child.ordinal):
            return child
    raise SettingsError(
        f"--training-job: {asked!r} is no training job of {history.job.name}; see `luthier explain "
        f"{history.job.name} --decisions`"
    )
