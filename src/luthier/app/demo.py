"""Run a client program against a server: the one that is up, or one started for as long as the program runs."""

import os
import subprocess
import sys
from pathlib import Path

from luthier.app.borrowed_server import borrowed_server
from luthier.app.keys import exports, obtain_key
from luthier.settings import Settings


def run_demo(settings: Settings, program: Path) -> int:
    """Run a Python program with the variables of `luthier env` set, and give its exit code."""
    key, _ = obtain_key(settings)
    with borrowed_server(settings, key):
        return subprocess.call([sys.executable, str(program)], env={**os.environ, **exports(settings, key)})
