"""
Tells one webhook of changes of states: a controller of the loop for each, in threads of its own.

The rows are the queue. A change is let go of after it was taken, so whatever dies, it is told at least once; a job's
changes are told in order. The loop's leases see to it that two servers seldom tell the same.

    unanswered:  all its changes wait, 1 s, 2 s, 4 s, ... a minute at most, and one change tries whether it works again
    refused:     the changes of that job wait likewise, and others go on
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import assert_never

from luthier.records.json_value import JsonObject
from luthier.records.outbox import WEBHOOK
from luthier.records.state_change import StateChange
from luthier.store.engine import Store
from luthier.store.state_changes import Waiting
from luthier.watching.events import event_of, headers_of
from luthier.watching.webhook import Reception, Webhook
from luthier.witness import Nobody, Witness

MOST_WAITING = 100_000  # changes; beyond, the oldest are given up
MOST_REFUSED = 500  # jobs whose changes wait by themselves; beyond, all do
AT_ONCE = 20  # changes of a pass
PASS_S = 2.0  # after which a pass begins no further attempt, so that its lease lasts
FIRST_S, LONGEST_S = 1.0, 60.0
FORGOTTEN_S = 3600.0  # after which nobody has tried again
ROOM_S = 10.0  # between two looks whether too many wait

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Patience:
    """How long to wait after so many failures in a row."""

    until: float = 0.0
    failures: int = 0

    def fail(self, now: float) -> None:
        if now >= self.until:  # of several that fail at once, one counts
            self.until = now + min(FIRST_S * 2.0**self.failures, LONGEST_S)
            self.failures += 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcer:
    """A `Controller` whose items are the lines in which changes wait."""

    store: Store
    webhook: Webhook
    detail: Callable[[StateChange], JsonObject]  # what an event tells of a job
    secret: str
    clock: Callable[[], float]
    destination: str = WEBHOOK  # whose outbox it tells
    witness: Witness = field(default_factory=Nobody)
    _all: _Patience = field(default_factory=_Patience)
    _room: _Patience = field(default_factory=_Patience)
    _jobs: dict[str, _Patience] = field(default_factory=dict)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def unfinished(self) -> Sequence[str]:
        """Name the lines in which somebody waits; none while the webhook is given time."""
        now = self.clock()
        if now >= self._room.until:
            self._room.until = now + ROOM_S
            self._make_room()
        if now < self._all.until:
            return []
        return [f"events/{self.destination}/{line}" for line in self.store.state_changes.lines(self.destination)]

    def reconcile(self, item: str, now: float) -> bool:
        """Tell the first changes of a line, and say whether any was taken."""
        line = int(item.rpartition("/")[2])
        held, has_told = self._held(now), False
        for waiting in self.store.state_changes.waiting(line, AT_ONCE, held, self.destination):
            started = self.clock()
            if started > now + PASS_S or started < self._all.until:
                break
            if waiting.change.arn in held:
                continue
            match self._tell(waiting, started):
                case Reception.TAKEN:
                    has_told = True
                case Reception.REFUSED:
                    held.add(waiting.change.arn)
                case Reception.UNANSWERED:
                    break
                case never:
                    assert_never(never)
        return has_told

    def _make_room(self) -> None:
        dropped = self.store.state_changes.keep_newest(MOST_WAITING, self.destination)
        if dropped:
            log.error("%s takes too few events: %d of the oldest were given up", self._named(), dropped)
            self.witness.count("events_dropped", dropped)

    def _tell(self, waiting: Waiting, now: float) -> Reception:
        change = waiting.change
        body = event_of(change, self.detail(change))
        attempt = self.webhook.post(body, headers_of(change.id, body, self.secret, now))
        match attempt.reception:
            case Reception.TAKEN:
                self.store.state_changes.told(waiting.sequence)
                self._forgive(change.arn)
                self.witness.count("events_delivered", 1)
            case Reception.REFUSED:
                self._wait_for(self._of_job(change.arn), attempt.text, change)
                self.witness.count("events_refused", 1)
            case Reception.UNANSWERED:
                self._wait_for(self._all, attempt.text, change)
                self.witness.count("events_unanswered", 1)
            case _:
                assert_never(attempt.reception)
        return attempt.reception

    def _wait_for(self, patience: _Patience, text: str, change: StateChange) -> None:
        with self._guard:
            patience.fail(self.clock())
        log.warning("%s did not take the event %s of %s: %s", self._named(), change.id, change.arn, text)

    def _named(self) -> str:
        return "the webhook" if self.destination == WEBHOOK else f"the webhook {self.destination}"

    def _of_job(self, arn: str) -> _Patience:
        with self._guard:
            if arn not in self._jobs and len(self._jobs) >= MOST_REFUSED:
                return self._all
            return self._jobs.setdefault(arn, _Patience())

    def _forgive(self, arn: str) -> None:
        with self._guard:
            self._all.failures = 0
            self._jobs.pop(arn, None)

    def _held(self, now: float) -> set[str]:
        with self._guard:
            for arn in [arn for arn, patience in self._jobs.items() if now > patience.until + FORGOTTEN_S]:
                del self._jobs[arn]  # its changes have been given up
            return {arn for arn, patience in self._jobs.items() if now < patience.until}
