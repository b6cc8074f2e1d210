"""Files that the algorithm's user has left, given to the agent's user: it is going to pack and to delete them."""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from luthier.records.json_value import JsonObject
from luthier.runtimes.container.config import bind
from luthier.runtimes.container.engine import Engine, EngineError
from luthier.runtimes.container.side import own_user, side_config

_RIGHTS = ("CHOWN", "DAC_OVERRIDE", "FOWNER")


def take_over(engine: Engine, name: str, image: str, folders: Iterable[Path], labels: Mapping[str, str]) -> None:
    """
    Have all that is in *folders* belong to this user; links are not followed.

    It takes a container called *name*, of the side *image*, and only where something is another's. Raises EngineError.
    """
    foreign = [each for each in folders if _holds_foreign(each)]
    if os.geteuid() == 0 or not foreign:
        return
    container = engine.create(name, _config(engine, image, foreign, labels))
    try:
        engine.start(container)
        if engine.ended(container).code != 0:
            raise EngineError(f"the algorithm's files cannot be taken over: {engine.said(container)}")
    finally:
        engine.remove(container)


def _config(engine: Engine, image: str, folders: Sequence[Path], labels: Mapping[str, str]) -> JsonObject:
    seen = {f"/taken/{number}": folder for number, folder in enumerate(folders)}
    return side_config(
        image,
        ("/usr/bin/chown", "-RhP", own_user(engine), *seen),
        labels,
        user="0:0",
        mounts=[bind(folder, path) for path, folder in seen.items()],
        capabilities=_RIGHTS,
    )


def _holds_foreign(folder: Path) -> bool:
    """Whether something in a folder is another's; a folder that cannot be looked into is taken for one."""
    own = os.geteuid()
    waiting = [os.fspath(folder)]
    while waiting:
        path = waiting.pop()
        try:
            with os.scandir(path) as entries:
                for entry in entries:
                    if entry.stat(follow_symlinks=False).st_uid != own:
                        return True
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
        except OSError:
            return True
    return False
