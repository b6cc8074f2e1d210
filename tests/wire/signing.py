"""Requests signed by botocore, for our own verification to look at."""

import time
from collections.abc import Mapping
from urllib.parse import urlsplit

from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from luthier.records.identity import a_user
from luthier.wire.request import HttpRequest, from_bytes
from luthier.wire.sigv4 import Credential

KEY = Credential(access_key="AKIATEST", secret_key="secret/+=", principal=a_user("123456789012", "AKIATEST"))
CREDENTIALS = Credentials(KEY.access_key, KEY.secret_key)
REGION = "eu-west-1"
now = time.time  # noqa: TID251  # botocore signs at the present time


def signed(
    url: str,
    *,
    service: str = "sagemaker",
    method: str = "POST",
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
) -> HttpRequest:
    """Sign with the Authorization header, now."""
    request = AWSRequest(method, url, headers or {}, body)
    signer = S3SigV4Auth if service == "s3" else SigV4Auth
    signer(CREDENTIALS, service, REGION).add_auth(request)
    return received(request)


def presigned(url: str, *, service: str = "s3", method: str = "GET", expires_s: int = 60) -> HttpRequest:
    """Sign in the URL, now."""
    request = AWSRequest(method, url)
    signer = S3SigV4QueryAuth if service == "s3" else SigV4QueryAuth
    signer(CREDENTIALS, service, REGION, expires_s).add_auth(request)
    return received(request)


def received(request: AWSRequest) -> HttpRequest:
    """See a botocore request as an HTTP server does."""
    parts = urlsplit(request.url)
    headers = [(b"Host", parts.netloc.encode())]
    headers += [(name.encode(), str(value).encode()) for name, value in request.headers.items()]
    return from_bytes(request.method, parts.path.encode(), parts.query.encode(), headers)
