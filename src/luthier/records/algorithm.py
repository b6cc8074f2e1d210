"""What is run: an image, and how its log is read."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricDefinition:
    """A metric's name and the pattern whose first group catches its value in a log line."""

    name: str
    regex: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Algorithm:
    """
    A training image resolved to something this machine can run.

    *command* is the whole argument vector of what `docker run IMAGE train` would run, its first element an absolute
    path. *folders* are absolute paths that the command needs to read beside the system's own (its virtual environment,
    its code); a runtime shows them read-only at the same path.

    With a *container* it is the image of the container engine that runs, and *command* is what replaces its ENTRYPOINT
    and its arguments: empty for its own, with *arguments* or, without any, `train`. Then *folders* are of no use.
    """

    image: str
    command: tuple[str, ...]
    folders: tuple[str, ...] = ()
    working_folder: str | None = None  # None: /opt/ml, or that of the container's image
    environment: tuple[tuple[str, str], ...] = ()
    arguments: tuple[str, ...] = ()
    container: str | None = None  # the engine's name or id of an image
