"""Data keys of KMS keys, drawn in a training job's role at the front door."""

from collections.abc import Callable, Mapping

from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError

from luthier.objects import ObjectError
from luthier.objects.aws_client import make_client, of_role


class DataKeys:
    """Where data keys come from; nothing is asked of anybody, and hardly any time taken, before the first is drawn."""

    def __init__(self, endpoint: str, region: str, fetch: Callable[[], Mapping[str, str]]) -> None:
        """*fetch* gives temporary credentials (see `S3Objects.in_role`)."""
        self._endpoint, self._region, self._fetch = endpoint, region, fetch

    def draw(self, kms_key: str) -> bytes:
        """
        Draw a data key of 32 bytes under the KMS key of an ARN.

        Raises ObjectError where the role may not use the key, or the key is disabled or gone, and OSError while the
        front door is away.
        """
        client = make_client("kms", self._endpoint, self._region, of_role(self._fetch))
        try:
            answer = client.generate_data_key(KeyId=kms_key, KeySpec="AES_256")
        except ClientError as error:
            told = error.response["Error"]
            if error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
                raise OSError(f"{kms_key}: no data key can be drawn: {told['Code']}") from error
            raise ObjectError(f"{kms_key}: no data key can be drawn: {told.get('Message', told['Code'])}") from error
        except (ConnectionError, HTTPClientError) as error:
            raise OSError(f"{kms_key}: no data key can be drawn: {error}") from error
        except BotoCoreError as error:
            raise ObjectError(f"{kms_key}: no data key can be drawn: {error}") from error
        drawn: bytes = answer["Plaintext"]
        return drawn
