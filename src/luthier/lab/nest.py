"""The client's end of a nursery: where services are asked for."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from threading import Lock
from typing import Self

_ALONE = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # a library with threads of its own cannot be forked


class Nest:
    """A nursery of services, for as long as the context lasts; services that it has given may outlive it."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "luthier.lab.nursery", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env={**os.environ, **_ALONE},
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for the client
            )

    @property
    def pid(self) -> int:
        """The nursery's process."""
        return self._process.pid

    def ask(self, folder: Path, data_folder: Path, settings: dict[str, str], door: socket.socket) -> socket.socket:
        """
        Have a service begin at *door*, and give the line to its keeper: a line of JSON, and then its end.

        The service ends when the line is shut down, or this process ends. Raises BrokenPipeError if the nursery is
        dead.
        """
        ours, theirs = socket.socketpair()
        told = {"folder": str(folder), "data_folder": str(data_folder), "settings": settings, "client": os.getpid()}
        with theirs, self._guard:
            socket.send_fds(self._line, [json.dumps(told).encode()], [door.fileno(), theirs.fileno()])
        return ours

    def close(self) -> None:
        """Let the nursery end; twice is once."""
        self._line.close()
        self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
