"""What binds a sandbox to its parent: nobody starts whose parent is gone."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest

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


LEAVES = "import os, sys, time\nif os.fork():\n    os._exit(7)\nwhile time.process_time() < 0.2:\n    pass\n"


def test_the_first_process_waits_for_what_a_program_leaves_behind() -> None:
    """What a process has had of processors counts with who takes it in, and is lost if nobody does."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)

    done = subprocess.run([*alone(), *bond(), sys.executable, "-c", LEAVES], check=False)

    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 7
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime >= 0.2
