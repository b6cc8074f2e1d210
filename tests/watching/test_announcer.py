"""Who tells the webhook: over a real store and a real receiver, with time played."""

import threading
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from luthier.records.outbox import WEBHOOK, Outbox
from luthier.records.state_change import StateChange
from luthier.store.engine import Store
from luthier.store.state_changes import LINES, line_of
from luthier.watching import announcer
from luthier.watching.announcer import FIRST_S, LONGEST_S, Announcer
from luthier.watching.webhook import Webhook
from things import a_tuning_job
from webhook_receiver import Receiver, receiving


class Telling:
    """An announcer with its store, its receiver and its clock."""

    def __init__(self, store: Store, receiver: Receiver, secret: str = "", destination: str = WEBHOOK) -> None:
        self.store, self.receiver, self.now = store, receiver, 5000.0
        self.announcer = Announcer(
            store=store,
            webhook=Webhook(receiver.url, patience_s=0.2),
            detail=self.detail,
            secret=secret,
            clock=lambda: self.now,
            destination=destination,
        )

    def detail(self, change: StateChange) -> Any:
        return {"HyperParameterTuningJobName": change.name, "HyperParameterTuningJobStatus": change.status}

    def add(self, *names: str) -> None:
        """Have each of the jobs created, and asked to stop: two changes."""
        for name in names:
            job = a_tuning_job(name)
            self.store.tuning_jobs.add(job)
            self.store.tuning_jobs.request_stop(job.arn, 1500.0)

    def look(self) -> bool:
        """Look once at everything that is worth a look."""
        looks = [self.announcer.reconcile(item, self.now) for item in self.announcer.unfinished()]
        return any(looks)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path / 'luthier.db'}", outboxes=[Outbox(name=WEBHOOK)])
    yield opened
    opened.close()


@pytest.fixture
def telling(store: Store) -> Iterator[Telling]:
    with receiving(Receiver()) as receiver:
        yield Telling(store, receiver)


def neighbours() -> tuple[str, str]:
    """Name two jobs that wait in the same line."""
    names = [f"tune-{number}" for number in range(LINES + 1)]
    lines: dict[int, str] = {}
    for name in names:
        line = line_of(a_tuning_job(name).arn)
        if line in lines:
            return lines[line], name
        lines[line] = name
    raise AssertionError("more jobs than lines, and no two in one")


def test_every_change_is_told_in_order_and_let_go_of(telling: Telling) -> None:
    telling.add("one", "two")

    assert telling.look()
    assert telling.receiver.states("one") == [("InProgress", ""), ("Stopping", "")]
    assert telling.receiver.states("two") == [("InProgress", ""), ("Stopping", "")]
    assert telling.store.state_changes.count() == 0


def test_without_changes_nothing_is_worth_a_look(telling: Telling) -> None:
    assert telling.announcer.unfinished() == []


def test_an_event_that_was_not_answered_is_told_again_under_its_id(telling: Telling) -> None:
    statuses = iter([500, 200, 200])
    telling.receiver.answer = lambda _: next(statuses)
    telling.add("one")
    telling.look()
    telling.now += FIRST_S

    telling.look()

    ids = [each["webhook-id"] for each in telling.receiver.headers]
    assert ids[0] == ids[1] == telling.receiver.events[0]["id"]
    assert telling.receiver.states("one") == [("InProgress", ""), ("Stopping", "")]


def test_a_webhook_that_does_not_answer_is_left_alone_ever_longer(telling: Telling) -> None:
    telling.receiver.answer = lambda _: 503
    telling.add("one")
    attempts = []
    for _ in range(200):
        before = len(telling.receiver.bodies)
        telling.look()
        if len(telling.receiver.bodies) > before:
            attempts.append(telling.now)
        telling.now += 0.5

    pauses = [later - earlier for earlier, later in pairwise(attempts)]
    assert pauses == [1.0, 2.0, 4.0, 8.0, 16.0, 32.0]


def test_no_pause_is_longer_than_a_minute(telling: Telling) -> None:
    telling.receiver.answer = lambda _: 503
    telling.add("one")
    for _ in range(12):
        telling.look()
        telling.now += LONGEST_S

    assert len(telling.receiver.bodies) == 12


def test_one_silence_is_enough_for_all_that_wait(telling: Telling) -> None:
    telling.receiver.silence = threading.Event()
    telling.add(*(f"tune-{number}" for number in range(40)))

    telling.look()

    assert len(telling.receiver.bodies) <= LINES
    assert telling.announcer.unfinished() == []


