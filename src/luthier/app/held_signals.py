"""Signals that wait until something is whole."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

HELD = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def held_back() -> Iterator[None]:
    """
    Hold back SIGINT and SIGTERM for as long as the context lasts, and then have the first that came do what it does.

    KeyboardInterrupt comes in the middle of whatever runs, be it a library that holds a lock, or a callback whose
    exceptions Python drops. Signals are the main thread's, so in another one nothing is held back.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = {number: signal.signal(number, lambda number, _: came.append(number)) for number in HELD}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if came:
            signal.raise_signal(came[0])
