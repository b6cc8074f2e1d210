"""
The algorithm in namespaces of its own, made by bubblewrap, with or without root's rights.

    agent ── bwrap ── pid 1 of the sandbox ── the algorithm ── its children
                      (bwrap's reaper)

The reaper passes on no signal, and a program as pid 1 would not die of SIGTERM unless it handles it, so SIGTERM goes
to the algorithm straight. SIGKILL goes to the reaper: the kernel then ends all that lives in the namespace before the
reaper's parent hears of it, so when `wait` answers, nothing is left that could still write. Each of the chain also
dies with its parent, whatever ends that.
"""

import errno
import io
import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from luthier.records.algorithm import Algorithm
from luthier.runtimes import Enclosure, Running
from luthier.runtimes.environment import variables
from luthier.runtimes.view import made_up, options

_ISOLATION = (
    "--unshare-user",
    "--unshare-pid",
    "--unshare-ipc",
    "--unshare-uts",
    "--unshare-cgroup-try",
    *("--uid", "0", "--gid", "0"),
    *("--cap-drop", "ALL"),
    "--die-with-parent",
    "--new-session",
    "--clearenv",
)

_FORKED_NO_EXEC = 0x40  # PF_FORKNOEXEC of the kernel's sched.h: a process that still runs its parent's program


@dataclass(frozen=True, slots=True)
class Bubblewrap:
    """A `Runtime` by the bubblewrap program at *binary*, 0.8 or later. The network is the machine's, or none."""

    binary: Path

    def spawn(self, algorithm: Algorithm, enclosure: Enclosure, log: Path) -> Running:
        """See `Runtime.spawn`. Returns when the algorithm's own program runs."""
        with log.open("ab") as output:
            start_of_log = output.tell()
            process, status = self._start(_arguments(algorithm, enclosure), algorithm.command, enclosure, output)
        running = _Enclosed(process=process, status=status)
        if not running.has_begun():
            said = _tail(log, start_of_log)
            raise OSError(errno.ENOEXEC, f"{algorithm.command[0]} cannot be started in the sandbox: {said}")
        return running

    def _start(
        self, arguments: Sequence[str], command: Sequence[str], enclosure: Enclosure, output: io.BufferedWriter
    ) -> tuple[subprocess.Popen[bytes], io.FileIO]:
        """Start bubblewrap; its options travel in a file, out of sight of other processes and of any length."""
        files = [(path, _memory(text)) for path, text in made_up(enclosure.host_name).items()]
        reader, writer = os.pipe()
        given = [word for path, file in files for word in ("--ro-bind-data", str(file), path)]
        listed = _memory("\0".join([*given, *arguments]).encode("utf-8", "surrogateescape"))
        try:
            process = subprocess.Popen(
                [str(self.binary), "--json-status-fd", str(writer), "--args", str(listed), "--", *command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                env={},
                pass_fds=[writer, listed, *(file for _, file in files)],
            )
        except OSError:
            os.close(reader)
            raise
        finally:
            for descriptor in [writer, listed, *(file for _, file in files)]:
                os.close(descriptor)
        return process, io.FileIO(reader)


class _Enclosed:
    """A `Running` in a sandbox."""

    def __init__(self, *, process: subprocess.Popen[bytes], status: io.FileIO) -> None:
        self._process = process
        self._status = status  # stays open: bubblewrap writes to it once more when the algorithm ends
        self._reaper = _child_pid(status)

    def has_begun(self) -> bool:
        """Wait until the algorithm's program runs, or has run; False if it never will."""
        while self._process.poll() is None:
            algorithm = self._algorithm()
            if algorithm is not None and not _flags(algorithm) & _FORKED_NO_EXEC:
                return True
            time.sleep(0.001)
        return b'"exit-code"' in (self._status.read() or b"")

    def wait(self, timeout_s: float) -> int | None:
        """See `Running.wait`. bubblewrap reports a signal as shells do, as 128 and its number."""
        try:
            code = self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return None
        self._status.close()
        return 128 - code if 128 < code <= 128 + signal.SIGRTMAX else code

    def terminate(self) -> None:
        """See `Running.terminate`."""
        algorithm = self._algorithm()
        if algorithm is not None:
            _signal(algorithm, signal.SIGTERM)

    def kill(self) -> None:
        """See `Running.kill`."""
        if self._reaper is not None and self._process.poll() is None:
            _signal(self._reaper, signal.SIGKILL)

    def _algorithm(self) -> int | None:
        """Find the algorithm's first process, which is the reaper's first child."""
        if self._reaper is None or self._process.poll() is not None:
            return None
        try:
            children = Path(f"/proc/{self._reaper}/task/{self._reaper}/children").read_text(encoding="ascii").split()
        except (FileNotFoundError, ProcessLookupError):
            return None
        return int(children[0]) if children else None


def _arguments(algorithm: Algorithm, enclosure: Enclosure) -> list[str]:
    settings: Mapping[str, str] = variables(algorithm, enclosure, tmp="/tmp")  # noqa: S108  # the sandbox's own
    return [
        *_ISOLATION,
        *(() if enclosure.has_network else ("--unshare-net",)),
        *("--hostname", enclosure.host_name),
        *options(algorithm, enclosure),
        *("--chdir", algorithm.working_folder or "/opt/ml"),
        *(word for name, value in settings.items() for word in ("--setenv", name, value)),
    ]


def _memory(text: bytes) -> int:
    """Put bytes into a file that has no name, to be read from its start."""
    descriptor = os.memfd_create("luthier")
    with os.fdopen(descriptor, "wb", closefd=False) as file:
        file.write(text)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def _child_pid(status: io.FileIO) -> int | None:
    """Wait for bubblewrap's first report; None if it ends without one."""
    line = io.BytesIO()
    while (byte := status.read(1)) and byte != b"\n":
        line.write(byte)
    return int(json.loads(line.getvalue())["child-pid"]) if line.getvalue() else None


def _flags(pid: int) -> int:
    """Read a process's kernel flags (proc(5), /proc/pid/stat, field 9); those of a fork if it is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return _FORKED_NO_EXEC
    return int(text.rpartition(")")[2].split()[6])


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _tail(log: Path, start: int) -> str:
    """Read what bubblewrap had to say, which is short."""
    with log.open("rb") as file:
        file.seek(start)
        return file.read(500).decode("utf-8", "replace").strip() or "no reason given"
