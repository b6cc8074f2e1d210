"""AWS KMS for tests: moto's server, on loopback, with the real API."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from moto.server import ThreadedMotoServer

REGION = "us-east-1"


@contextmanager
def an_aws_kms() -> Iterator[str]:
    """Run it, and give its URL."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def kms_client(url: str) -> Any:
    return boto3.client(
        "kms", endpoint_url=url, region_name=REGION, aws_access_key_id="AWS", aws_secret_access_key="aws"
    )
