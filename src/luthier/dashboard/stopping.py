"""
Stopping jobs: a page that asks whether it is meant, and the operation itself, as an AWS client would ask for it.

    GET  /ui/tuning-jobs/<region>/<name>/stop       is it meant?
    POST /ui/tuning-jobs/<region>/<name>/stop       StopHyperParameterTuningJob
    GET, POST /ui/training-jobs/<region>/<name>/stop    likewise: StopTrainingJob
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from luthier.dashboard.forms import TOKEN, read_form, stale_form
from luthier.dashboard.visitors import Visitor, Visitors, visitor_of
from luthier.records.call import ApiError, Call
from luthier.records.names import Scope
from luthier.records.training_job import TrainingJob
from luthier.records.tuning_job import TuningJob

Perform = Callable[[Call], object]
"""Answers an operation, the caller's rights included; raises ApiError."""

Job = TuningJob | TrainingJob
FindJob = Callable[[Request], Job]
"""Finds the job that an address names, for the visitor who asks; raises HTTPException where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What is stopped: its operation, with the member that names the job, and what to know before."""

    noun: str
    operation: str
    member: str
    path: str
    consequence: str


TUNING = Kind(
    noun="tuning job",
    operation="StopHyperParameterTuningJob",
    member="HyperParameterTuningJobName",
    path="tuning-jobs",
    consequence="No training job is launched any more, and those that run are stopped: each gets SIGTERM, and 120 "
    "seconds to save its model. It cannot be taken up again; a new tuning job can learn from it.",
)
TRAINING = Kind(
    noun="training job",
    operation="StopTrainingJob",
    member="TrainingJobName",
    path="training-jobs",
    consequence="The algorithm gets SIGTERM, and 120 seconds to save its model. Of a tuning job, it counts as one of "
    "MaxNumberOfTrainingJobs.",
)


class Stopping:
    """Asks, and stops."""

    def __init__(
        self,
        visitors: Visitors,
        perform: Perform,
        finders: Mapping[Kind, FindJob],
        clock: Callable[[], float],
        render: Callable[..., Response],
    ) -> None:
        self._visitors, self._perform, self._finders = visitors, perform, finders
        self._clock, self._render = clock, render

    def question(self, kind: Kind) -> Callable[[Request], Response]:
        """Make the answer to a GET: the form, or why there is nothing to stop."""

        def ask(request: Request) -> Response:
            job, visitor = self._finders[kind](request), visitor_of(request)
            token = self._visitors.token(visitor, _target(kind, job))
            return self._render(
                "stop.html", kind=kind, job=job, url=_page(kind, job), target=_target(kind, job), token=token
            )

        return ask

    def order(self, kind: Kind) -> Callable[[Request], object]:
        """Make the answer to a POST: the job is stopped, and its page shown."""

        async def stop(request: Request) -> Response:
            given = await read_form(request)
            visitor = visitor_of(request)
            job = await run_in_threadpool(self._finders[kind], request)
            if not self._visitors.fits(given.get(TOKEN, ""), visitor, _target(kind, job)):
                raise stale_form()
            try:
                await run_in_threadpool(self._perform, self._call(kind, job, visitor))
            except ApiError as error:
                status = HTTPStatus.FORBIDDEN if error.code == "AccessDeniedException" else HTTPStatus.CONFLICT
                raise HTTPException(status, error.message) from error
            return RedirectResponse(_page(kind, job), HTTPStatus.SEE_OTHER)

        return stop

    def _call(self, kind: Kind, job: Job, visitor: Visitor) -> Call:
        return Call(
            service="sagemaker",
            operation=kind.operation,
            scope=Scope(account=visitor.principal.account, region=job.scope.region),
            principal=visitor.principal,
            parameters={kind.member: job.name},
            now=self._clock(),
        )


def _page(kind: Kind, job: Job) -> str:
    return f"/ui/{kind.path}/{job.scope.region}/{job.name}"


def _target(kind: Kind, job: Job) -> str:
    return f"{_page(kind, job)}/stop"
