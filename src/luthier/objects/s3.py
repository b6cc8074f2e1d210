"""S3 through botocore: what hosts and the server use, whoever the S3 server is."""

import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, BinaryIO, Self, cast
from urllib.parse import urlsplit

from botocore.credentials import Credentials
from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError, IncompleteReadError
from s3transfer.manager import TransferConfig, TransferManager

from luthier.objects import ObjectError, ObjectInfo
from luthier.objects.aws_client import make_client, of_role

REMEDIES = {
    "NoSuchBucket": "there is no such bucket; create it or check the URI",
    "NoSuchKey": "there is no such object; check the URI",
    "AccessDenied": "access denied; the role may not use it: see `luthier roles`, whose bucket it is, and "
    "`luthier keys kms list`",
}
PART_BYTES = 16 * 1024 * 1024  # larger objects go up in parts of this size


class S3Objects:
    """An ObjectStore on any S3 server; safe to share between threads."""

    def __init__(self, endpoint: str, access_key: str, secret_key: str, region: str) -> None:
        """Prepare; nothing is asked of the server yet."""
        self._client = _client(endpoint, region, Credentials(access_key, secret_key))

    @classmethod
    def in_role(cls, endpoint: str, region: str, fetch: Callable[[], Mapping[str, str]]) -> Self:
        """
        Prepare to sign with temporary credentials; nothing is asked of anybody yet.

        *fetch* gives them, each time that new ones are needed (see `aws_client.of_role`).
        """
        objects = cls.__new__(cls)
        objects._client = _client(endpoint, region, of_role(fetch))
        return objects

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        """Give every object below *prefix* (see ObjectStore)."""
        bucket, key = split(prefix)
        with _explained(prefix):
            for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=key):
                for each in page.get("Contents", []):
                    yield ObjectInfo(
                        uri=f"s3://{bucket}/{each['Key']}", size=each["Size"], etag=each["ETag"].strip('"')
                    )

    def open(self, uri: str) -> BinaryIO:
        """Open an object (see ObjectStore)."""
        bucket, key = split(uri)
        with _explained(uri):
            got = self._client.get_object(Bucket=bucket, Key=key)
            is_secret = got.get("ServerSideEncryption", "").startswith("aws:kms")
            return cast("BinaryIO", _Body(uri, got["Body"], is_encrypted=is_secret))

    def put(self, uri: str, body: BinaryIO, key: str | None = None) -> None:
        """Store an object (see ObjectStore)."""
        bucket, name = split(uri)
        extra_args = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key} if key else {}
        config = TransferConfig(
            multipart_threshold=PART_BYTES,
            multipart_chunksize=PART_BYTES,
            max_request_concurrency=2,
            max_in_memory_upload_chunks=2,
        )
        with _explained(uri), TransferManager(self._client, config) as manager:
            manager.upload(body, bucket, name, extra_args).result()

    def delete(self, uri: str) -> None:
        """Delete an object (see ObjectStore)."""
        bucket, key = split(uri)
        with _explained(uri):
            self._client.delete_object(Bucket=bucket, Key=key)


def _client(endpoint: str, region: str, credentials: Credentials) -> Any:
    return make_client("s3", endpoint, region, credentials, s3={"addressing_style": "path"}, signature_version="s3v4")


class _Body(io.RawIOBase):
    """An object being read, whose errors are the Protocol's."""

    def __init__(self, uri: str, stream: Any, *, is_encrypted: bool) -> None:
        self._uri, self._stream = uri, stream
        self.is_encrypted = is_encrypted

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        with _explained(self._uri):
            data: bytes = self._stream.read(None if size < 0 else size)
            return data

    def close(self) -> None:
        self._stream.close()
        super().close()


def split(uri: str) -> tuple[str, str]:
    """
    Take an S3 URI apart into bucket and key; raises ObjectError if it is none.

    >>> split("s3://data/train/part 1.csv")
    ('data', 'train/part 1.csv')
    """
    parts = urlsplit(uri.split("?")[0].split("#")[0])
    if parts.scheme != "s3" or not parts.netloc:
        raise ObjectError(f"{uri}: not an S3 URI; it should look like s3://bucket/key")
    _, _, key = uri.removeprefix("s3://").partition("/")
    return parts.netloc, key


@contextmanager
def _explained(uri: str) -> Iterator[None]:
    """Turn botocore's errors into the two that the Protocol names."""
    try:
        yield
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
            raise OSError(f"{uri}: the object store failed: {code}") from error
        raise ObjectError(f"{uri}: {REMEDIES.get(code, error.response['Error'].get('Message', code))}") from error
    except (ConnectionError, HTTPClientError, IncompleteReadError) as error:  # refused, lost, or cut within a body
        raise OSError(f"{uri}: the object store cannot be reached: {error}") from error
    except BotoCoreError as error:
        raise ObjectError(f"{uri}: {error}") from error
