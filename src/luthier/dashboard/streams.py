"""
Streams of events: open pages are told that what they show has changed, however many of them show it.

    page ── stream ──┐
    page ── stream ──┼── a watch: a look at the rows every third of a second
    page ── stream ──┘        another version? told to all of its streams

An event names a version and nothing else; a page that shows another one fetches itself. So an event that is lost or
said twice does no harm, a stream may end at any time, and nothing has to be remembered of who has heard what.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Hashable, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

MOST = 200
"""Streams that are open at a time; whoever asks for another is refused, and looks at the page itself now and then."""

MEDIA_TYPE = "text/event-stream"
HEADERS = {"X-Accel-Buffering": "no"}  # a proxy is not to wait until there is more

_INTERVAL_S = 0.3  # between two looks
_SHARE = 30  # a look that takes long is followed by a pause of so many times its length
_BEAT_S = 15.0  # of silence, after which a comment shows proxies that the stream is alive
_RETRY_MS = 2000
_FULL = "So many pages are open that this one has to ask for itself.\n"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one look has found."""

    version: str  # one line; another one whenever the page would show something else
    is_over: bool  # it will never change again


Look = Callable[[], Seen]
"""Looks at what a page shows: cheap, from any thread; raises HTTPException where there is no such page."""


class Streams:
    """All streams of one server. Everything happens in the event loop that serves them, looks in worker threads."""

    def __init__(self, *, most: int = MOST, interval_s: float = _INTERVAL_S, beat_s: float = _BEAT_S) -> None:
        self._most, self._interval_s, self._beat_s = most, interval_s, beat_s
        self._watches: dict[Hashable, _Watch] = {}
        self._open = 0
        self._is_closed = False

    async def answer(self, key: Hashable, look: Look, is_welcome: Callable[[], bool]) -> ASGIApp:
        """
        Give the stream of the page that *key* stands for, or say that there is none.

        Without any change to come it is 204, upon which a browser asks no more; with too many streams open, 503.
        *look* must be the same for the same key. Whether its visitor *is_welcome* still is asked again in every pause.
        """
        seen = await run_in_threadpool(look)
        if seen.is_over:
            return Response(status_code=204)
        if self._is_closed or self._open >= self._most:
            return PlainTextResponse(_FULL, 503)
        return partial(self._stream, key, look, seen, is_welcome)

    def close(self) -> None:
        """End every stream, and open no other: a server waits for its requests before it stops."""
        self._is_closed = True
        for watch in self._watches.values():
            watch.stop()

    async def _stream(
        self,
        key: Hashable,
        look: Look,
        seen: Seen,
        is_welcome: Callable[[], bool],
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        with self._watching(key, look, seen) as watch:
            async with aclosing(self._events(watch, is_welcome)) as events:
                response = StreamingResponse(events, headers=HEADERS, media_type=MEDIA_TYPE)
                await response(scope, receive, send)

    async def _events(self, watch: "_Watch", is_welcome: Callable[[], bool]) -> AsyncGenerator[str, None]:
        yield f"retry: {_RETRY_MS}\n\n"
        said = None
        while not self._is_closed:
            news = watch.news  # taken before looking, so that nothing falls in between
            if watch.seen.version != said:
                said = watch.seen.version
                yield f"event: version\ndata: {said}\n\n"
            if watch.is_ended:
                return
            heard, _ = await asyncio.wait([news], timeout=self._beat_s)
            if not heard:
                if not await run_in_threadpool(is_welcome):
                    return
                yield ": nothing new\n\n"

    @contextmanager
    def _watching(self, key: Hashable, look: Look, seen: Seen) -> "Iterator[_Watch]":
        """Share the watch of *key*, which ends with the last of its streams."""
        watch = self._watches.get(key)
        if watch is None or watch.is_ended:
            watch = self._watches[key] = _Watch(look, seen, self._interval_s)
        self._open += 1
        watch.streams += 1
        try:
            yield watch
        finally:
            self._open -= 1
            watch.streams -= 1
            if watch.streams == 0:
                watch.stop()
                if self._watches.get(key) is watch:
                    del self._watches[key]


class _Watch:
    """Looks again and again, until everything is over, nobody listens, or a look fails; then *is_ended*."""

    def __init__(self, look: Look, seen: Seen, interval_s: float) -> None:
        self.seen, self.streams, self.is_ended = seen, 0, False
        self.news: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._look, self._interval_s = look, interval_s
        self._task = asyncio.create_task(self._keep_looking())
        self._task.add_done_callback(_log_failure)

    def stop(self) -> None:
        self._task.cancel()
        self._end()  # a task that has not begun when it is cancelled runs nothing, `finally` included

    async def _keep_looking(self) -> None:
        clock = asyncio.get_running_loop().time
        try:
            while not self.seen.is_over:
                begun = clock()
                seen = await run_in_threadpool(self._look)
                if seen != self.seen:
                    self.seen = seen
                    self._tell()
                await asyncio.sleep(max(self._interval_s, _SHARE * (clock() - begun)))
        finally:
            self._end()

    def _end(self) -> None:
        self.is_ended = True
        self._tell()

    def _tell(self) -> None:
        told, self.news = self.news, asyncio.get_running_loop().create_future()
        if not told.done():
            told.set_result(None)


def _log_failure(task: "asyncio.Task[None]") -> None:
    """Say why the streams of a watch have ended: a page that asks again is told as much."""
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("a page could not be watched", exc_info=error)
