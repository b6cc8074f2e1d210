"""Small programs run in a runtime, in a folder of their own."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from zlib import crc32

import pytest

from luthier.algorithms.interpreter import folders_of
from luthier.records.algorithm import Algorithm
from luthier.runtimes import Enclosure, Exit, HostGroup, Running, Runtime

LIMIT_S = 20.0


@dataclass(frozen=True)
class Ended:
    """How a program ended, and what it wrote."""

    code: int
    log: str


def python(code: str, *arguments: str, folders: tuple[Path, ...] = ()) -> Algorithm:
    """Make an algorithm of a few lines of Python."""
    needed = (*folders_of(Path(sys.executable)), *folders)
    return Algorithm(
        image="test", command=(sys.executable, "-c", code, *arguments), folders=tuple(str(each) for each in needed)
    )


def shell(script: str) -> Algorithm:
    """Make an algorithm of a few lines of shell."""
    return Algorithm(image="test", command=("/bin/sh", "-c", script))


def an_enclosure(folder: Path, **environment: str) -> Enclosure:
    """Make an /opt/ml and a /tmp below *folder*."""
    for name in ("ml", "ml/model", "ml/input/data/train", "tmp"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    return Enclosure(
        ml=folder / "ml", tmp=folder / "tmp", log=folder / "log", host_name="algo-1", environment=environment
    )


def a_group(*hosts: Enclosure, is_isolated: bool = False, hidden: tuple[Path, ...] = ()) -> HostGroup:
    """Make a group of hosts whose front door is a port at which nobody listens."""
    return HostGroup(
        name=f"test-{crc32(bytes(hosts[0].ml)):x}",
        hosts=hosts,
        front_door="http://127.0.0.1:9",
        is_isolated=is_isolated,
        hidden=hidden,
    )


def needs_iproute2() -> None:
    """Skip a test of several hosts on a machine without the package that their networks are made by."""
    if shutil.which("ip", path=f"{os.environ['PATH']}:/usr/sbin:/sbin") is None:
        pytest.skip("several hosts need iproute2; apt-get install iproute2")


@contextmanager
def started(runtime: Runtime, algorithm: Algorithm, enclosure: Enclosure) -> Iterator[Running]:
    """Start a program on one host."""
    with runtime.started(algorithm, a_group(enclosure)) as (running,):
        yield running


def run(runtime: Runtime, algorithm: Algorithm, enclosure: Enclosure, *, hidden: tuple[Path, ...] = ()) -> Ended:
    """Run a program to its end."""
    with runtime.started(algorithm, a_group(enclosure, hidden=hidden)) as (running,):
        return ended(running, enclosure.log)


def ended(running: Running, log: Path) -> Ended:
    """Wait for a program's end."""
    end = running.wait(LIMIT_S)
    if end is None:
        running.kill()
        raise AssertionError(f"still running; its log: {log.read_text()}")
    return Ended(end.code, log.read_text(errors="replace"))


def until_ended(running: Running, *, looking: bool = False) -> Exit:
    """Wait for a program's end as a host does, looking often; if *looking*, also at what it uses."""
    deadline = monotonic() + LIMIT_S
    while (end := running.wait(0.02)) is None:
        assert monotonic() < deadline, "still running"
        if looking:
            running.use()
    return end


def until_says(log: Path, text: str) -> None:
    """Wait until a log contains a text."""
    deadline = monotonic() + LIMIT_S
    while not (log.exists() and text in log.read_text()):
        assert monotonic() < deadline, f"never said {text!r}: {log.read_text()}"
        sleep(0.005)


def until_gone(pids: list[int]) -> None:
    """Wait until none of some processes runs."""
    deadline = monotonic() + LIMIT_S
    while any(is_alive(pid) for pid in pids):
        assert monotonic() < deadline, f"still there: {pids}"
        sleep(0.005)


def until_nobody_says(word: str) -> None:
    """Wait until no process has a word on its command line."""
    deadline = monotonic() + LIMIT_S
    while pids := processes_saying(word):
        assert monotonic() < deadline, f"still there: {pids}"
        sleep(0.005)


def is_alive(pid: int) -> bool:
    """Say whether a process runs; one that waits to be reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def processes_saying(word: str) -> list[int]:
    """Find processes by a word of their command line."""
    found = []
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = each.read_bytes().split(b"\0")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if word.encode() in words:
            found.append(int(each.parent.name))
    return found
