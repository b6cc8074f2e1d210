"""
Linear algebra on one thread, so that the number of processors does not change a proposal.

OpenBLAS splits a factorisation of 200 rows over all processors, and where it splits changes the last digits; an
optimiser then carries them to the first ones. On matrices of this size more threads do not save time either.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from threadpoolctl import ThreadpoolController

_LOCK = threading.Lock()  # the limit belongs to the process: whoever leaves first would lift it for the others


@contextmanager
def single_thread() -> Iterator[None]:
    """Hold the process's linear algebra to one thread; callers from several threads take turns."""
    with _LOCK, _controller().limit(limits=1, user_api="blas"):
        yield


@cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()
