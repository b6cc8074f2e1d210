"""
Portraits of tuning jobs, painted beside the pages and kept as long as they are true.

A page never waits for one: it shows the last that is there, and the next is painted meanwhile, one at a time. While a
tuning job goes on, a new one is worth its time when a tenth more training jobs are over.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace

from luthier.records.tuning_job import TuningJob
from luthier.tuning.portraits import Portrayed

MOST = 64
"""Tuning jobs of which portraits are kept: those last looked at."""

_WORTH = 1.1

Found = Sequence[Portrayed]


@dataclass(frozen=True, slots=True, kw_only=True)
class Painting:
    """What there is to be seen of a tuning job at the moment."""

    found: Found | None = None  # None: the first one is not ready
    over: int = 0  # how many training jobs were over when *found* was asked for
    coming: Future[Found] | None = None
    coming_over: int = 0


class Gallery:
    """Holds paintings; *portray* makes them, on *executor*, and may take seconds. For any number of threads."""

    def __init__(self, portray: Callable[[TuningJob], Found], executor: Executor) -> None:
        self._portray, self._executor = portray, executor
        self._paintings: OrderedDict[tuple[str, float], Painting] = OrderedDict()
        self._lock = threading.Lock()

    def look(self, job: TuningJob, over: int) -> Painting:
        """
        Show what there is of *job*, of which *over* training jobs have ended, and have more painted where it is old.

        Raises what went wrong in painting, once; the next look tries again.
        """
        with self._lock:
            key = (job.arn, job.created_at)
            painting = _finished(self._paintings.pop(key, Painting()))
            if painting.coming is None and _is_old(painting, over, is_last=job.ended_at is not None):
                coming = self._executor.submit(self._portray, job)
                painting = _finished(replace(painting, coming=coming, coming_over=over))
            self._paintings[key] = painting
            if len(self._paintings) > MOST:
                self._paintings.popitem(last=False)
            return painting

    def glance(self, job: TuningJob) -> tuple[int, bool]:
        """
        Say how old the painting of *job* is that a look would show, and whether another is being painted.

        It changes nothing. The age is the number of training jobs that were over then, 0 without a painting.
        """
        with self._lock:
            painting = self._paintings.get((job.arn, job.created_at), Painting())
        if painting.coming is None:
            return painting.over, False
        is_done = painting.coming.done()
        return painting.coming_over if is_done else painting.over, not is_done


def _finished(painting: Painting) -> Painting:
    if painting.coming is None or not painting.coming.done():
        return painting
    return Painting(found=painting.coming.result(), over=painting.coming_over)


def _is_old(painting: Painting, over: int, *, is_last: bool) -> bool:
    if painting.found is None or is_last:
        return painting.found is None or over != painting.over
    return over > _WORTH * painting.over
