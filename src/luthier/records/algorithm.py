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
    """

    image: str
    command: tuple[str, ...]
    folders: tuple[str, ...] = ()
    working_folder: str | None = None  # None: /opt/ml
    environment: tuple[tuple[str, str], ...] = ()
