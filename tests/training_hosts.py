"""Training hosts for tests: a specification, a workspace, and the programs of `tests/algorithms` as images."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from enclosed import LIMIT_S
from luthier.algorithms.catalogue import Catalogue, CatalogueEntry
from luthier.clusters.workspace import Workspace, workspace
from luthier.host.channels.cache import InputCache
from luthier.host.equipment import Equipment
from luthier.host.journal import Journal
from luthier.host.run import live
from luthier.objects import ObjectStore
from luthier.records.journal import ClusterSpec, Ended, JournalEntry, PhaseEntered
from luthier.records.names import TrainingJobName, training_job_arn
from luthier.records.status import SecondaryStatus
from luthier.runtimes.choice import choose
from s3_server import TOKEN
from things import SCOPE, a_definition

ALGORITHMS = Path(__file__).parent / "algorithms"


def a_spec(name: str = "Tune-001", *, hyperparameters: dict[str, str] | None = None, **changes: Any) -> ClusterSpec:
    """Give a training job without channels; *changes* are of its definition."""
    return ClusterSpec(
        arn=training_job_arn(SCOPE, name),
        name=TrainingJobName(name),
        tuning_job=None,
        hyperparameters=tuple((hyperparameters or {"eta": "0.5"}).items()),
        definition=a_definition(**{"channels": (), **changes}),
        credentials_token=TOKEN,
    )


def a_catalogue(*command: str) -> Catalogue:
    """Have every image run one command."""
    return Catalogue(entries=(CatalogueEntry(pattern="*", command=command, folders=(str(ALGORITHMS),)),))


def program(name: str) -> tuple[str, ...]:
    """Give the command of a program of `tests/algorithms`."""
    return (sys.executable, str(ALGORITHMS / f"{name}.py"))


def shell(script: str) -> tuple[str, ...]:
    """Give the command of a few lines of shell."""
    return ("/bin/sh", "-c", script)


def python(code: str) -> tuple[str, ...]:
    """Give the command of a few lines of Python."""
    return (sys.executable, "-c", code)


def a_host(
    folder: Path,
    store: ObjectStore,
    command: tuple[str, ...],
    spec: ClusterSpec | None = None,
    is_stop_requested: Callable[[], bool] = lambda: False,
    **changes: Any,
) -> Equipment:
    """Make what the hosts of a training job need, in *folder*, where *command* is what they run."""
    spec = spec or a_spec()
    place = workspace(folder / "training", spec.arn)
    place.write_spec(spec)
    runtime, _ = choose("bubblewrap")
    return Equipment(
        **{
            "workspace": place,
            "store": store,
            "runtime": runtime,
            "catalogue": a_catalogue(*command),
            "endpoint": "http://127.0.0.1:8710",
            "cache": InputCache(folder / "cache", 1 << 30),
            "hidden": (folder,),
            "is_stop_requested": is_stop_requested,
            "obtain_image": lambda image, _, __: image,
            "draw_key": lambda arn: arn.encode(),
            "clock": time.time,  # noqa: TID251  # a real clock
            "grace_s": 0.3,
            **changes,
        }
    )


def lived(host: Equipment) -> Ended:
    """Let the hosts of a training job live their whole lives, and give the end."""
    with host.workspace.held(wait=False) as is_held:
        assert is_held
        Journal(host.workspace, host.clock).enter(SecondaryStatus.STARTING)
        live(host)
    last = host.workspace.last_entry()
    assert isinstance(last, Ended)
    return last


def phases(place: Workspace) -> list[str]:
    """Name the phases that a host went through."""
    return [str(each.status) for each in place.entries() if isinstance(each, PhaseEntered)]


def until(claim: Callable[[], bool]) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + LIMIT_S
    while not claim():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.01)


def is_over(entries: tuple[JournalEntry, ...]) -> bool:
    """Say whether a journal has its end."""
    return bool(entries) and isinstance(entries[-1], Ended)
