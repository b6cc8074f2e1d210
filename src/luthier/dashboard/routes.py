"""
The addresses of the pages, and who answers at each.

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

from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from luthier.dashboard.decisions_page import DecisionsPage
from luthier.dashboard.door import SIGN_IN, Door
from luthier.dashboard.gallery import Gallery
from luthier.dashboard.guard import Guard
from luthier.dashboard.live_pages import LivePages
from luthier.dashboard.pages import Pages
from luthier.dashboard.sign_in import SIGN_OUT, SignIn
from luthier.dashboard.stopping import TRAINING, TUNING, FindJob, Kind, Perform, Stopping
from luthier.dashboard.streams import Streams
from luthier.dashboard.training_page import LogEnds, LogPieces, TrainingPage
from luthier.dashboard.versions import LogSizes, Versions
from luthier.dashboard.visitors import Visitors
from luthier.store.engine import Store
from luthier.strategies import Strategy

STATIC = Path(__file__).parent / "static"


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
    pages = Pages(store, visitors, log_ends, gallery, clock, training_page, versions)
    app = Starlette(
        routes=[
            *_shown(pages, DecisionsPage(store, strategies)),
            *_forms(pages, visitors, perform, clock),
            *_events(pages, LivePages(streams, versions, visitors)),
            Mount("/static", GZipMiddleware(StaticFiles(directory=STATIC), compresslevel=6)),
        ],
        exception_handlers={HTTPException: pages.refusal},
    )
    return Guard(Door(app, visitors), None if visitors.need_to_sign_in else hosts)


def _shown(pages: Pages, why: DecisionsPage) -> list[Route]:
    """Name the addresses that show something."""
    return [
        Route("/", pages.tuning_jobs),
        Route("/ui/tuning-jobs/{region}/{name}", pages.tuning_job),
        Route("/ui/tuning-jobs/{region}/{name}/curves", pages.curves),
        Route("/ui/tuning-jobs/{region}/{name}/lines", pages.lines),
        *(Route(f"/ui/tuning-jobs/{{region}}/{{name}}/table.{kind}", pages.table(kind)) for kind in ("csv", "json")),
        Route("/ui/tuning-jobs/{region}/{name}/beside", pages.beside),
        Route("/ui/tuning-jobs/{region}/{name}/why", pages.why(why)),
        Route("/ui/training-jobs/{region}/{name}/why", pages.why_of_training(why)),
        Route("/ui/compare", pages.compare),
        Route("/ui/training-jobs/{region}/{name}", pages.training_job),
        Route("/ui/patterns/{region}/{name}", pages.patterns),
    ]


def _forms(pages: Pages, visitors: Visitors, perform: Perform, clock: Callable[[], float]) -> list[Route]:
    """Name the addresses that forms are sent to, with those that show them."""
    door = SignIn(visitors, clock, pages.page)
    finders: dict[Kind, FindJob] = {TUNING: pages.tuning_job_of, TRAINING: pages.training_job_of}
    stopping = Stopping(visitors, perform, finders, clock, pages.page)
    stops = [(kind, f"/ui/{kind.path}/{{region}}/{{name}}/stop") for kind in finders]
    return [
        Route(SIGN_IN, door.show),
        Route(SIGN_IN, door.sign_in, methods=["POST"]),
        Route(SIGN_OUT, door.sign_out, methods=["POST"]),
        *(Route(path, stopping.question(kind)) for kind, path in stops),
        *(Route(path, stopping.order(kind), methods=["POST"]) for kind, path in stops),
    ]


def _events(pages: Pages, live: LivePages) -> list[Route]:
    """Name the addresses of streams."""
    return [
        Route("/ui/events", live.tuning_jobs),
        Route("/ui/tuning-jobs/{region}/{name}/events", live.tuning_job(pages.tuning_job_of)),
        Route("/ui/training-jobs/{region}/{name}/events", live.training_job(pages.training_job_of)),
    ]
