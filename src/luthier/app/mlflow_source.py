"""Where MLflow's runs lie: at a tracking server, in a folder, or in a table that its command line has written."""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from luthier.app.mlflow_folder import MlflowFolder
from luthier.app.mlflow_server import MlflowServer
from luthier.dashboard.wording import printable
from luthier.histories.mlflow import Choice
from luthier.settings import SettingsError


def place_of(source: str) -> MlflowServer | MlflowFolder | None:
    """Say where *source* is, as MLflow writes a tracking URI; None for a table. Raises SettingsError for elsewhere."""
    scheme, marked, _ = source.partition("://")
    if not marked and not source.startswith("file:"):
        return MlflowFolder(Path(source)) if Path(source).is_dir() else None
    if source.startswith("file:"):
        return MlflowFolder(Path(unquote(urlsplit(source).path)))
    if scheme in ("http", "https"):
        return MlflowServer(source, os.environ)
    raise SettingsError(
        f"{printable(scheme)}://: read by MLflow itself alone; start `mlflow server --backend-store-uri` with it, and "
        "give the server's address"
    )


def check_table(experiment: str | None, choice: Choice) -> None:
    """Refuse, for a table, what only MLflow itself could tell; raises SettingsError."""
    if experiment is not None or choice.under is not None:
        raise SettingsError("--experiment, --under: a table is of one experiment; choose when you write it")
