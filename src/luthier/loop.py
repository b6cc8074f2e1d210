"""
Keep rows moving: lease an item, reconcile it, sleep or back off. One of the two places that catch every exception.

Each lane (tuning jobs, training jobs) has one thread that looks for items and a few that reconcile them. An item is
looked at again soon after anything changed, and ever less often while nothing does. A wake-up follows each change;
polling is the fallback. Leases only save work: two servers that reconcile the same item at once do no harm.
"""

import logging
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from luthier.store.leases import Leases
from luthier.witness import Deed, Facts, Nobody, Witness

LEASE_S = 6.0  # how long a server that died keeps others away
SOON_S, RARELY_S = 0.02, 0.5  # between two looks at an item: after a change, and after many without one
SLOWER = 1.5  # each look without a change waits this much longer than the one before
IDLE_S = 1.0  # between two looks for items, when nobody wakes the lane
BACK_OFF_S, LONGEST_BACK_OFF_S = 1.0, 60.0  # after an item's first failure, and after many

log = logging.getLogger(__name__)
Answer = TypeVar("Answer")


class Controller(Protocol):
    """What a lane drives."""

    def unfinished(self) -> Sequence[Any]:
        """Name the items that are worth a look, oldest first."""
        ...

    def reconcile(self, arn: Any, now: float) -> bool:
        """Bring one item on, and say whether anything changed."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """How a lane is doing."""

    lane: str
    looked_at: float | None  # when it last found out what there is to do; None: it never has
    items: int  # that are worth a look
    backlog: int  # of them, those whose time has come and that no worker has taken up


@dataclass(slots=True)
class _Item:
    due: float = 0.0
    pause: float = SOON_S
    failures: int = 0
    leased_until: float = 0.0
    is_busy: bool = False
    is_taken_up: bool = False  # by a worker


@dataclass(slots=True)
class _Lane:
    name: str
    controller: Controller
    pool: ThreadPoolExecutor
    items: dict[str, _Item] = field(default_factory=dict)
    looked_at: float | None = None
    bell: threading.Event = field(default_factory=threading.Event)


class Loop:
    """The lanes, running in threads of their own between `start` and `stop`."""

    def __init__(
        self,
        controllers: Mapping[str, Controller],
        *,
        leases: Leases,
        owner: str,
        clock: Callable[[], float],
        workers: int,
        witness: Witness | None = None,
    ) -> None:
        """Prepare a lane for each of *controllers*; *owner* is this process's name on leases."""
        self._lanes = [
            _Lane(name, controller, ThreadPoolExecutor(workers, thread_name_prefix=name))
            for name, controller in controllers.items()
        ]
        self._leases, self._owner, self._clock = leases, owner, clock
        self._witness = witness or Nobody()
        self._guard = threading.Lock()
        self._is_stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._watch, args=(lane,), name=f"{lane.name}-lane", daemon=True)
            for lane in self._lanes
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """Look at everything now: something has been committed."""
        with self._guard:
            for lane in self._lanes:
                for item in lane.items.values():
                    if not item.failures:
                        item.due, item.pause = 0.0, SOON_S
        for lane in self._lanes:
            lane.bell.set()

    def pulses(self) -> list[Pulse]:
        """Say how each lane is doing."""
        now = self._clock()
        with self._guard:
            return [
                Pulse(
                    lane=lane.name,
                    looked_at=lane.looked_at,
                    items=len(lane.items),
                    backlog=sum(item.due <= now and not item.is_taken_up for item in lane.items.values()),
                )
                for lane in self._lanes
            ]

    def stop(self) -> None:
        """End after the passes under way, and give the leases back; what is running on clusters goes on."""
        self._is_stopping.set()
        for lane in self._lanes:
            lane.bell.set()
        for thread in self._threads:
            thread.join()
        for lane in self._lanes:
            lane.pool.shutdown()
            for name in lane.items:
                self._leases.give_back(name, self._owner)

    def _watch(self, lane: _Lane) -> None:
        while not self._is_stopping.is_set():
            lane.bell.clear()
            pause = self._attempt(f"{lane.name} lane", lambda: self._look(lane))
            lane.bell.wait(BACK_OFF_S if pause is None else pause)

    def _look(self, lane: _Lane) -> float:
        """Hand every due item to a worker, and say how long until the next is due."""
        names = lane.controller.unfinished()
        now = self._clock()
        self._let_go(lane, set(names))
        with self._guard:
            lane.looked_at = now
            for name in names:
                item = lane.items.setdefault(name, _Item())
                if not item.is_busy and item.due <= now:
                    item.is_busy = True
                    lane.pool.submit(self._pass, lane, name, item)
            waiting = [item.due for item in lane.items.values() if not item.is_busy]
        return max(0.0, min([IDLE_S, *(due - now for due in waiting)]))

    def _let_go(self, lane: _Lane, unfinished: Collection[str]) -> None:
        with self._guard:
            over = [name for name, item in lane.items.items() if name not in unfinished and not item.is_busy]
            for name in over:
                del lane.items[name]
        for name in over:
            self._leases.give_back(name, self._owner)

    def _pass(self, lane: _Lane, name: str, item: _Item) -> None:
        item.is_taken_up = True
        facts: Facts = {"lane": lane.name, "job": name}
        with self._witness.watch(Deed.PASS, facts):
            has_changed = self._attempt(f"{lane.name} {name}", lambda: self._reconcile(lane, name, item))
            facts["outcome"] = _OUTCOMES[has_changed]
        with self._guard:
            item.failures = item.failures + 1 if has_changed is None else 0
            item.pause = _pause(item, bool(has_changed))
            item.due, item.is_busy, item.is_taken_up = self._clock() + item.pause, False, False
        if has_changed:
            self.wake()
        lane.bell.set()

    def _reconcile(self, lane: _Lane, name: str, item: _Item) -> bool:
        now = self._clock()
        if item.leased_until - now < LEASE_S / 2:
            item.leased_until = now + LEASE_S if self._leases.take(name, self._owner, now, LEASE_S) else 0.0
        return item.leased_until > now and lane.controller.reconcile(name, now)

    def _attempt(self, what: str, act: Callable[[], Answer]) -> Answer | None:
        """Give what *act* gives, or None when it failed: a bug or an outage, which is logged and tried again."""
        try:
            return act()
        except Exception:
            log.exception("%s: failed; trying again later", what)
            return None


_OUTCOMES = {True: "changed", False: "idle", None: "failed"}


def _pause(item: _Item, has_changed: bool) -> float:
    if item.failures:
        return min(BACK_OFF_S * 2.0 ** (item.failures - 1), LONGEST_BACK_OFF_S)
    return SOON_S if has_changed else min(item.pause * SLOWER, RARELY_S)
