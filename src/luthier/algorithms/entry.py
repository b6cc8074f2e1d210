"""One image of the catalogue: the local command, or the local image, that stands for it."""

from dataclasses import dataclass

from luthier.records.algorithm import MetricDefinition
from luthier.records.correctable import CorrectableError
from luthier.records.search_space import NumericRange


class CatalogueError(CorrectableError):
    """The catalogue cannot be read, or an image of it cannot be run; the message names it and says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueEntry:
    """All images that match a pattern, and what runs in their place."""

    pattern: str  # glob over the whole image name, capitals matter: * any text, ? any character, [abc] one of them
    only_with: str | None = None  # a hyperparameter without which the entry does not match
    command: tuple[str, ...] = ()  # `python` alone is the interpreter that runs Luthier
    container: str | None = None  # instead of a command: an image of the container engine
    code: str | None = None  # absolute path: the working folder, read-only for the algorithm
    folders: tuple[str, ...] = ()  # absolute paths that the command needs to read besides
    environment: tuple[tuple[str, str], ...] = ()
    metric_definitions: tuple[MetricDefinition, ...] = ()  # merged with the caller's, whose own win
    defaults: tuple[tuple[str, str], ...] = ()  # what runs takes these values for hyperparameters left out
    ranges: tuple[tuple[str, NumericRange], ...] = ()  # in which hyperparameters are worth tuning
    problem: str | None = None  # why it cannot be used; None: nothing is known to be wrong
