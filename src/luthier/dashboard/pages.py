"""
The pages: what each address shows, read from the rows as they are now.

    /                                       tuning jobs of a region     ?region= ?find= ?status= ?sort= ?order= ?after=
    /ui/tuning-jobs/<region>/<name>         one tuning job with its training jobs  ?sort= ?order= ?page= ?status= ?text=
    /ui/tuning-jobs/<region>/<name>/curves  the numbers of its learning curves, as JSON; .../lines: its hyperparameters
    /ui/tuning-jobs/<region>/<name>/table.csv, .json  all pages of its table as a file  ?sort= ?order= ?status= ?text=
    /ui/tuning-jobs/<region>/<name>/beside  some of its training jobs beside each other            ?no=<number>&no=...
    /ui/tuning-jobs/<region>/<name>/why     what was decided about it; likewise of a training job
    /ui/compare                             tuning jobs beside each other                  ?job=<region>/<name>&job=...
    /ui/training-jobs/<region>/<name>       one training job with its log               ?find= ?across=
    /ui/patterns/<region>/<name>            patterns tried on the log of a training job    ?pattern= ?metric=
    /ui/sign-in, /ui/sign-out, /stop        forms: see `sign_in` and `stopping`
    /ui/events, .../events                  streams that say when the list, or a job's page, has changed: see `streams`
    /static/...                             the style sheet and the script that keeps a page up to date
"""

import re
from collections.abc import Callable, Collection, Mapping
from functools import partial
from http import HTTPStatus
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from luthier.dashboard import portrait_wording, wording
from luthier.dashboard.beside_page import BesidePage
from luthier.dashboard.chart_numbers import ChartNumbers, answer, parallel_numbers
from luthier.dashboard.comparison_page import ComparisonPage
from luthier.dashboard.decisions_page import DecisionsPage
from luthier.dashboard.door import SIGN_IN, Door
from luthier.dashboard.families import Families
from luthier.dashboard.gallery import Gallery
from luthier.dashboard.guard import Guard
from luthier.dashboard.job_list import JobList
from luthier.dashboard.lineage import relatives_of
from luthier.dashboard.live_pages import LivePages
from luthier.dashboard.metric_alarm import alarm, doubts
from luthier.dashboard.portrait_view import lessons_of
from luthier.dashboard.request_copy import as_boto3, as_command
from luthier.dashboard.sign_in import SIGN_OUT, SignIn
from luthier.dashboard.stopping import TRAINING, TUNING, FindJob, Kind, Perform, Stopping
from luthier.dashboard.streams import Streams
from luthier.dashboard.table_file import table_file
from luthier.dashboard.training_page import LogEnds, LogPieces, TrainingPage
from luthier.dashboard.training_view import secondary_status
from luthier.dashboard.tuning_view import tuning_view
from luthier.dashboard.versions import LogSizes, Versions, version_with
from luthier.dashboard.visitors import Visitors, visitor_of
from luthier.metrics.proposal import MOST_LETTERS
from luthier.metrics.workbench import lines_of, try_out
from luthier.records.names import Scope, training_job_arn, tuning_job_arn
from luthier.records.training_job import TrainingJob
from luthier.records.tuning_job import TuningJob
from luthier.store.engine import Store
from luthier.strategies import Strategy
from luthier.tuning.lineage import lineage_of
from luthier.tuning.progress import objective_values

_REGION = re.compile(r"[a-z0-9-]{1,64}")
_NAME = re.compile(r"[A-Za-z0-9-]{1,63}")


