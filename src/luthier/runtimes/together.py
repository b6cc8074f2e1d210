"""Hosts that are started one after another, and ended all at once."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from luthier.runtimes import Running

_POLL_S = 0.05


@contextmanager
def together(starts: Sequence[Callable[[], Running]]) -> Iterator[Sequence[Running]]:
    """
    Start all hosts, or none; when the context ends, end those that still run, and wait until they are gone.

    Raises what a start raises, after the hosts that had been started before are gone.
    """
    running: list[Running] = []
    try:
        for start in starts:
            running.append(start())  # what has been started must be known if the next one fails
        yield running
    finally:
        for one in running:
            one.kill()
        for one in running:
            while one.wait(_POLL_S) is None:
                one.kill()
