"""
The agent processes that one server has started on its machine.

A third of a second of an agent's start goes into imports, so one spare agent waits, its imports done, to be told a
folder on its stdin. It ends with this process if nobody ever tells it one; told, it outlives this process.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import IO

from luthier.clusters.workspace import Workspace

_COMMAND = (sys.executable, "-P", "-m", "luthier.app.agent")

Process = subprocess.Popen[bytes]


class Agents:
    """Starts agents, and remembers them until they have been reaped. Safe to share between threads."""

    def __init__(self, settings_environment: Mapping[str, str]) -> None:
        self._environment = settings_environment
        self._running: dict[Path, Process] = {}
        self._spare: Process | None = None
        self._guard = Lock()

    def start(self, place: Workspace) -> None:
        """Have an agent look after a workspace, unless one of ours does so already."""
        with self._guard:
            self._reap()
            if place.folder not in self._running:
                self._running[place.folder] = self._use_spare(place) or self._start_for(place)
                self._spare = self._spawn(stdin=subprocess.PIPE, output=subprocess.DEVNULL)

    def reap(self) -> None:
        """Take note of the agents that have ended."""
        with self._guard:
            self._reap()

    def _reap(self) -> None:
        self._running = {folder: agent for folder, agent in self._running.items() if agent.poll() is None}

    def _use_spare(self, place: Workspace) -> Process | None:
        """Tell the spare agent where to work; None if there is none, or it has died."""
        spare, self._spare = self._spare, None
        if spare is None or spare.stdin is None:
            return None
        try:
            with spare.stdin as line:
                line.write(os.fsencode(place.folder) + b"\n")
        except BrokenPipeError:
            spare.wait()
            return None
        return spare

    def _start_for(self, place: Workspace) -> Process:
        with place.agent_log.open("ab") as log:
            return self._spawn(str(place.folder), stdin=subprocess.DEVNULL, output=log)

    def _spawn(self, *arguments: str, stdin: int, output: int | IO[bytes]) -> Process:
        return subprocess.Popen(
            [*_COMMAND, *arguments],
            stdin=stdin,
            stdout=output,
            stderr=output,
            cwd="/",
            env={**os.environ, **self._environment},
            start_new_session=True,
        )
