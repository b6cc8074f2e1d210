"""What machines may ask of this server, wired: what is checked, what is counted, and who is told."""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial

from starlette.types import ASGIApp

from luthier.api.state_changes import detail_of
from luthier.app.webhooks_file import Destination
from luthier.clusters.local import LocalCluster
from luthier.loop import Loop
from luthier.records.outbox import WEBHOOK
from luthier.settings import Settings
from luthier.store.engine import Store
from luthier.watching.announcer import Announcer
from luthier.watching.door import make_door
from luthier.watching.health import (
    Health,
    capacity_check,
    database_check,
    loops_check,
    no_objects,
    objects_check,
)
from luthier.watching.logs import Diary
from luthier.watching.meters import Meters, Standing
from luthier.watching.traces import traces
from luthier.watching.webhook import Webhook
from luthier.wire.passthrough import Upstream
from luthier.witness import Everybody, Witness


@contextmanager
def witnesses(settings: Settings) -> Iterator[tuple[Witness, Meters]]:
    """Have all that the settings, and OpenTelemetry's variables, ask for see what the server does; give the meters."""
    meters = Meters()
    with traces(os.environ) as drawn:
        yield Everybody([*([drawn] if drawn else []), Diary(), *([meters] if settings.metrics else [])]), meters


def announcers(destinations: Sequence[Destination], store: Store, witness: Witness) -> Mapping[str, Announcer]:
    """Wire who tells the webhooks of changes of states: one for each, so that none waits for another."""
    return {_lane(each.outbox.name): _announcer(each, store, witness) for each in destinations}


def _lane(destination: str) -> str:
    return "events" if destination == WEBHOOK else f"events-{destination}"


def _announcer(destination: Destination, store: Store, witness: Witness) -> Announcer:
    return Announcer(
        store=store,
        webhook=Webhook(destination.url),
        detail=partial(detail_of, store),
        secret=destination.secret,
        clock=time.time,  # noqa: TID251  # a controller, as the loop
        destination=destination.outbox.name,
        witness=witness,
    )


def make_watching(
    settings: Settings,
    meters: Meters,
    *,
    store: Store,
    loop: Loop,
    cluster: LocalCluster,
    upstream: Upstream | None,
) -> ASGIApp:
    """Wire the addresses /healthz, /readyz and /metrics."""
    clock = time.time  # noqa: TID251  # the front door reads the clock
    meters.registry.register(
        Standing(
            counts=lambda: store.census.take(clock()),
            occupancy=cluster.occupancy,
            pulses=loop.pulses,
            destinations=store.state_changes.destinations,
        )
    )
    checks = {
        "database": database_check(store),
        "objects": objects_check(upstream.endpoint, upstream.socket) if upstream else no_objects,
        "loops": loops_check(lambda: [each.looked_at for each in loop.pulses()], clock),
        "capacity": capacity_check(cluster.occupancy),
    }
    return make_door(Health(checks, clock), meters.text if settings.metrics else None, settings.metrics_token)
