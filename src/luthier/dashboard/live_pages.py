"""The streams of the pages that change: who may hear of which, and what each of them looks at."""

from collections.abc import Callable, Hashable
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from luthier.dashboard.streams import HEADERS, MEDIA_TYPE, Look, Streams
from luthier.dashboard.versions import Versions
from luthier.dashboard.visitors import COOKIE, Visitors, visitor_of
from luthier.records.training_job import TrainingJob
from luthier.records.tuning_job import TuningJob


class LivePages:
    """Answers at the addresses of streams, each for the visitors who may see its page."""

    def __init__(self, streams: Streams, versions: Versions, visitors: Visitors) -> None:
        self._streams, self._versions, self._visitors = streams, versions, visitors

    async def tuning_jobs(self, request: Request) -> ASGIApp:
        """Answer for the page of the list that has the same query."""
        account, asked = visitor_of(request).principal.account, request.query_params
        key = ("list", account, tuple(sorted(asked.items())))
        return await self._answer(request, key, partial(self._versions.of_list, account, asked))

    def tuning_job(self, find: Callable[[Request], TuningJob]) -> Callable[[Request], object]:
        """Make the answer for a tuning job; *find* raises HTTPException where the visitor has none of that name."""

        async def answer(request: Request) -> ASGIApp:
            job = await run_in_threadpool(find, request)
            return await self._answer(request, job.arn, partial(self._versions.of_tuning_job, job.arn))

        return answer

    def training_job(self, find: Callable[[Request], TrainingJob]) -> Callable[[Request], object]:
        """Make the answer for a training job, likewise."""

        async def answer(request: Request) -> ASGIApp:
            job = await run_in_threadpool(find, request)
            return await self._answer(request, job.arn, partial(self._versions.of_training_job, job.arn))

        return answer

    async def _answer(self, request: Request, key: Hashable, look: Look) -> ASGIApp:
        if request.method == "HEAD":
            return Response(headers=HEADERS, media_type=MEDIA_TYPE)
        return await self._streams.answer(key, look, partial(self._is_welcome, request.cookies.get(COOKIE)))

    def _is_welcome(self, cookie: str | None) -> bool:
        return self._visitors.of(cookie) is not None
