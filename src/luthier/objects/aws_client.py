"""
botocore's clients of the front door, or of another server, with credentials that are given, never the user's.

A server may be gone between a reply's header and its body. botocore does not hold the length of a body against the one
announced, and Python takes the end of a connection for the end of a header: either would make a listing without objects
of half a reply. Here it is no reply.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.credentials import Credentials, DeferredRefreshableCredentials
from botocore.exceptions import ConnectionClosedError

NOTHING_OF_THE_USER = dict.fromkeys(("profile", "config_file", "credentials_file"), (None, None, None, None))
_WITHOUT_BODY = (204, 304)  # RFC 9110


def make_client(service: str, endpoint: str, region: str, credentials: Credentials, **config: Any) -> Any:
    """
    Make a client; nothing is asked of the server yet.

    Its operations raise ConnectionClosedError, too, for a reply that broke off.
    """
    session: Any = botocore.session.Session(session_vars=NOTHING_OF_THE_USER)
    session.register_component("credential_provider", _Given(credentials))
    client = session.create_client(
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
    client.meta.events.register("response-received", partial(_insist_on_all, endpoint))
    return client


def of_role(fetch: Callable[[], Mapping[str, str]]) -> Credentials:
    """
    Give temporary credentials that *fetch* gets, as botocore reads them (see `RoleCredentials`).

    It is called at the first request, and again from a quarter of an hour before they expire; what it raises then is
    raised by the request.
    """
    return DeferredRefreshableCredentials(fetch, "container-role")


def _insist_on_all(endpoint: str, event_name: str, response_dict: Mapping[str, Any] | None, **_: object) -> None:
    if response_dict is None or response_dict["status_code"] in _WITHOUT_BODY or ".Head" in event_name:
        return
    announced, body = response_dict["headers"].get("content-length", ""), response_dict["body"]
    if announced.isdecimal():  # a body that is read bit by bit knows its own length
        is_all = not isinstance(body, bytes) or len(body) == int(announced)
    else:
        is_all = response_dict["headers"].get("transfer-encoding") == "chunked"
    if not is_all:
        raise ConnectionClosedError(endpoint_url=endpoint)


class _Given:
    """Where a botocore session looks for credentials: here are some."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials

    def load_credentials(self) -> Credentials:
        return self._credentials
