"""botocore's clients of the front door, or of another server, with credentials that are given, never the user's."""

from collections.abc import Callable, Mapping
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.credentials import Credentials, DeferredRefreshableCredentials

NOTHING_OF_THE_USER = dict.fromkeys(("profile", "config_file", "credentials_file"), (None, None, None, None))


def make_client(service: str, endpoint: str, region: str, credentials: Credentials, **config: Any) -> Any:
    """Make a client; nothing is asked of the server yet."""
    session: Any = botocore.session.Session(session_vars=NOTHING_OF_THE_USER)
    session.register_component("credential_provider", _Given(credentials))
    return session.create_client(
        service,
        region_name=region,
        endpoint_url=endpoint,
        config=Config(
            proxies={},
            connect_timeout=5,
            read_timeout=60,
            retries={"total_max_attempts": 3, "mode": "standard"},
            **config,
        ),
    )


def of_role(fetch: Callable[[], Mapping[str, str]]) -> Credentials:
    """
    Give temporary credentials that *fetch* gets, as botocore reads them (see `RoleCredentials`).

    It is called at the first request, and again from a quarter of an hour before they expire; what it raises then is
    raised by the request.
    """
    return DeferredRefreshableCredentials(fetch, "container-role")


class _Given:
    """Where a botocore session looks for credentials: here are some."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials

    def load_credentials(self) -> Credentials:
        return self._credentials
