"""A server for as long as it is needed: the one that is up, or one started for the purpose."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from luthier.app.keys import Key
from luthier.settings import Settings, SettingsError

PATIENCE_S = 60.0  # for the server's first answer


@contextmanager
def borrowed_server(settings: Settings, key: Key, *, is_silent: bool = False) -> Iterator[None]:
    """
    Have a server answer at the settings' address for as long as the context lasts.

    Raises SettingsError if something else has the address, or no server can be started.
    """
    if answers(settings):
        _check_that_it_is_ours(settings, key)
        yield
        return
    command = [sys.executable, "-m", "luthier.cli", "up", "--data-folder", str(settings.data_folder)]
    command += ["--host", settings.host, "--port", str(settings.port)]
    output = subprocess.DEVNULL if is_silent else None
    server = subprocess.Popen(command, start_new_session=True, stdout=output, stderr=output)
    try:
        _wait_for(settings, server)
        yield
    finally:
        if server.poll() is None and not is_silent:
            sys.stdout.write("\nThe server that ran for this program ends now. Have it back: luthier up\n")
            sys.stdout.flush()
        if server.poll() is None:
            server.send_signal(signal.SIGINT)
        server.wait()


def is_ours(settings: Settings, key: Key) -> bool:
    """Whether what answers at the settings' address knows the key of the settings' data folder."""
    sts = boto3.client(
        "sts",
        endpoint_url=settings.url,
        region_name=settings.region,
        aws_access_key_id=key.access_key,
        aws_secret_access_key=key.secret_key,
        config=Config(connect_timeout=5, read_timeout=5, retries={"total_max_attempts": 1}, proxies={}),
    )
    try:
        sts.get_caller_identity()
    except (BotoCoreError, ClientError):
        return False
    return True


def answers(settings: Settings) -> bool:
    """Whether anything answers at the settings' address."""
    try:
        socket.create_connection((settings.host, settings.port), timeout=1.0).close()
    except OSError:
        return False
    return True


def _check_that_it_is_ours(settings: Settings, key: Key) -> None:
    if not is_ours(settings, key):
        raise SettingsError(
            f"port: {settings.url} is taken by something that does not know the key of {settings.data_folder}; "
            "choose another port with --port"
        )


def _wait_for(settings: Settings, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not answers(settings):
        if server.poll() is not None or time.monotonic() > deadline:
            raise SettingsError(f"the server at {settings.url} did not start; `luthier up` says why")
        time.sleep(0.05)
