"""A real S3 server for tests: the embedded one, behind the front door."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from luthier.objects.folder import embedded_s3
from luthier.objects.s3 import S3Objects
from luthier.records.identity import a_user
from luthier.wire.asgi import make_app
from luthier.wire.passthrough import Upstream
from luthier.wire.sigv4 import Credential
from serving import serving

KEY = Credential(access_key="AKIATEST", secret_key="secret", principal=a_user("000000000000", "AKIATEST"))


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
        )
        app = make_app(handlers={}, keys=lambda *_: KEY, s3=upstream, pages=None, clock=time.time)  # noqa: TID251  # a real clock
        with serving(app) as url:
            yield S3Objects(url, KEY.access_key, KEY.secret_key, "us-east-1")