def test_a_refused_event_holds_its_own_job_up_and_no_other(telling: Telling) -> None:
    refused, other = neighbours()
    telling.receiver.answer = lambda event: 400 if event["detail"]["HyperParameterTuningJobName"] == refused else 200
    telling.add(refused, other)

    telling.look()

    assert telling.receiver.states(refused) == []
    assert telling.receiver.states(other) == [("InProgress", ""), ("Stopping", "")]
    assert len(telling.receiver.bodies) == 3


def test_a_refused_event_is_told_when_it_is_wanted(telling: Telling) -> None:
    telling.receiver.answer = lambda _: 400
    telling.add("one")
    telling.look()
    telling.receiver.answer = lambda _: 200

    telling.look()
    assert telling.receiver.taken == []
    telling.now += FIRST_S
    telling.look()

    assert telling.receiver.states("one") == [("InProgress", ""), ("Stopping", "")]


def test_after_a_kill_another_process_tells_what_is_left(telling: Telling, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed after the event was taken and before that was written down: it is told again, under the same id."""
    telling.add("one")

    def killed(_: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(telling.store.state_changes, "told", killed)
        with pytest.raises(KeyboardInterrupt):
            telling.look()

    Telling(telling.store, telling.receiver).look()

    ids = [each["id"] for each in telling.receiver.events]
    assert len(ids) == 3
    assert ids[0] == ids[1]
    assert telling.store.state_changes.count() == 0


def test_events_are_signed_where_there_is_a_secret(store: Store) -> None:
    with receiving(Receiver()) as receiver:
        telling = Telling(store, receiver, secret="s3cret")
        telling.add("one")
        telling.look()

    assert receiver.headers[0]["webhook-signature"].startswith("v1,")
    assert receiver.headers[0]["webhook-timestamp"] == "5000"


def test_the_oldest_are_given_up_where_too_many_wait(
    telling: Telling, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(announcer, "MOST_WAITING", 3)
    telling.add("one", "two")

    telling.look()

    assert len(telling.receiver.taken) == 3
    assert "1 of the oldest were given up" in caplog.text


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[Store]:
    """A store with two outboxes, of which one is for the ends of tuning jobs alone."""
    outboxes = [Outbox(name=WEBHOOK), Outbox(name="chat", statuses=["Stopping"])]
    opened = Store.open(f"sqlite:///{tmp_path / 'shared.db'}", outboxes=outboxes)
    yield opened
    opened.close()


def test_a_destination_that_is_dead_does_not_hold_up_another(shared: Store) -> None:
    with receiving(Receiver(answer=lambda _: 503)) as dead, receiving(Receiver()) as well:
        ill, chat = Telling(shared, dead), Telling(shared, well, destination="chat")
        ill.add("one", "two")

        assert not ill.look()
        assert chat.look()

    assert well.states("one") == [("Stopping", "")]
    assert well.states("two") == [("Stopping", "")]
    assert shared.census.take(0.0).untold == {WEBHOOK: 4}


def test_a_destination_that_was_dead_is_told_what_another_has_heard(shared: Store) -> None:
    with receiving(Receiver()) as receiver:
        telling = Telling(shared, receiver)
        telling.add("one")
        with receiving(Receiver()) as well:
            Telling(shared, well, destination="chat").look()
        telling.look()

    assert receiver.states("one") == [("InProgress", ""), ("Stopping", "")]
    assert receiver.taken[1]["id"] == well.taken[0]["id"]


def test_the_items_of_two_destinations_are_leased_apart(shared: Store) -> None:
    with receiving(Receiver()) as receiver:
        own, chat = Telling(shared, receiver), Telling(shared, receiver, destination="chat")
        own.add("one")

        items = [*own.announcer.unfinished(), *chat.announcer.unfinished()]

    assert len(items) == len(set(items)) == 2


def test_giving_up_the_oldest_of_one_destination_leaves_another_its_own(
    shared: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(announcer, "MOST_WAITING", 1)
    with receiving(Receiver()) as receiver:
        chat = Telling(shared, receiver, destination="chat")
        chat.add("one", "two")
        chat.look()

    assert shared.census.take(0.0).untold == {WEBHOOK: 4}
    assert "the webhook chat takes too few events: 1 of the oldest were given up" in caplog.text
