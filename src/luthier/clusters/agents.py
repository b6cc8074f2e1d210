"""
The agent processes that one server has started on its machine.

    server ══ places to look after ══ nursery ──fork── agent
        ╚═══════ open for as long as the agent lives ═════╝

Half a second of an agent's start goes into imports and getting ready. That is done once, in the nursery, of which every
agent is a fork. The nursery ends with this process; agents outlive it.
"""

import os
import select
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from threading import Lock

from luthier.clusters.workspace import Workspace

_COMMAND = (sys.executable, "-P", "-m", "luthier.app.agent")


class Agents:
    """Starts agents, and remembers them for as long as they live. Safe to share between threads."""

    def __init__(self, settings_environment: Mapping[str, str]) -> None:
        self._environment = settings_environment
        self._running: dict[Path, socket.socket] = {}
        self._nursery: _Nursery | None = None
        self._guard = Lock()

    def start(self, place: Workspace) -> None:
        """Have an agent look after a workspace, unless one of ours does so already."""
        with self._guard:
            self._reap()
            if place.folder not in self._running:
                self._running[place.folder] = self._agent_for(place)

    def reap(self) -> None:
        """Take note of the agents that have ended."""
        with self._guard:
            self._reap()

    def _reap(self) -> None:
        look = select.poll()  # one look for all: every observation of a training job comes by here
        for life in self._running.values():
            look.register(life, 0)  # that the other end is closed is told unasked
        ended = {descriptor for descriptor, _ in look.poll(0)}
        self._running = {folder: life for folder, life in self._running.items() if life.fileno() not in ended}

    def _agent_for(self, place: Workspace) -> socket.socket:
        """Ask the nursery for an agent, and a new nursery if that is dead; give what hangs up when the agent ends."""
        ours, theirs = socket.socketpair()
        with theirs:
            if self._nursery is None or not self._nursery.ask(place.folder, theirs):
                self._nursery = _Nursery(self._environment, place.agent_log)
                self._nursery.ask(place.folder, theirs)  # a dead one's agent is dead, as will be seen
        return ours


class _Nursery:
    """The process that agents come from, until this object or this process is gone."""

    def __init__(self, settings_environment: Mapping[str, str], log: Path) -> None:
        """Start it; what it complains of until it is ready is in *log*, that of the first agent it is wanted for."""
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, log.open("ab") as complaints:
            self.process = subprocess.Popen(
                [*_COMMAND, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=complaints,
                cwd="/",
                env={**os.environ, **settings_environment},
                start_new_session=True,
            )

    def ask(self, folder: Path, life: socket.socket) -> bool:
        """Have an agent look after a folder and hold *life* open; False if the nursery is dead, and now reaped."""
        try:
            socket.send_fds(self._line, [os.fsencode(folder)], [life.fileno()])
        except (BrokenPipeError, ConnectionResetError):
            self.process.wait()
            return False
        return True
