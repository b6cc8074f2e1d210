"""
The credentials endpoint: where AWS clients inside a training job fetch the temporary credentials of its role.

    GET /v2/credentials             200 {"AccessKeyId", "SecretAccessKey", "Token", "Expiration", "RoleArn"}
    Authorization: TOKEN            401, 403, 404 {"code", "message"}

Every AWS SDK asks so by itself where AWS_CONTAINER_CREDENTIALS_FULL_URI and AWS_CONTAINER_AUTHORIZATION_TOKEN are set.

Source: "Container credential provider", AWS SDKs and Tools Reference Guide.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from luthier.identity.sessions import Session
from luthier.records.call import ApiError
from luthier.settings import CREDENTIALS_PATH
from luthier.wire.errors import Reply
from luthier.wire.request import HttpRequest

Lend = Callable[[str], Session]
"""Gives the credentials for a training job's token; raises ApiError, with status 401, 403 or 404, for any other."""


def asks_for_credentials(request: HttpRequest) -> bool:
    """
    Say whether a request is for this endpoint.

    An S3 object may have a key of the same name in a bucket that the host names; then the request is signed.
    """
    is_signed = bool(request.query) or (request.header("authorization") or "").startswith("AWS")
    return request.method == "GET" and request.path == CREDENTIALS_PATH and not is_signed


def lend_credentials(request: HttpRequest, lend: Lend) -> Reply:
    """Answer a request for credentials; never raises ApiError."""
    try:
        session = lend(_token(request))
    except ApiError as error:
        return _reply(error.http_status, {"code": error.code, "message": error.message})
    return _reply(
        200,
        {
            "AccessKeyId": session.access_key,
            "SecretAccessKey": session.secret_key,
            "Token": session.token,
            "Expiration": f"{datetime.fromtimestamp(int(session.expires_at), UTC):%Y-%m-%dT%H:%M:%SZ}",
            "RoleArn": session.role_arn,
        },
    )


def _token(request: HttpRequest) -> str:
    """Read the bearer token, which SDKs send as they were given it."""
    given = (request.header("authorization") or "").strip()
    scheme, _, rest = given.partition(" ")
    return rest.strip() if scheme.lower() == "bearer" else given


def _reply(status: int, document: Mapping[str, str]) -> Reply:
    return Reply(
        status=status,
        body=json.dumps(document).encode(),
        content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )
