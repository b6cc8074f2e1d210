"""A tuning job as the data folder's database has it, for commands that need no server."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from luthier.app.commands.keys import chosen_account, opened
from luthier.records.names import Scope, tuning_job_arn
from luthier.records.tuning_job import TuningJob
from luthier.settings import SettingsError, read_settings
from luthier.store.engine import Store


@contextmanager
def stored_job(
    name: str, account: str | None, region: str | None, data_folder: Path | None
) -> Iterator[tuple[Store, TuningJob]]:
    """Open the database and find a tuning job in it; raises SettingsError if it is not there."""
    settings = read_settings(data_folder=data_folder)
    scope = Scope(account=chosen_account(settings, account), region=region or settings.region)
    with opened(settings) as store:
        job = store.tuning_jobs.get(tuning_job_arn(scope, name))
        if job is None:
            raise SettingsError(
                f"{name!r}: no such tuning job in the account {scope.account}, region {scope.region}; "
                "check the name, --account, --region and --data-folder"
            )
        yield store, job
