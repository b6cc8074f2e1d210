"""Streams of events: what one says, when it ends, and how many there may be."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

import pytest
from starlette.types import ASGIApp, Message

from luthier.dashboard.streams import Seen, Streams

NEVER_S = 3600.0


@dataclass
class Listener:
    """A browser at the other end of a stream: it keeps what arrives, and goes away when it has *enough*."""

    enough: Callable[[str], bool] = lambda text: False
    started: dict[str, object] = field(default_factory=dict)
    text: str = ""
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    async def hear(self, app: ASGIApp) -> "Listener":
        scope = {"type": "http", "asgi": {"spec_version": "2.3"}, "method": "GET", "headers": []}
        await app(scope, self._receive, self._send)
        return self

    @property
    def versions(self) -> list[str]:
        return [line.removeprefix("data: ") for line in self.text.splitlines() if line.startswith("data: ")]

    async def _receive(self) -> Message:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = dict(message)
        self.text += message.get("body", b"").decode()
        if self.enough(self.text):
            self.gone.set()


def looks(*found: Seen) -> Callable[[], Seen]:
    """Look at *found*, one after the other; the last one stays."""
    left = list(found)
    return lambda: left.pop(0) if len(left) > 1 else left[0]


def seen(version: str, *, is_over: bool = False) -> Seen:
    return Seen(version=version, is_over=is_over)


def heard(streams: Streams, look: Callable[[], Seen], *, is_welcome: bool = True) -> Listener:
    """Listen to a stream until it ends by itself."""

    async def listen() -> Listener:
        return await Listener().hear(await streams.answer("page", look, lambda: is_welcome))

    return asyncio.run(asyncio.wait_for(listen(), 60))


def test_a_stream_says_every_version_and_ends_when_all_is_over() -> None:
    look = looks(seen("a"), seen("a"), seen("b"), seen("c", is_over=True))

    listener = heard(Streams(interval_s=0), look)

    assert listener.versions == ["a", "b", "c"]


def test_a_stream_begins_with_when_to_come_again() -> None:
    listener = heard(Streams(interval_s=0), looks(seen("a"), seen("b", is_over=True)))

    assert listener.text.startswith("retry: 2000\n\nevent: version\ndata: a\n\n")


def test_what_is_over_has_no_stream() -> None:
    listener = heard(Streams(), looks(seen("a", is_over=True)))

    assert (listener.started["status"], listener.text) == (204, "")


def test_no_more_streams_are_opened_than_there_may_be() -> None:
    assert heard(Streams(most=0), looks(seen("a"))).started["status"] == 503


def test_a_place_is_free_again_when_a_page_has_gone() -> None:
    async def two_in_turn() -> list[Listener]:
        streams = Streams(most=1)
        return [
            await Listener(lambda text: "data:" in text).hear(await streams.answer("page", looks(seen("a")), bool))
            for _ in range(2)
        ]

    assert [each.started["status"] for each in asyncio.run(two_in_turn())] == [200, 200]


def test_streams_of_one_page_share_its_looks() -> None:
    """No two looks find the same here, so what both have heard was found for both."""
    numbers = count()

    async def two_at_once() -> list[Listener]:
        streams = Streams(interval_s=0)
        apps = [await streams.answer("page", lambda: seen(str(next(numbers))), bool) for _ in range(2)]
        return await asyncio.gather(*(Listener(lambda text: text.count("data:") > 5).hear(app) for app in apps))

    first, second = asyncio.run(asyncio.wait_for(two_at_once(), 60))

    assert len(set(first.versions) & set(second.versions)) > 3


def test_a_comment_is_sent_while_there_is_nothing_new() -> None:
    async def quiet() -> Listener:
        app = await Streams(interval_s=NEVER_S, beat_s=0.001).answer("page", looks(seen("a")), lambda: True)
        return await Listener(lambda text: ": nothing new\n\n" in text).hear(app)

    assert asyncio.run(asyncio.wait_for(quiet(), 60)).versions == ["a"]


def test_who_is_not_welcome_any_more_is_told_nothing_more() -> None:
    listener = heard(Streams(interval_s=NEVER_S, beat_s=0.001), looks(seen("a")), is_welcome=False)

    assert listener.text.endswith("data: a\n\n")


def test_all_streams_end_when_they_are_closed() -> None:
    async def closed() -> Listener:
        streams = Streams(interval_s=NEVER_S)
        app = await streams.answer("page", looks(seen("a")), bool)
        listener = Listener()
        listening = asyncio.create_task(listener.hear(app))
        while not listener.versions:
            await asyncio.sleep(0)
        streams.close()
        return await listening

    assert asyncio.run(asyncio.wait_for(closed(), 60)).versions == ["a"]


def test_no_stream_is_opened_after_they_were_closed() -> None:
    streams = Streams()
    streams.close()

    assert heard(streams, looks(seen("a"))).started["status"] == 503


def test_a_look_that_fails_ends_the_stream_and_is_told_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    found = [seen("a")]

    listener = heard(Streams(interval_s=0), found.pop)

    assert listener.versions == ["a"]
    assert "a page could not be watched" in caplog.text
