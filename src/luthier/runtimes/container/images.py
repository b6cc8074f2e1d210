"""Which training images an engine has, and fetching those that it has not."""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from luthier.runtimes.container.engine import Engine, EngineError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@-]*")  # registry:port/path:tag@digest, or an id
_REMEDY = "docker load or docker import it, or correct TrainingImage"


class Pull(StrEnum):
    """When images are fetched from their registries: the setting pull."""

    MISSING = "missing"  # where this machine has none of the name
    NEVER = "never"
    ALWAYS = "always"  # before each training job, for newer ones of the name


@dataclass(frozen=True, slots=True, kw_only=True)
class Images:
    """The images that training jobs may run as containers."""

    connect: Callable[[], Engine]
    pull: Pull

    def absence(self) -> str | None:
        """Say why there is no engine; None if one answers."""
        try:
            self.connect()
        except EngineError as error:
            return error.strerror
        return None

    def problem(self, image: str) -> str | None:
        """
        Say why no container of an image can be started; None if nothing is known to be in the way.

        Whether a registry has the image is not asked. Raises EngineError where no engine answers.
        """
        if not _is_name(image):
            return f"{image!r} is no name of a container image; correct TrainingImage"
        if self.pull is Pull.NEVER and self.connect().image(image) is None:
            return f"the container engine has no image {image}, and the setting pull is never; {_REMEDY}"
        return None

    def obtain(self, image: str, announce: Callable[[], None], check: Callable[[], None]) -> str:
        """
        Give the id of an image, having fetched it if need be; the progress is logged.

        *announce* is called before it is fetched, and *check* now and then; what they raise breaks it off. Raises
        EngineError, with the remedy, where the image cannot be had.
        """
        if not _is_name(image):
            raise EngineError(f"{image!r} is no name of a container image; correct TrainingImage")
        engine = self.connect()
        found = engine.image(image)
        if self.pull is Pull.ALWAYS or (found is None and self.pull is Pull.MISSING):
            announce()
            self._fetch(engine, image, check)
            found = engine.image(image)
        if found is None:
            raise EngineError(f"the training image {image} is not on this machine; {_REMEDY}")
        return found

    def _fetch(self, engine: Engine, image: str, check: Callable[[], None]) -> None:
        log = logging.getLogger(__name__)
        try:
            for progress in engine.pull(image):
                check()
                if "error" in progress:
                    raise EngineError(str(progress["error"]))
                if not progress.get("progressDetail"):  # which comes many times a second
                    log.info("%s: %s %s", image, progress.get("id", ""), progress.get("status", ""))
        except EngineError as error:
            raise EngineError(_words(image, error, is_here=engine.image(image) is not None)) from error


def _is_name(image: str) -> bool:
    """Whether it can be one: a name becomes part of a path of the engine's API, and must not lead elsewhere in it."""
    return bool(_NAME.fullmatch(image)) and not {"", ".", ".."} & set(image.split("/"))


def _words(image: str, error: EngineError, *, is_here: bool) -> str:
    if is_here:
        return (
            f"the training image {image} cannot be pulled: {error.strerror}; with pull = missing the one here is used"
        )
    return f"the training image {image} is neither on this machine nor can it be pulled: {error.strerror}; {_REMEDY}"
