"""Where the KMS keys of an installation are: in its own database, or in AWS KMS."""

from functools import lru_cache
from typing import Any

import botocore.session
from botocore.config import Config

from luthier.identity.sessions import Sessions
from luthier.objects.vault import AwsVault, EachInItsVault, LocalVault
from luthier.settings import Settings


def make_vault(settings: Settings, sessions: Sessions) -> EachInItsVault:
    """Give what uses every key."""
    return EachInItsVault(LocalVault(sessions.wrapping_key()), aws_vault(settings) if settings.kms == "aws" else None)


def aws_vault(settings: Settings) -> AwsVault:
    """Give the way to AWS KMS; nothing is asked of it yet."""

    @lru_cache
    def client(region: str) -> Any:
        return botocore.session.Session().create_client(
            "kms",
            region_name=region,
            endpoint_url=settings.kms_endpoint or None,
            config=Config(
                ignore_configured_endpoint_urls=True,  # type: ignore[call-arg]  # newer than its stubs
                connect_timeout=5,
                read_timeout=20,
                retries={"total_max_attempts": 3, "mode": "standard"},
            ),
            aws_access_key_id=settings.kms_access_key or None,
            aws_secret_access_key=settings.kms_secret_key or None,
        )

    return AwsVault(client)
