"""
The process of one training host: `python -m luthier.app.agent FOLDER`, started by the local cluster.

It stays until its training is over. If it crashes, its traceback is in agent.log, and whoever looks at the workspace
next ends the journal in its stead.
"""

import logging
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event

from luthier.algorithms.catalogue import Catalogue
from luthier.app.keys import read_key
from luthier.clusters.workspace import Workspace
from luthier.host.journal import Journal
from luthier.host.run import Host, live
from luthier.objects.s3 import S3Objects
from luthier.records.status import SecondaryStatus
from luthier.runtimes.choice import choose
from luthier.settings import read_settings


def main(folder: str) -> None:
    """Live the life of the training host in *folder*, unless another process has done so."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    terminated = _take_signals()
    workspace = Workspace(Path(folder))
    clock = time.time  # noqa: TID251  # the machine on which a training runs tells its time
    with workspace.held(wait=True):
        if workspace.is_removed or workspace.settle(clock()):
            return
        Journal(workspace, clock).enter(SecondaryStatus.STARTING)  # from here on, a crash is a lost host
        live(compose(workspace, clock, terminated))


def compose(workspace: Workspace, clock: Callable[[], float], terminated: Event) -> Host:
    """Put a training host together from the settings in the environment."""
    settings = read_settings()
    key = read_key(settings)
    runtime, warning = choose(settings.runtime)
    if warning is not None:
        logging.getLogger(__name__).warning(warning)
    return Host(
        workspace=workspace,
        clock=clock,
        store=S3Objects(settings.url, key.access_key, key.secret_key, settings.region),
        runtime=runtime,
        catalogue=Catalogue.read(settings.catalogue),
        cache=settings.data_folder / "cache",
        hidden=(settings.data_folder,),
        is_stop_requested=lambda: terminated.is_set() or workspace.is_stop_marked,
    )


def _take_signals() -> Event:
    """Let nothing but SIGKILL end this process; SIGTERM asks the training to stop."""
    terminated = Event()
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: None)  # not SIG_IGN: the algorithm would inherit it
    signal.signal(signal.SIGTERM, lambda *_: terminated.set())
    return terminated


if __name__ == "__main__":
    main(sys.argv[1])
