"""
The container engine, as the settings want it: what runs in it, which images it has, and what is to be cleared away.

Nothing of it is loaded where no training job has ever run as a container: a mark in the data folder says so. It is made
before the first container is, and tells a server that a dead agent may have left some.
"""

import logging
from collections.abc import Callable, Sequence
from functools import partial

from luthier.algorithms.catalogue import Catalogue, CatalogueError
from luthier.clusters.workspace import workspace
from luthier.records.names import TrainingJobArn
from luthier.runtimes import Runtime
from luthier.runtimes.choice import choose
from luthier.runtimes.container.containers import Containers
from luthier.runtimes.container.engine import EngineError, connect
from luthier.runtimes.container.images import Images, Pull
from luthier.runtimes.container.leftovers import sweep
from luthier.runtimes.container.side import SIDE_REPOSITORY
from luthier.runtimes.either import Either
from luthier.settings import Settings

_COMMANDS_ALONE = ("bubblewrap", "plain")
_MARK = "containers"  # an empty file in the data folder


def catalogue_of(settings: Settings) -> Catalogue:
    """Read the image catalogue, with the container engine behind it where the settings let images run as containers."""
    return Catalogue.read(
        settings.catalogue,
        has_commands=settings.runtime != "container",
        containers=None if settings.runtime in _COMMANDS_ALONE else images_of(settings),
    )


def images_of(settings: Settings) -> Images:
    """Give the images of the container engine; it is not asked for anything yet."""
    return Images(connect=partial(connect, settings.container_socket), pull=Pull(settings.pull))


def names_in_engine(settings: Settings) -> Sequence[str]:
    """Name the images of the container engine that stand for themselves; none where no engine answers."""
    if settings.runtime in _COMMANDS_ALONE:
        return ()
    try:
        return [each for each in connect(settings.container_socket).images() if not each.startswith(SIDE_REPOSITORY)]
    except EngineError:
        return ()


def runtime_of(settings: Settings) -> tuple[Runtime, str | None]:
    """Give the runtime that the settings want, and a warning to show to the user; raises as `choose` does."""
    commands, warning = (
        (None, None) if settings.runtime == "container" else choose(settings.runtime, settings.data_folder)
    )
    containers = None if settings.runtime in _COMMANDS_ALONE else containers_of(settings)
    return Either(commands=commands, containers=containers), warning


def containers_of(settings: Settings) -> Containers:
    """Give the runtime that is the container engine."""
    return Containers(connect=partial(connect, settings.container_socket), owner=str(settings.data_folder))


def image_getter(settings: Settings) -> Callable[[str, Callable[[], None], Callable[[], None]], str]:
    """Give what obtains an image, to be run as a container; it raises CatalogueError where that cannot be had."""

    def obtain(image: str, announce: Callable[[], None], check: Callable[[], None]) -> str:
        (settings.data_folder / _MARK).touch()
        try:
            return images_of(settings).obtain(image, announce, check)
        except EngineError as error:
            raise CatalogueError(error.strerror) from error

    return obtain


def clear_group(settings: Settings, group_name: str) -> None:
    """
    Remove what is left of the containers of a group of hosts that is over, or is about to be started again.

    Where the engine is away it is only logged: what it leaves is removed when the server starts the next time.
    """
    if not (settings.data_folder / _MARK).exists():
        return
    try:
        containers_of(settings).clear(group_name)
    except EngineError as error:
        logging.getLogger(__name__).warning("containers of %s may be left: %s", group_name, error.strerror)


def clear_leftovers(settings: Settings) -> None:
    """Remove the containers of training jobs that no agent looks after any more; an engine that is away is left be."""
    if not (settings.data_folder / _MARK).exists():
        return
    log = logging.getLogger(__name__)
    try:
        swept = sweep(connect(settings.container_socket), str(settings.data_folder), partial(_is_deserted, settings))
    except EngineError as error:
        log.warning("containers of lost training jobs may be left: %s", error.strerror)
    else:
        for each in swept:
            log.warning("containers that a lost training job had left are removed: %s", each)


def _is_deserted(settings: Settings, arn: str) -> bool:
    place = workspace(settings.training_folder, TrainingJobArn(arn))
    if not place.folder.exists():
        return True
    with place.held(wait=False) as is_ours:
        return is_ours
