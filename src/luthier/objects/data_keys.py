"""Data keys of KMS keys, drawn in a training job's role at the front door."""

from collections.abc import Callable, Mapping
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.credentials import DeferredRefreshableCredentials
from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError

from luthier.objects import ObjectError
from luthier.objects.s3 import NOTHING_OF_THE_USER, Given


class DataKeys:
    """Where data keys come from; nothing is asked of anybody, and hardly any time taken, before the first is drawn."""

    def __init__(self, endpoint: str, region: str, fetch: Callable[[], Mapping[str, str]]) -> None:
        """*fetch* gives temporary credentials (see `S3Objects.in_role`)."""
        self._endpoint, self._region, self._fetch = endpoint, region, fetch

    def draw(self, key: str) -> bytes:
        """
        Draw a data key of 32 bytes under the KMS key of an ARN.

        Raises ObjectError when it is refused, and OSError when nobody answers.
        """
        try:
            answer = self._client().generate_data_key(KeyId=key, KeySpec="AES_256")
        except ClientError as error:
            told = error.response["Error"]
            if error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
                raise OSError(f"{key}: no data key can be drawn: {told['Code']}") from error
            raise ObjectError(f"{key}: no data key can be drawn: {told.get('Message', told['Code'])}") from error
        except (ConnectionError, HTTPClientError) as error:
            raise OSError(f"{key}: no data key can be drawn: {error}") from error
        except BotoCoreError as error:
            raise ObjectError(f"{key}: no data key can be drawn: {error}") from error
        drawn: bytes = answer["Plaintext"]
        return drawn

    def _client(self) -> Any:
        credentials = DeferredRefreshableCredentials(self._fetch, "container-role")
        session: Any = botocore.session.Session(session_vars=NOTHING_OF_THE_USER)
        session.register_component("credential_provider", Given(credentials))
        config = Config(proxies={}, connect_timeout=5, read_timeout=60)
        return session.create_client("kms", region_name=self._region, endpoint_url=self._endpoint, config=config)
