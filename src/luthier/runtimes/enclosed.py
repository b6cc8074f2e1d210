"""
An algorithm that runs in a sandbox of bubblewrap's.

    agent ── unshare ── sh ── bwrap ── pid 1 of the sandbox ── the algorithm ── its children
                                       (bwrap's reaper)

The reaper passes on no signal, and a program as pid 1 would not die of SIGTERM unless it handles it, so SIGTERM goes
to the algorithm straight. SIGKILL goes to the reaper: the kernel then ends all that lives in the namespace before the
reaper's parent hears of it, so when `wait` answers, nothing is left that could still write. Each of the chain also
dies with its parent, whatever ends that (see `bond`).
"""

import io
import os
import signal
import subprocess
import time
from contextlib import suppress

from luthier.runtimes import Exit, Use
from luthier.runtimes.child import Child
from luthier.runtimes.memory import MemoryWatch
from luthier.runtimes.processes import Tally, children, descendants, few_descendants, stat_fields

_FORKED_NO_EXEC = 0x40  # PF_FORKNOEXEC of the kernel's sched.h: a process that still runs its parent's program


class Enclosed:
    """A `Running` whose sandbox is bubblewrap's *process*; *status* is what it reports to (`--json-status-fd`)."""

    def __init__(self, *, process: subprocess.Popen[bytes], status: io.FileIO, memory_bytes: int | None) -> None:
        self._process = Child(process)
        self._tally = Tally()
        self._memory = MemoryWatch(memory_bytes)
        self._is_out_of_memory = False
        self._status = status  # stays open: bubblewrap writes to it once more when the algorithm ends
        self._reaper = _reaper(process.pid) if _has_reported(status) else None

    def has_begun(self) -> bool:
        """Wait until the algorithm's program runs, or has run; False if it never will."""
        while self._process.poll() is None:
            algorithm = self._algorithm()
            if algorithm is not None and not _flags(algorithm) & _FORKED_NO_EXEC:
                return True
            time.sleep(0.001)
        return b'"exit-code"' in (self._status.read() or b"")

    def wait(self, timeout_s: float) -> Exit | None:
        """
        See `Running.wait`. What has more memory than it may have is killed.

        bubblewrap reports a signal as shells do, as 128 and its number.
        """
        code = self._process.wait(timeout_s)
        if code is None:
            if self._memory.is_exceeded(self._pids):
                self._is_out_of_memory = True
                self.kill()
            return None
        self._status.close()
        code = 128 - code if 128 < code <= 128 + signal.SIGRTMAX else code
        return Exit(code, is_out_of_memory=self._is_out_of_memory and code == -signal.SIGKILL)

    def terminate(self) -> None:
        """See `Running.terminate`."""
        algorithm = self._algorithm()
        if algorithm is not None:
            _signal(algorithm, signal.SIGTERM)

    def kill(self) -> None:
        """See `Running.kill`."""
        if self._reaper is not None and self._process.poll() is None:
            self.use()  # for the last time: of what ends with its namespace the kernel does not tell
            _signal(self._reaper, signal.SIGKILL)

    def written_bytes(self) -> int:
        """See `Running.written_bytes`: there is nothing else that it could write to."""
        return 0

    def use(self) -> Use:
        """See `Running.use`. When it is over, what bubblewrap needed for the sandbox counts too."""
        if self._process.poll() is not None:
            return self._tally.settle(self._process.processor_s)
        below = None if self._reaper is None else few_descendants(self._reaper)
        return self._tally.look(None if below is None or self._reaper is None else [self._reaper, *below])

    def _algorithm(self) -> int | None:
        """Find the algorithm's first process, which is the reaper's first child."""
        if self._reaper is None or self._process.poll() is not None:
            return None
        return next(iter(children(self._reaper)), None)

    def _pids(self) -> list[int]:
        """List all that runs in the sandbox: what has lost its parent is the reaper's child."""
        return [] if self._reaper is None else descendants(self._reaper)


def _has_reported(status: io.FileIO) -> bool:
    """Wait for bubblewrap's first report, which says that the reaper is there; False if it ends without one."""
    while (byte := status.read(1)) and byte != b"\n":
        continue
    return byte == b"\n"


def _reaper(outermost: int) -> int | None:
    """Find the reaper, which bubblewrap knows by another number than we: its child, below unshare and a shell."""
    pid: int | None = outermost
    for _ in ("the shell", "bubblewrap", "the reaper"):
        pid = None if pid is None else next(iter(children(pid)), None)
    return pid


def _flags(pid: int) -> int:
    """Read a process's kernel flags (proc(5), /proc/pid/stat, field 9); those of a fork if it is gone."""
    fields = stat_fields(pid)
    return int(fields[6]) if fields else _FORKED_NO_EXEC


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)
