"""A real S3 server for tests: the embedded one, behind the front door, with credentials for training jobs."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from luthier.identity.sessions import Session, Sessions
from luthier.objects.folder import embedded_s3
from luthier.objects.s3 import S3Objects
from luthier.records.call import ApiError
from luthier.records.identity import a_user
from luthier.wire.asgi import make_app
from luthier.wire.passthrough import Upstream
from luthier.wire.sigv4 import Credential
from serving import serving

KEY = Credential(access_key="AKIATEST", secret_key="secret", principal=a_user("000000000000", "AKIATEST"))

TOKEN = "the token of a training job"  # which every training job here has
SESSIONS = Sessions(b"secret")


def lend(token: str) -> Session:
    """Give credentials for the one token; they last for an hour."""
    if token != TOKEN:
        raise ApiError("InvalidToken", "this is not the token", http_status=401)
    role = "arn:aws:iam::000000000000:role/luthier-execution"
    return SESSIONS.mint(role_arn=role, session_name="SageMaker", expires_at=time.time() + 3600)  # noqa: TID251  # a real clock


def find_credential(access_key: str, token: str | None) -> Credential:
    """Know one user, and whoever has been lent credentials."""
    session = SESSIONS.open(access_key, token or "")
    if session is None:
        return KEY
    return Credential(
        access_key=access_key,
        secret_key=session.secret_key,
        principal=KEY.principal,
        session_token=session.token,
        expires_at=session.expires_at,
    )


@contextmanager
def an_object_store(folder: Path) -> Iterator[S3Objects]:
    """Serve *folder*/s3, and give the way to it."""
    with embedded_s3(folder / "s3", digests=folder / "digests", log=folder / "s3.log") as server:
        upstream = Upstream(
            endpoint=server.endpoint,
            access_key=server.access_key,
            secret_key=server.secret_key,
            region=server.region,
            socket=server.socket,
            is_plain=True,
        )
        app = make_app(
            handlers={},
            keys=find_credential,
            s3=upstream,
            pages=None,
            clock=time.time,  # noqa: TID251  # a real clock
            lend=lend,
        )
        with serving(app) as url:
            yield S3Objects(url, KEY.access_key, KEY.secret_key, "us-east-1")
