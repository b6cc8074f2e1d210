"""Clients in environments of their own, run as users run them: programs that know nothing of Luthier."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from luthier.app.doctor.outside import watched
from luthier_server import Luthier

ROOT = Path(__file__).parents[1]
PROGRAMS = Path(__file__).parent / "clients" / "programs"
PATIENCE_S = 540.0


def program_of(client: str, name: str) -> Path:
    """Find a program of a client's environment (cli, sdk2, sdk3), or skip the test where that was never made."""
    found = ROOT / ".venv-clients" / client / "bin" / name
    if not found.exists():
        pytest.skip(f"{found.parent.parent} is not there; `make test` makes it")
    return found


def environment(luthier: Luthier, home: Path) -> dict[str, str]:
    """Give a client what `luthier env` prints, and nothing of this machine's own configuration."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, **luthier.variables, "HOME": str(home)}


def tell(luthier: Luthier, client: str, program: str, story: str, home: Path) -> Any:
    """
    Run one story of a client's program, and give the facts that it writes down.

    Fails if the program does, or if any request of it leaves this machine.
    """
    facts = home / "facts.json"
    with watched(home / "outside") as outside:
        done = subprocess.run(
            [program_of(client, "python"), PROGRAMS / program, story, facts],
            env={**environment(luthier, home), **outside.variables},
            cwd=home,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-6000:]
        assert outside.hosts() == []
    told = json.loads(facts.read_text(encoding="utf-8"))
    told["output"] = done.stdout + done.stderr
    return told
