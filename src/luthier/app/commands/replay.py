"""
The command `luthier replay`: whether every proposal of a tuning job comes out again.

It reads the database itself, so it works whether or not a server runs, and changes nothing.
"""

from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from luthier.app.commands.answer import AsJson, answer
from luthier.app.commands.options import Account, DataFolder, Region
from luthier.app.job_names import tuning_jobs
from luthier.app.replay_view import document, is_reproduced, report
from luthier.app.searches import STRATEGIES
from luthier.app.stored_job import stored_job
from luthier.tuning.history import history_of
from luthier.tuning.provenance import provenance
from luthier.tuning.replay import replay

NOT_REPRODUCED = 1


def replay_tuning_job(
    name: Annotated[str, typer.Argument(help="The tuning job.", autocompletion=tuning_jobs)],
    as_json: AsJson = False,
    account: Account = None,
    region: Region = None,
    data_folder: DataFolder = None,
) -> None:
    """
    Compute every proposal again from what was known then, and compare it bit for bit.

    The exit code is 0 if all come out as they are recorded, 1 if not, 2 if there is no such tuning job.
    """
    with stored_job(name, account, region, data_folder) as (store, job):
        history = history_of(store, job)
    again = replay(history, STRATEGIES[job.specification.strategy])
    found = list(track(again, "computing", len(history.children), transient=True, console=Console(stderr=True)))
    if as_json:
        answer(document(name, found, provenance()), [], as_json=True)
    else:
        Console(soft_wrap=True).print(report(name, found, provenance()))
    raise typer.Exit(0 if is_reproduced(found) else NOT_REPRODUCED)