def make_pages(
    store: Store,
    visitors: Visitors,
    perform: Perform,
    log_ends: LogEnds,
    log_pieces: LogPieces,
    log_sizes: LogSizes,
    *,
    streams: Streams,
    gallery: Gallery,
    strategies: Mapping[str, Strategy],
    hosts: Collection[str],
    clock: Callable[[], float],
) -> ASGIApp:
    """
    Make the application that answers browsers; it changes nothing itself, and *perform* alone does.

    It shows the jobs of its visitor's account in every region. Where nobody signs in, requests under another host than
    a loopback name or one of *hosts* are refused. Streams end with their pages, or when *streams* is closed.
    """
    versions = Versions(store, gallery, log_sizes)
    training_page = TrainingPage(store, log_ends, log_pieces, clock)
    pages = _Pages(store, visitors, log_ends, gallery, clock, training_page, versions)
    app = Starlette(
        routes=[
            Route("/", pages.tuning_jobs),
            Route("/ui/tuning-jobs/{region}/{name}", pages.tuning_job),
            Route("/ui/tuning-jobs/{region}/{name}/curves", pages.curves),
            Route("/ui/tuning-jobs/{region}/{name}/lines", pages.lines),
            *(
                Route(f"/ui/tuning-jobs/{{region}}/{{name}}/table.{kind}", pages.table(kind))
                for kind in ("csv", "json")
            ),
            Route("/ui/tuning-jobs/{region}/{name}/beside", pages.beside),
            *_reasons(pages, DecisionsPage(store, strategies)),
            Route("/ui/compare", pages.compare),
            Route("/ui/training-jobs/{region}/{name}", pages.training_job),
            Route("/ui/patterns/{region}/{name}", pages.patterns),
            *_forms(pages, visitors, perform, clock),
            *_events(pages, LivePages(streams, versions, visitors)),
            Mount("/static", StaticFiles(directory=Path(__file__).parent / "static")),
        ],
        exception_handlers={HTTPException: pages.refusal},
    )
    return Guard(Door(app, visitors), None if visitors.need_to_sign_in else hosts)


def _forms(pages: "_Pages", visitors: Visitors, perform: Perform, clock: Callable[[], float]) -> list[Route]:
    """Name the addresses that forms are sent to, with those that show them."""
    door = SignIn(visitors, clock, pages._page)
    finders: dict[Kind, FindJob] = {TUNING: pages.tuning_job_of, TRAINING: pages.training_job_of}
    stopping = Stopping(visitors, perform, finders, clock, pages._page)
    stops = [(kind, f"/ui/{kind.path}/{{region}}/{{name}}/stop") for kind in finders]
    return [
        Route(SIGN_IN, door.show),
        Route(SIGN_IN, door.sign_in, methods=["POST"]),
        Route(SIGN_OUT, door.sign_out, methods=["POST"]),
        *(Route(path, stopping.question(kind)) for kind, path in stops),
        *(Route(path, stopping.order(kind), methods=["POST"]) for kind, path in stops),
    ]


def _reasons(pages: "_Pages", why: DecisionsPage) -> list[Route]:
    """Name the addresses of pages that say why."""
    return [
        Route("/ui/tuning-jobs/{region}/{name}/why", pages.why(why)),
        Route("/ui/training-jobs/{region}/{name}/why", pages.why_of_training(why)),
    ]


def _events(pages: "_Pages", live: LivePages) -> list[Route]:
    """Name the addresses of streams."""
    return [
        Route("/ui/events", live.tuning_jobs),
        Route("/ui/tuning-jobs/{region}/{name}/events", live.tuning_job(pages.tuning_job_of)),
        Route("/ui/training-jobs/{region}/{name}/events", live.training_job(pages.training_job_of)),
    ]


class _Pages:
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
        self._templates = _environment()

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
        lessons = lessons_of(self._gallery.look(job, view.standing.over)) if has_objectives else None
        values = objective_values(job.specification, children, finals)
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
        return self._page("refusal.html", error.status_code, title=title, detail=error.detail)

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

    def _page(self, template: str, status: int = 200, **shown: object) -> Response:
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
        return partial(self._page, visitor=visitor, sign_out=sign_out, address=address, version=version)

    def _log_lines(self, job: TrainingJob) -> list[str]:
        return lines_of([text for _, text in self._log_ends(job)])


def _named(request: Request) -> tuple[Scope, str]:
    """Take scope and name out of the address; what cannot be a name names nothing."""
    region, name = request.path_params["region"], request.path_params["name"]
    if not (_REGION.fullmatch(region) and _NAME.fullmatch(name)):
        raise HTTPException(404, "This address has no region or no job name in it.")
    return Scope(account=visitor_of(request).principal.account, region=region), name


def _environment() -> Environment:
    """Set the templates up: everything is escaped, what has no shape is made visible, and an unknown name is a bug."""
    environment = Environment(
        loader=PackageLoader("luthier.dashboard"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        duration=wording.duration,
        roughly=wording.roughly,
        moment=wording.moment,
        iso=wording.iso,
        number=wording.number,
        short=wording.short,
        secondary=secondary_status,
        percent=portrait_wording.percent,
        middle=portrait_wording.middle,
        between=portrait_wording.between,
        basis=portrait_wording.basis,
        trust=portrait_wording.trust,
        noise=portrait_wording.noise,
    )
    return environment


def _shown(value: object) -> object:
    """Clean text that comes from outside; templates' own markup is left alone."""
    return wording.printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value
