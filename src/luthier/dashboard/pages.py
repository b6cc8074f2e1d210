"""The pages: what is shown of tuning jobs and training jobs, read from the rows as they are now."""

import re
from collections.abc import Callable
from functools import partial
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from luthier.dashboard.beside_page import BesidePage
from luthier.dashboard.chart_numbers import ChartNumbers, answer, parallel_numbers
from luthier.dashboard.comparison_page import ComparisonPage
from luthier.dashboard.decisions_page import DecisionsPage
from luthier.dashboard.families import Families
from luthier.dashboard.gallery import Gallery
from luthier.dashboard.job_list import JobList
from luthier.dashboard.lineage import relatives_of
from luthier.dashboard.metric_alarm import alarm, doubts
from luthier.dashboard.portrait_view import lessons_of
from luthier.dashboard.request_copy import as_boto3, as_command
from luthier.dashboard.sign_in import SIGN_OUT
from luthier.dashboard.slice_dots import tried_of
from luthier.dashboard.table_file import table_file
from luthier.dashboard.templating import templates
from luthier.dashboard.training_page import LogEnds, TrainingPage
from luthier.dashboard.tuning_view import tuning_view
from luthier.dashboard.versions import Versions, version_with
from luthier.dashboard.visitors import Visitors, visitor_of
from luthier.metrics.proposal import MOST_LETTERS
from luthier.metrics.workbench import lines_of, try_out
from luthier.records.names import Scope, training_job_arn, tuning_job_arn
from luthier.records.training_job import TrainingJob
from luthier.records.tuning_job import TuningJob
from luthier.store.engine import Store
from luthier.tuning.lineage import lineage_of
from luthier.tuning.progress import objective_values

_REGION = re.compile(r"[a-z0-9-]{1,64}")
_NAME = re.compile(r"[A-Za-z0-9-]{1,63}")


