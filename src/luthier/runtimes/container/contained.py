"""An algorithm that runs as a container: what it writes goes into its log, and its end is waited for."""

import os
import select
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Lock, Thread

from luthier.runtimes import Enclosure, Exit, Use
from luthier.runtimes.container.control_group import ControlGroup, control_group
from luthier.runtimes.container.engine import Ended, Engine
from luthier.runtimes.container.output import follow

_LATE_S = 1.0  # by which the engine may hear later that memory ran out than of an end by SIGKILL


class Contained:
    """A `Running` in a container. One thread of this process stays with it, and another one awaits its end."""

    def __init__(self, engine: Engine, container: str, enclosure: Enclosure, after: Callable[[], None]) -> None:
        """Get ready for a container that is made and not started; *after* is done once it has ended."""
        self._engine = engine
        self._container = container
        self._enclosure = enclosure
        self._after = after
        self._stream = engine.attached(container)
        self._over = Event()
        self._turn = Lock()  # its thread and who asks both look at its control group
        self._group: ControlGroup | None = None
        self._watch: Thread | None = None  # sees the end
        self._used = Use()
        self._is_killed = False  # by us
        self._exit: Exit | None = None
        self._error: OSError | None = None
        self._thread = Thread(target=self._stay, name=f"log of {enclosure.host_name}", daemon=True)

    def start(self) -> None:
        """Start the algorithm; raises EngineError."""
        self._engine.start(self._container)
        self._thread.start()
        self._attend()

    def wait(self, timeout_s: float) -> Exit | None:
        """See `Running.wait`. Raises OSError where the engine has gone, and with it who could say."""
        if not self._over.wait(timeout_s):
            return None
        if self._error is not None:
            raise self._error
        return self._exit

    def terminate(self) -> None:
        """See `Running.terminate`. A first process of a container that does not handle SIGTERM does not notice it."""
        if not self._over.is_set():
            self._engine.signal(self._container, signal.SIGTERM)

    def kill(self) -> None:
        """See `Running.kill`."""
        if not self._over.is_set():
            self._is_killed = True
            self._engine.signal(self._container, signal.SIGKILL)

    def written_bytes(self) -> int:
        """See `Running.written_bytes`: what is in the container's own file system."""
        return self._engine.written_bytes(self._container)

    def use(self) -> Use:
        """See `Running.use`. What has ended before the engine could be asked for its control group is not known."""
        with self._turn:
            if not self._over.is_set() and self._group is not None:
                self._used = self._group.look()
            return self._used

    def end(self) -> None:
        """Have the algorithm ended, and all that it has written in the log."""
        if self._thread.ident is not None:
            self.kill()
            self._thread.join()
        self._stream.close()
        with self._turn:
            if self._group is not None:
                self._group.close()

    def _attend(self) -> None:
        """Find its control group, and have that looked at for the last time when the first process ends."""
        with suppress(OSError):  # it has ended, or the kernel is older than pidfds (5.3): then less is known of it
            pid = self._engine.pid(self._container)
            end = os.pidfd_open(pid)
            found = control_group(pid, self._container)  # of no other process, for it has the container in its name
            watch = Thread(target=self._see_end, args=(end,), name=f"end of {self._enclosure.host_name}", daemon=True)
            with self._turn:
                self._group, self._watch = found, watch
                watch.start()

    def _see_end(self, end: int) -> None:
        """Wait until a process has ended: its control group lives on for some 15 ms, and nobody else tells in time."""
        try:
            waiting = select.poll()
            waiting.register(end, select.POLLIN)
            waiting.poll()
            self.use()
        finally:
            os.close(end)

    def _is_out_of_memory(self, end: Ended) -> bool:
        """Ask who may know: a busy engine hears of it after the end, and a busy machine lets nobody look in time."""
        if end.is_out_of_memory or self._has_run_out():
            return True
        if self._is_killed or end.code != 128 + signal.SIGKILL:
            return False
        time.sleep(_LATE_S)
        return self._engine.ended(self._container).is_out_of_memory

    def _has_run_out(self) -> bool:
        with self._turn:
            watch, group = self._watch, self._group
        if watch is not None:
            watch.join()
        return group is not None and group.has_run_out

    def _stay(self) -> None:
        try:
            with self._enclosure.log.open("ab") as log:
                follow(self._stream, log)
            end = self._engine.ended(self._container)
            self._after()
            self._exit = _exit(end, is_out_of_memory=self._is_out_of_memory(end))
        except OSError as error:  # told to who waits: in this thread nobody would hear of it
            self._error = error
        finally:
            with self._turn:
                self._over.set()
                self._used = Use(processor_s=self._used.processor_s)


def _exit(end: Ended, *, is_out_of_memory: bool) -> Exit:
    """Put an end into our words; the engine reports a signal as shells do, as 128 and its number."""
    signalled = 128 < end.code <= 128 + signal.SIGRTMAX
    return Exit(128 - end.code if signalled else end.code, is_out_of_memory=is_out_of_memory)
