"""
A child process whose time of processors is known once it has ended.

The kernel tells that to whoever takes in a process that has ended, with the time of all its descendants that were taken
in before (wait4(2)). `subprocess` takes processes in by other means, and never hears of it.
"""

import os
import subprocess
import time

_LONGEST_NAP_S = 0.05


class Child:
    """A child of this process, which nobody else may wait for."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._code: int | None = None
        self._processor_s: float | None = None

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    @property
    def processor_s(self) -> float | None:
        """The time of processors that it and its descendants have had; None as long as nobody knows that it ended."""
        return self._processor_s

    def poll(self) -> int | None:
        """Give its exit code, negative for a signal; None if it runs."""
        if self._code is None:
            pid, status, used = os.wait4(self.pid, os.WNOHANG)
            if pid == self.pid:
                self._code = self._process.returncode = os.waitstatus_to_exitcode(status)
                self._processor_s = used.ru_utime + used.ru_stime
        return self._code

    def wait(self, timeout_s: float) -> int | None:
        """Give its exit code as soon as there is one, or None after *timeout_s*."""
        deadline = time.monotonic() + timeout_s
        nap_s = 0.0005  # as `subprocess` does: short at first, for what ends at once
        while self.poll() is None:
            left_s = deadline - time.monotonic()
            if left_s <= 0:
                break
            nap_s = min(2 * nap_s, left_s, _LONGEST_NAP_S)
            time.sleep(nap_s)
        return self._code

    def terminate(self) -> None:
        """Send SIGTERM; harmless when it has ended."""
        if self.poll() is None:
            self._process.terminate()
