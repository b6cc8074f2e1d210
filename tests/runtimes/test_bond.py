"""What binds a sandbox to its parent: nobody starts whose parent is gone."""

import subprocess
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
