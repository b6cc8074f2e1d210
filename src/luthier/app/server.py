"""The server, wired: settings in, one process tree out that answers AWS clients and looks after their jobs."""

import fcntl
import logging
import os
import secrets
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from luthier.api import Desk, operations
from luthier.api.operations import Operation
from luthier.app.bucket_rights import BucketRights
from luthier.app.capacity import capacity_of
from luthier.app.containers import catalogue_of, clear_group, clear_leftovers
from luthier.app.credentials import find_credential
from luthier.app.held_signals import held_back
from luthier.app.job_credentials import credentials_lender, token_maker
from luthier.app.key_vault import make_vault
from luthier.app.keys import Key, obtain_sessions
from luthier.app.object_keys import object_encryption
from luthier.app.page_server import PageServer
from luthier.app.quotas import limits_of
from luthier.app.role_objects import objects_in_roles
from luthier.app.searches import STOPPING_RULES, STRATEGIES
from luthier.app.watching import announcers, make_watching, witnesses
from luthier.app.webhooks_file import read_destinations
from luthier.clusters.encrypted_volume import trouble
from luthier.clusters.local import LocalCluster
from luthier.clusters.logs import TrainingLogs
from luthier.dashboard.gallery import Gallery
from luthier.dashboard.log_lines import SEARCHED, last_piece, read_piece
from luthier.dashboard.routes import make_pages
from luthier.dashboard.stopping import Perform
from luthier.dashboard.streams import Streams
from luthier.dashboard.visitors import Visitors
from luthier.identity.sessions import Sessions
from luthier.identity.visits import Visits
from luthier.loop import Loop
from luthier.objects.folder import embedded_s3
from luthier.objects.vault import LocalVault
from luthier.records.call import Call
from luthier.records.identity import a_user
from luthier.records.json_value import JsonObject
from luthier.runtimes.vpc_file import read_vpc
from luthier.settings import Settings, SettingsError
from luthier.store.engine import Store
from luthier.strategies.bayesian.portrait import portray
from luthier.training.reconcile import TrainingController
from luthier.tuning.portraits import portraits_of
from luthier.tuning.reconcile import TuningController
from luthier.watching.announcer import Announcer
from luthier.wire.asgi import make_app
from luthier.wire.passthrough import Upstream
from luthier.wire.s3_keys import Encryption
from luthier.wire.sigv4 import FindCredential
from luthier.witness import Witness

WILDCARDS = ("0.0.0.0", "::")  # noqa: S104  # who listens there listens everywhere


def serve(
    settings: Settings,
    key: Key,
    *,
    with_s3: bool,
    door: socket.socket | None = None,
    greet: Callable[[], None] = lambda: None,
) -> None:
    """
    Answer clients until SIGINT or SIGTERM; training jobs go on when the server ends.

    *door* is the port of *settings* where somebody has opened it already. *greet* is called once data folder and port
    are this server's, before anything else is started.

    Raises SettingsError when another server has the data folder or the port, or the object store is not settled.
    """
    with ExitStack() as stack:
        with held_back():
            stack.enter_context(_alone(settings.data_folder))
            doors = stack.enter_context(listening(settings)) if door is None else [door]
            greet()
            app, streams = _started(stack, settings, key, with_s3=with_s3)
        _answer(app, doors, streams)


def _started(stack: ExitStack, settings: Settings, key: Key, *, with_s3: bool) -> tuple[ASGIApp, Streams]:
    """Start all that a server is until *stack* is closed, and give what is to answer, and the pages' streams."""
    witness, meters = stack.enter_context(witnesses(settings))
    upstream = stack.enter_context(_embedded_s3(settings)) if with_s3 else _other_s3(settings)
    destinations = read_destinations(settings)
    store = Store.open(settings.database, outboxes=[each.outbox for each in destinations])
    stack.callback(store.close)
    sessions = obtain_sessions(settings)
    cluster = local_cluster(settings)
    loop = make_loop(settings, store, cluster, sessions, announcers(destinations, store, witness), witness)
    handlers = operations(make_desk(settings, store, loop, sessions))
    keys = find_credential(key, store, sessions, declared_only=settings.declared_roles_only)
    visitors, streams = visitors_of(settings, key, sessions, keys), Streams()
    app = make_app(
        handlers=handlers,
        keys=keys,
        s3=upstream,
        pages=make_dashboard(settings, store, visitors, partial(_performed, handlers), streams),
        clock=time.time,  # noqa: TID251  # the front door reads the clock
        requests_per_second=settings.requests_per_second,
        lend=credentials_lender(store, sessions, time.time),  # noqa: TID251  # likewise
        encryption=_encryption(settings, store, sessions),
        rights=BucketRights(buckets=store.buckets, own_account=key.account, clock=time.time),  # noqa: TID251  # likewise
        watching=make_watching(settings, meters, store=store, loop=loop, cluster=cluster, upstream=upstream),
        witness=witness,
    )
    clear_leftovers(settings)
    loop.start()
    stack.callback(loop.stop)
    return app, streams


