"""
One training on several hosts, by XGBoost's own collective.

    algo-1: tracker, worker ──┬── algo-2: worker      each with its share of the rows; every tree is grown by all of
                              └── algo-3: worker      them together, and is the same on all

The first host tells of the rounds and leaves the model, as in SageMaker's image.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from xgboost import collective
from xgboost.tracker import RabitTracker

PORT = 9099  # of the tracker
_RETRIES = 10_000  # until the tracker listens: hosts do not start at one instant, nor read their rows in one time


@dataclass(frozen=True, slots=True, kw_only=True)
class Hosts:
    """All hosts of the training, and which this one is."""

    names: tuple[str, ...]
    current: str

    @property
    def is_first(self) -> bool:
        """Whether this host speaks for all; algo-10 does not, although it comes before algo-2 as text."""
        return self.current == self.names[0]

    @contextmanager
    def joined(self) -> Iterator[None]:
        """Take part in the training of all for as long as the context lasts; alone, there is nothing to join."""
        if len(self.names) == 1:
            yield
            return
        tracker = None
        if self.is_first:
            tracker = RabitTracker(
                n_workers=len(self.names), host_ip=socket.gethostbyname(self.current), port=PORT, sortby="task"
            )
            tracker.start()
        with collective.CommunicatorContext(
            dmlc_communicator="rabit",
            dmlc_tracker_uri=socket.gethostbyname(self.names[0]),
            dmlc_tracker_port=PORT,
            dmlc_task_id=f"{self.names.index(self.current):06d}",
            dmlc_retry=_RETRIES,
        ):
            yield
        if tracker is not None:
            tracker.wait_for()


def most(value: int) -> int:
    """Give the largest of what all hosts say; every host must say something."""
    if not collective.is_distributed():
        return value
    return int(collective.allreduce(np.array([value], dtype=np.int64), collective.Op.MAX)[0])
