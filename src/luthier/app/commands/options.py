"""Options that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

DataFolder = Annotated[Path | None, typer.Option(help="State, embedded S3, logs and keys [~/.luthier].")]
Host = Annotated[str | None, typer.Option(help="Address to listen on [127.0.0.1].")]
Port = Annotated[int | None, typer.Option(help="Port to listen on [8710].")]
ServerPort = Annotated[int | None, typer.Option("--port", help="Port of the server [8710].")]
Account = Annotated[str | None, typer.Option(help="The account, 12 digits [that of `luthier env`].")]
Region = Annotated[str | None, typer.Option(help="The tuning job's region [that of `luthier env`].")]
