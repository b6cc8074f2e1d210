"""The pages over a store, as people are given them."""

from collections.abc import Callable, Mapping
from functools import partial

from starlette.types import ASGIApp

from at_once import AtOnce
from desk import SESSIONS, Desk
from luthier.app.credentials import find_credential
from luthier.app.keys import Key
from luthier.app.searches import STRATEGIES
from luthier.dashboard.gallery import Gallery
from luthier.dashboard.log_lines import LogPiece
from luthier.dashboard.routes import make_pages
from luthier.dashboard.streams import Streams
from luthier.dashboard.visitors import Visitors
from luthier.identity.visits import Visits
from luthier.records.identity import Principal
from luthier.store.engine import Store
from luthier.strategies.bayesian.portrait import portray
from luthier.tuning.portraits import portraits_of


def pages_over(
    store: Store,
    key: Key,
    local: Principal | None,
    logs: Mapping[str, str],
    clock: Callable[[], float],
    *,
    streams: Streams | None = None,
) -> ASGIApp:
    """Make the pages for *local*, who need not sign in, or for those who do; *logs* are training jobs', by name."""
    handlers = Desk(store).handlers()
    visitors = Visitors(
        Visits(SESSIONS), find_credential(key, store, SESSIONS, declared_only=False), clock, local=local
    )
    return make_pages(
        store,
        visitors,
        lambda call: handlers[call.service, call.operation](call),
        lambda job: [("algo-1", logs.get(job.name, ""))],
        lambda job: [LogPiece(host="algo-1", text=logs.get(job.name, ""), is_whole=True)],
        lambda job: [len(logs.get(job.name, ""))],
        streams=streams or Streams(),
        strategies=STRATEGIES,
        gallery=Gallery(partial(portraits_of, store, paint=portray), AtOnce()),
        hosts=["tuner.example"],
        clock=clock,
    )
