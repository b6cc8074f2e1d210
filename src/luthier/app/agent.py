"""
The process of a training job's hosts, and the nursery that such processes come from.

The local cluster starts one nursery, `python -m luthier.app.agent SOCKET`, which gets ready and then waits to be told
folders. Every folder is looked after by a fork of it, an agent, which stays until its training is over. If an agent
crashes, its traceback is in agent.log, and whoever looks at the workspace next ends the journal in its stead. The
nursery has one thread, so a fork of it is whole, and it ends with whoever has the other end of the socket.
"""

import gc
import logging
import os
import signal
import socket
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from botocore.exceptions import BotoCoreError

from luthier.app.containers import catalogue_of, clear_group, image_getter, runtime_of
from luthier.clusters.workspace import Workspace
from luthier.host.channels.cache import InputCache
from luthier.host.equipment import Equipment
from luthier.host.journal import Journal
from luthier.host.run import live
from luthier.objects import ObjectStore
from luthier.objects.data_keys import DataKeys
from luthier.objects.role_credentials import RoleCredentials
from luthier.objects.s3 import S3Objects
from luthier.records.correctable import CorrectableError
from luthier.records.journal import Outcome
from luthier.records.status import SecondaryStatus
from luthier.runtimes import Runtime
from luthier.settings import CREDENTIALS_PATH, Settings, SettingsError, read_settings

_LONGEST = 1 << 16  # bytes of a folder's path
TOO_OLD = (
    "InternalServerError: this training job was set up by a version of Luthier whose training jobs had no credentials "
    "of their roles; create it again"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What an agent needs, whatever it is to train."""

    settings: Settings
    credentials: RoleCredentials  # wants the training job's token, once that is known
    store: ObjectStore  # signs with the credentials
    keys: DataKeys  # likewise
    runtime: Runtime


def main(folder: str, tools: Tools | None = None) -> None:
    """Live the life of the training hosts in *folder*, unless another process has done so."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("luthier").setLevel(logging.INFO)  # the progress of pulling an image, which may take long
    logging.getLogger("botocore.credentials").setLevel(logging.ERROR)  # `persistently` says it, without a traceback
    terminated = _take_signals()
    workspace = Workspace(Path(folder))
    clock = time.time  # noqa: TID251  # the machine on which a training runs tells its time
    with workspace.held(wait=True):
        if workspace.is_removed or workspace.settle(clock()):
            return
        is_anew = bool(workspace.entries())
        Journal(workspace, clock).enter(SecondaryStatus.STARTING)  # from here on, a crash is a lost host
        token = workspace.spec().credentials_token
        if token is None:
            Journal(workspace, clock).end(Outcome.FAILED, TOO_OLD, is_retryable=True)
            return
        tools = tools or get_ready()
        if is_anew:  # containers of the agent that died live on, and would write where new ones are to
            clear_group(tools.settings, workspace.group_name)
        tools.credentials.token = token
        live(
            Equipment(
                workspace=workspace,
                store=tools.store,
                runtime=tools.runtime,
                catalogue=catalogue_of(tools.settings),
                obtain_image=image_getter(tools.settings),
                endpoint=tools.settings.local_url,
                cache=InputCache(tools.settings.data_folder / "cache", tools.settings.cache_gb << 30),
                hidden=(tools.settings.data_folder,),
                is_stop_requested=lambda: terminated.is_set() or workspace.is_stop_marked,
                is_evicted=lambda: terminated.is_set() and not workspace.is_stop_marked,
                clock=clock,
                draw_key=tools.keys.draw,
            )
        )


def get_ready() -> Tools:
    """Get ready, as the settings in the environment say."""
    settings = read_settings()
    runtime, warning = runtime_of(settings)
    if warning is not None:
        logging.getLogger(__name__).warning(warning)
    credentials = RoleCredentials(settings.local_url + CREDENTIALS_PATH)
    store = S3Objects.in_role(settings.local_url, settings.region, credentials)
    keys = DataKeys(settings.local_url, settings.region, credentials)
    return Tools(settings=settings, credentials=credentials, store=store, keys=keys, runtime=runtime)


def _take_signals() -> Event:
    """Let nothing but SIGKILL end this process; SIGTERM, as when the machine shuts down, asks the training to stop."""
    terminated = Event()
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: None)  # not SIG_IGN: the algorithm would inherit it
    signal.signal(signal.SIGTERM, lambda *_: terminated.set())
    return terminated


def ready_or_not() -> Tools | None:
    """Get ready, if it can be done; if not, each agent tries it anew, and says in its log what is wrong."""
    try:
        return get_ready()
    except (SettingsError, CorrectableError, BotoCoreError, OSError):
        return None


def await_folder(line: socket.socket) -> str | None:
    """
    Fork for every folder that is told: give it in the fork, which then is its agent; None once nobody tells any more.

    What comes with a folder is held open for as long as the fork lives. Its stdin is empty, its output in agent.log.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # agents are nobody's to wait for
    while True:
        told, lives, _, _ = socket.recv_fds(line, _LONGEST, 1, socket.MSG_CMSG_CLOEXEC)
        if not told:
            return None
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.setsid()
            folder = os.fsdecode(told)
            _write_to(Workspace(Path(folder)).agent_log)
            return folder
        for each in lives:
            os.close(each)


def _write_to(log: Path) -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    lines = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    for descriptor, number in ((nothing, 0), (lines, 1), (lines, 2)):
        os.dup2(descriptor, number)


def _nursery(descriptor: int) -> None:
    gc.disable()  # while nothing is garbage
    tools = ready_or_not()
    gc.freeze()
    gc.enable()
    with socket.socket(fileno=descriptor) as line:
        folder = await_folder(line)
    if folder is not None:
        main(folder, tools)


if __name__ == "__main__":
    _nursery(int(sys.argv[1]))
