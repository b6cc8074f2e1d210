"""The operations behind a real front door: what a client meets over HTTP, with a store that a test can look into."""

import http.client
import json
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

from desk import Desk
from luthier.records.identity import a_user
from luthier.wire.asgi import make_app
from luthier.wire.model import service as described
from luthier.wire.sigv4 import Credential
from serving import serving
from things import SCOPE

KEY = Credential(
    access_key="AKIAANSWERING",
    secret_key="a-secret-that-signs",
    principal=a_user(SCOPE.account, "AKIAANSWERING"),
)
PATIENCE_S = 20.0
now = time.time  # noqa: TID251  # clients sign at the present time


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes

    @property
    def document(self) -> Any:
        """The body as JSON; an empty one is an empty object."""
        return json.loads(self.body or b"{}")


@contextmanager
def answering(desk: Desk, *, requests_per_second: float = 0) -> Iterator[str]:
    """Serve the operations of *desk*; gives the URL, without a slash at the end."""
    app = make_app(
        handlers=desk.handlers(),
        keys=lambda key, _: KEY if key == KEY.access_key else None,
        s3=None,
        pages=None,
        clock=now,
        requests_per_second=requests_per_second,
    )
    with serving(app) as url:
        yield url


def client(name: str, url: str, **config: Any) -> Any:
    """Make a boto3 client of the server; it does not try again unless *config* says so."""
    return boto3.client(
        name,
        endpoint_url=url,
        region_name=SCOPE.region,
        aws_access_key_id=KEY.access_key,
        aws_secret_access_key=KEY.secret_key,
        config=Config(**{"retries": {"total_max_attempts": 1}, **config}),
    )


def signed(url: str, body: bytes, headers: Mapping[str, str], *, service: str = "sagemaker") -> dict[str, str]:
    """Give *headers* with those that sign a POST of *body* to *url*."""
    request = AWSRequest("POST", url, dict(headers), body)
    credentials = Credentials(KEY.access_key, KEY.secret_key)
    SigV4Auth(credentials, described(service).signing_name, SCOPE.region).add_auth(request)
    return dict(request.headers.items())


def ask(url: str, operation: str, body: bytes, *, service: str = "sagemaker", **headers: str) -> Answer:
    """Send *body* as a request of a JSON protocol, signed."""
    target = f"{described(service).target_prefix}.{operation}"
    given = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": target, **headers}
    return send(url, body, signed(f"{url}/", body, given, service=service))


def send(url: str, body: bytes, headers: Mapping[str, str], *, method: str = "POST", path: str = "/") -> Answer:
    """Send a request as it is."""
    parts = urlsplit(url)
    with closing(http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE_S)) as connection:
        connection.request(method, path, body, dict(headers))
        with connection.getresponse() as answer:
            named = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, named, answer.read())


def rows(database: Path) -> dict[str, list[Any]]:
    """Give every row of every table of a SQLite database."""
    with closing(sqlite3.connect(database)) as connection:
        names = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
        return {name: sorted(map(repr, connection.execute(f'select * from "{name}"'))) for name in sorted(names)}
