"""Training jobs without a network, in a real sandbox: a training program that tries."""

import json
import os
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from luthier.objects.s3 import S3Objects
from luthier.records.channel import Channel, InputMode
from luthier.records.journal import Outcome
from luthier.runtimes.plain import Plain
from s3_server import an_object_store
from training_hosts import a_host, a_spec, lived

TRY = r"""
import json, os, socket, sys, threading
def attempt(do):
    try:
        do()
    except OSError as error:
        return type(error).__name__ + ": " + str(error)
    return "reached"
def own():
    server = socket.create_server(("127.0.0.1", 0))
    socket.create_connection((socket.gethostname(), server.getsockname()[1]), timeout=2).close()
def abstract():
    with socket.socket(socket.AF_UNIX) as door:
        door.connect("\0" + sys.argv[2])
seen = {
    "front door": attempt(lambda: socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=2)),
    "outside": attempt(lambda: socket.create_connection(("192.0.2.1", 80), timeout=2)),
    "udp": attempt(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(("192.0.2.1", 53))),
    "abstract": attempt(abstract),
    "own": attempt(own),
    "interfaces": sorted(name for _, name in socket.if_nameindex()),
    "aws": sorted(name for name in os.environ if "ENDPOINT" in name or "CONTAINER" in name),
    "channel": sorted(os.listdir("/opt/ml/input/data")),
}
json.dump(seen, open("/opt/ml/model/seen.json", "w"))
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Objects]:
    folder = tmp_path_factory.mktemp("store")
    (folder / "s3" / "data").mkdir(parents=True)
    (folder / "s3" / "data" / "a").write_bytes(b"1")
    with an_object_store(folder) as store:
        yield store


@pytest.fixture
def doors() -> Iterator[tuple[int, str]]:
    """A server on the machine's loopback, and one on an abstract socket."""
    name = f"luthier-{os.getpid()}-{threading.get_ident()}"
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as other:
        other.bind("\0" + name)
        other.listen()
        yield server.getsockname()[1], name


def tried(folder: Path, store: S3Objects, doors: tuple[int, str], **changes: Any) -> dict[str, Any]:
    command = (sys.executable, "-c", TRY, str(doors[0]), doors[1])
    channel = Channel(name="train", uri="s3://data/a", input_mode=InputMode.PIPE)
    host = a_host(folder, store, command, a_spec(channels=(channel,), **changes))
    ended = lived(host)
    assert ended.outcome is Outcome.COMPLETED, ended.reason
    seen: dict[str, Any] = json.loads((host.workspace.host("algo-1").ml / "model" / "seen.json").read_text())
    return seen


def test_an_isolated_training_reaches_nothing(store: S3Objects, tmp_path: Path, doors: tuple[int, str]) -> None:
    """But itself, under its own name, and its channels."""
    seen = tried(tmp_path, store, doors, is_isolated=True)

    assert [each for each in ("front door", "outside", "udp", "abstract") if seen[each] == "reached"] == []
    assert (seen["own"], seen["interfaces"], seen["channel"]) == ("reached", ["lo"], ["train_0"])


def test_an_isolated_training_has_no_credentials_nor_endpoints(
    store: S3Objects, tmp_path: Path, doors: tuple[int, str]
) -> None:
    assert tried(tmp_path, store, doors, is_isolated=True)["aws"] == []


def test_any_other_training_reaches_this_machine(store: S3Objects, tmp_path: Path, doors: tuple[int, str]) -> None:
    """So the program that tries can succeed."""
    seen = tried(tmp_path, store, doors)

    assert (seen["front door"], seen["abstract"], seen["own"]) == ("reached", "reached", "reached")
    assert "AWS_CONTAINER_CREDENTIALS_FULL_URI" in seen["aws"]


def test_isolation_that_cannot_be_had_fails_the_training_job(store: S3Objects, tmp_path: Path) -> None:
    host = a_host(tmp_path, store, ("/bin/true",), a_spec(is_isolated=True), runtime=Plain())

    ended = lived(host)

    assert ended.reason == (
        "ClientError: EnableNetworkIsolation cannot be had without the sandbox; install bubblewrap, or write false"
    )
