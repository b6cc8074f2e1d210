"""The object store as roles see it: what a request names is looked for with the rights of the role that it names."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache

from luthier.app.job_credentials import LIFETIME_S, SESSION_NAME
from luthier.identity.sessions import Sessions
from luthier.objects import ObjectStore
from luthier.objects.s3 import S3Objects
from luthier.settings import Settings

_KEPT = 64  # roles whose client is kept, the ones used last


def objects_in_roles(
    settings: Settings,
    sessions: Sessions,
    clock: Callable[[], float] = time.time,  # noqa: TID251  # botocore judges the end of credentials by the clock
) -> Callable[[str], ObjectStore]:
    """Give what makes, of a role's ARN, an object store that signs with temporary credentials of that role."""

    def fetch(role: str) -> Mapping[str, str]:
        session = sessions.mint(role_arn=role, session_name=SESSION_NAME, expires_at=clock() + LIFETIME_S)
        return {
            "access_key": session.access_key,
            "secret_key": session.secret_key,
            "token": session.token,
            "expiry_time": datetime.fromtimestamp(session.expires_at, UTC).isoformat(),
        }

    @lru_cache(maxsize=_KEPT)
    def objects(role: str) -> ObjectStore:
        return S3Objects.in_role(settings.url, settings.region, lambda: fetch(role))

    return objects
