"""A whole service for as long as it is needed: a server on a port and a data folder of its own, and its clients."""

import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from luthier.app.borrowed_server import borrowed_server
from luthier.app.keys import obtain_key
from luthier.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Clients:
    """Plain boto3 clients of one server, and the role that its training jobs have."""

    s3: Any
    sagemaker: Any
    role: str


@contextmanager
def a_server() -> Iterator[Clients]:
    """Have a server with the default settings; it ends, and its data folder goes, with the context."""
    with tempfile.TemporaryDirectory(prefix="luthier-end-to-end-") as folder:
        settings = Settings(data_folder=Path(folder), port=_free_port())
        key, _ = obtain_key(settings)
        session = boto3.Session(
            aws_access_key_id=key.access_key, aws_secret_access_key=key.secret_key, region_name=settings.region
        )
        with borrowed_server(settings, key, is_silent=True):
            yield Clients(
                s3=session.client("s3", endpoint_url=settings.url),
                sagemaker=session.client("sagemaker", endpoint_url=settings.url),
                role=settings.role_of(key.account),
            )


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port
