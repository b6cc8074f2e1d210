"""An algorithm that runs as a container: what it writes goes into its log, and its end is waited for."""

import signal
from collections.abc import Callable
from threading import Event, Thread

from luthier.runtimes import Enclosure, Exit
from luthier.runtimes.container.engine import Ended, Engine
from luthier.runtimes.container.output import follow


class Contained:
    """A `Running` in a container. One thread of this process stays with it."""

    def __init__(self, engine: Engine, container: str, enclosure: Enclosure, after: Callable[[], None]) -> None:
        """Get ready for a container that is made and not started; *after* is done once it has ended."""
        self._engine = engine
        self._container = container
        self._enclosure = enclosure
        self._after = after
        self._stream = engine.attached(container)
        self._over = Event()
        self._exit: Exit | None = None
        self._error: OSError | None = None
        self._thread = Thread(target=self._stay, name=f"log of {enclosure.host_name}", daemon=True)

    def start(self) -> None:
        """Start the algorithm; raises EngineError."""
        self._engine.start(self._container)
        self._thread.start()

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
            self._engine.signal(self._container, signal.SIGKILL)

    def written_bytes(self) -> int:
        """See `Running.written_bytes`: what is in the container's own file system."""
        return self._engine.written_bytes(self._container)

    def end(self) -> None:
        """Have the algorithm ended, and all that it has written in the log."""
        if self._thread.ident is not None:
            self.kill()
            self._thread.join()
        self._stream.close()

    def _stay(self) -> None:
        try:
            with self._enclosure.log.open("ab") as log:
                follow(self._stream, log)
            end = self._engine.ended(self._container)
            self._after()
            self._exit = _exit(end)
        except OSError as error:  # told to who waits: in this thread nobody would hear of it
            self._error = error
        finally:
            self._over.set()


def _exit(end: Ended) -> Exit:
    """Put an end into our words; the engine reports a signal as shells do, as 128 and its number."""
    signalled = 128 < end.code <= 128 + signal.SIGRTMAX
    return Exit(128 - end.code if signalled else end.code, is_out_of_memory=end.is_out_of_memory)
