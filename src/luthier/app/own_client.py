"""boto3's clients of the server of this installation: what the terminal asks it with."""

from typing import Any

import boto3
from botocore.config import Config

from luthier.app.keys import Key
from luthier.settings import Settings

CONFIG = Config(connect_timeout=5, read_timeout=30, retries={"total_max_attempts": 2}, proxies={})


def own_client(settings: Settings, key: Key, service: str) -> Any:  # Any: boto3 makes its clients
    """Make a client of *service*, which goes nowhere but to the server of *settings*."""
    make: Any = boto3.client  # its types know each service by name only
    return make(
        service,
        endpoint_url=settings.url,
        region_name=settings.region,
        aws_access_key_id=key.access_key,
        aws_secret_access_key=key.secret_key,
        config=CONFIG,
    )


def no_answer(settings: Settings) -> str:
    """Say that there is no server."""
    return f"Nothing answers at {settings.url}; is `luthier up` running?"