def _encryption(settings: Settings, store: Store, sessions: Sessions) -> Encryption:
    draw = LocalVault(sessions.wrapping_key()).draw
    return object_encryption(store, make_vault(settings, sessions), draw, time.time)  # noqa: TID251  # likewise


def _answer(app: ASGIApp, doors: list[socket.socket], streams: Streams) -> None:
    config = uvicorn.Config(app, log_config=None, log_level="warning", lifespan="on", server_header=False)
    PageServer(config, streams).run(doors)


def make_loop(
    settings: Settings,
    store: Store,
    cluster: LocalCluster,
    sessions: Sessions,
    telling: Mapping[str, Announcer],
    witness: Witness,
) -> Loop:
    """Wire the two controllers to the local cluster, beside those that tell of changes."""
    return Loop(
        {
            "tuning": TuningController(
                store=store, strategies=STRATEGIES, stops=STOPPING_RULES[settings.early_stopping], witness=witness
            ),
            "training": TrainingController(
                store=store, cluster=cluster, token_of=token_maker(sessions), witness=witness
            ),
            **telling,
        },
        leases=store.leases,
        owner=f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}",
        clock=time.time,  # noqa: TID251  # the loop reads the clock
        workers=settings.workers,
        witness=witness,
    )


def make_dashboard(settings: Settings, store: Store, visitors: Visitors, perform: Perform, streams: Streams) -> ASGIApp:
    """Wire the pages for people."""
    logs = TrainingLogs(settings.training_folder)
    return make_pages(
        store,
        visitors,
        perform,
        lambda job: [(each.host, last_piece(each.place.log)) for each in logs.of(job.arn)],
        lambda job: [read_piece(each.host, each.place.log, SEARCHED) for each in logs.of(job.arn)],
        lambda job: [each.size for each in logs.of(job.arn)],
        streams=streams,
        gallery=Gallery(partial(portraits_of, store, paint=portray), ThreadPoolExecutor(1, "portraits")),
        strategies=STRATEGIES,
        hosts=[settings.host],
        clock=time.time,  # noqa: TID251  # the front door reads the clock
    )


def visitors_of(settings: Settings, key: Key, sessions: Sessions, keys: FindCredential) -> Visitors:
    """Say who may see the pages: those who sign in, or everybody, as the user of *key*."""
    local = None if settings.asks_to_sign_in else a_user(key.account, key.access_key)
    return Visitors(Visits(sessions), keys, time.time, local=local)  # noqa: TID251  # the front door reads the clock


def _performed(handlers: Mapping[tuple[str, str], Operation], call: Call) -> JsonObject | None:
    return handlers[call.service, call.operation](call)


def local_cluster(settings: Settings) -> LocalCluster:
    """Wire the cluster that is this machine."""
    return LocalCluster(
        settings.training_folder,
        settings.for_agents(),
        capacity_of(settings),
        clear=partial(clear_group, settings),
    )


def make_desk(settings: Settings, store: Store, loop: Loop, sessions: Sessions) -> Desk:
    """Wire what the operations need."""
    return Desk(
        store=store,
        catalogue=lambda: catalogue_of(settings),
        objects=objects_in_roles(settings, sessions),
        sessions=sessions,
        logs=TrainingLogs(settings.training_folder),
        vault=make_vault(settings, sessions),
        wake=loop.wake,
        declared_roles_only=settings.declared_roles_only,
        vpc=lambda: read_vpc(settings.networks),
        limits=limits_of(settings),
        capacity=capacity_of(settings),
        volume_trouble=trouble,
    )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the data folder for this server alone."""
    with (folder / "server.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SettingsError(f"{folder}: another Luthier server uses this data folder; stop it first") from None
        yield


@contextmanager
def listening(settings: Settings) -> Iterator[list[socket.socket]]:
    """Open the port before anything else is started, on a loopback address too: training jobs know no other."""
    with ExitStack() as stack:
        doors = [stack.enter_context(_door(settings.host, settings.port))]
        if doors[0].getsockname()[0] not in (*WILDCARDS, settings.local_host) and settings.local_host != settings.host:
            doors.append(stack.enter_context(_door(settings.local_host, settings.port)))
        yield doors


def _door(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=512)
    except OSError as error:
        why = (
            os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        )  # of the resolver: below 0
        raise SettingsError(f"port: cannot listen on {host}:{port} ({why}); choose another with --port") from error


@contextmanager
def _embedded_s3(settings: Settings) -> Iterator[Upstream]:
    data = settings.data_folder
    with embedded_s3(data / "s3", digests=data / "s3-digests", log=data / "s3.log") as server:
        yield Upstream(
            endpoint=server.endpoint,
            access_key=server.access_key,
            secret_key=server.secret_key,
            region=server.region,
            socket=server.socket,
            is_plain=True,
        )


def _other_s3(settings: Settings) -> Upstream | None:
    if not settings.s3_endpoint:
        logging.getLogger(__name__).warning("no s3_endpoint is set: S3 requests will be refused")
        return None
    return Upstream(
        endpoint=settings.s3_endpoint,
        access_key=settings.s3_access_key,
        secret_key=settings.s3_secret_key,
        region=settings.s3_region,
    )