class Pages:
    """What answers at each address, see `routes`."""

    def __init__(
        self,
        store: Store,
        visitors: Visitors,
        log_ends: LogEnds,
        gallery: Gallery,
        clock: Callable[[], float],
        training_page: TrainingPage,
        versions: Versions,
    ) -> None:
        self._store, self._visitors, self._log_ends, self._clock = store, visitors, log_ends, clock
        self._gallery, self._training_page, self._versions = gallery, training_page, versions
        self._job_list = JobList(store, clock)
        self._numbers, self._families = ChartNumbers(store), Families(store)
        self._beside = BesidePage(store, self._families, clock)
        self._comparison = ComparisonPage(store, self._families, clock)
        self._templates = templates()

    def tuning_jobs(self, request: Request) -> Response:
        account = visitor_of(request).principal.account
        seen = self._versions.of_list(account, request.query_params)
        return self._job_list.show(request, account, self._rendering(request, seen.version))

    def tuning_job(self, request: Request) -> Response:
        job = self.tuning_job_of(request)
        rows = self._versions.of_rows(job)
        family = self._families.of(job.arn)
        children, finals = family.children, family.finals
        view = tuning_view(job, children, finals, self._clock(), request.query_params)
        has_objectives = view.standing.progress.succeeded > 0
        values = objective_values(job.specification, children, finals)
        tried = tried_of(job.specification, children, values)
        lessons = lessons_of(self._gallery.look(job, view.standing.over), tried) if has_objectives else None
        found = alarm(job.specification, children, values, self._log_lines)
        version = version_with(rows, lessons.over if lessons else 0)
        return self._rendering(request, version)(
            "tuning_job.html",
            view=view,
            job=job,
            lessons=lessons,
            alarm=found,
            doubts=doubts(job.specification),
            relatives=relatives_of(lineage_of(self._store, job)),
            boto3=as_boto3(job),
            command=as_command(job),
        )

    def curves(self, request: Request) -> Response:
        job = self.tuning_job_of(request)
        return answer(self._numbers.curves(job, self._families.of(job.arn)))

    def lines(self, request: Request) -> Response:
        job = self.tuning_job_of(request)
        return answer(parallel_numbers(job, self._families.of(job.arn)))

    def table(self, kind: str) -> Callable[[Request], Response]:
        def send(request: Request) -> Response:
            job = self.tuning_job_of(request)
            return table_file(job, self._families.of(job.arn), self._clock(), request.query_params, kind)

        return send

    def beside(self, request: Request) -> Response:
        return self._beside.show(request, self.tuning_job_of(request), self._rendering(request))

    def why(self, page: DecisionsPage) -> Callable[[Request], Response]:
        return lambda request: page.of_tuning_job(self.tuning_job_of(request), self._rendering(request))

    def why_of_training(self, page: DecisionsPage) -> Callable[[Request], Response]:
        return lambda request: page.of_training_job(self.training_job_of(request), self._rendering(request))

    def compare(self, request: Request) -> Response:
        return self._comparison.show(request, visitor_of(request).principal.account, self._rendering(request))

    def training_job(self, request: Request) -> Response:
        job = self.training_job_of(request)
        seen = self._versions.of_training_job(job.arn)
        return self._training_page.show(request, job, self._rendering(request, seen.version))

    def patterns(self, request: Request) -> Response:
        job = self.training_job_of(request)
        defined = {each.name: each.regex for each in job.definition.metrics}
        metric = request.query_params.get("metric") or next(iter(defined), "")
        pattern = request.query_params.get("pattern", defined.get(metric, ""))
        bench = try_out(pattern[:MOST_LETTERS], metric, self._log_lines(job))
        return self._rendering(request)("patterns.html", job=job, bench=bench, defined=defined)

    def refusal(self, request: Request, error: Exception) -> Response:  # noqa: ARG002  # Starlette's signature
        """Say what is wrong with the address, as a page."""
        assert isinstance(error, HTTPException)
        title = HTTPStatus(error.status_code).phrase
        detail = "There is no such page." if error.detail == HTTPStatus.NOT_FOUND.phrase else error.detail
        return self.page("refusal.html", error.status_code, title=title, detail=detail)

    def tuning_job_of(self, request: Request) -> TuningJob:
        """Find the tuning job that an address names, in the visitor's account."""
        job = self._store.tuning_jobs.get(tuning_job_arn(*_named(request)))
        if job is None:
            raise HTTPException(404, "There is no tuning job of this name in this region.")
        return job

    def training_job_of(self, request: Request) -> TrainingJob:
        """Find the training job that an address names, in the visitor's account."""
        job = self._store.training_jobs.get(training_job_arn(*_named(request)))
        if job is None:
            raise HTTPException(404, "There is no training job of this name in this region.")
        return job

    def page(self, template: str, status: int = 200, **shown: object) -> Response:
        """Fill a template in."""
        return HTMLResponse(self._templates.get_template(template).render(shown), status)

    def _rendering(self, request: Request, version: str = "") -> Callable[..., Response]:
        """
        Fill templates in for the visitor who asks, with the way to sign out, and the page's own address.

        *version* is of a page with a stream, and no younger than what is shown: it must not hide a change.
        """
        visitor, url = visitor_of(request), request.url
        address = f"{url.path}?{url.query}" if url.query else url.path
        sign_out = self._visitors.token(visitor, SIGN_OUT)
        return partial(self.page, visitor=visitor, sign_out=sign_out, address=address, version=version)

    def _log_lines(self, job: TrainingJob) -> list[str]:
        return lines_of([text for _, text in self._log_ends(job)])


def _named(request: Request) -> tuple[Scope, str]:
    """Take scope and name out of the address; what cannot be a name names nothing."""
    region, name = request.path_params["region"], request.path_params["name"]
    if not (_REGION.fullmatch(region) and _NAME.fullmatch(name)):
        raise HTTPException(404, "This address has no region or no job name in it.")
    return Scope(account=visitor_of(request).principal.account, region=region), name
