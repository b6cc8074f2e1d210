"""One runtime for algorithms that are commands, and another for those that are containers."""

import errno
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from luthier.records.algorithm import Algorithm
from luthier.runtimes import HostGroup, Running, Runtime


@dataclass(frozen=True, slots=True, kw_only=True)
class Either:
    """A `Runtime` that leaves the work to one of two; None is one that is not to be used."""

    commands: Runtime | None
    containers: Runtime | None

    def has_layers(self, algorithm: Algorithm) -> bool:
        """See `Runtime.has_layers`."""
        chosen = self._chosen(algorithm)
        return chosen is not None and chosen.has_layers(algorithm)

    @contextmanager
    def started(self, algorithm: Algorithm, group: HostGroup) -> Iterator[Sequence[Running]]:
        """See `Runtime.started`."""
        with self._of(algorithm).started(algorithm, group) as running:
            yield running

    def _of(self, algorithm: Algorithm) -> Runtime:
        chosen = self._chosen(algorithm)
        if chosen is None:
            kind = "a command" if algorithm.container is None else "a container"
            raise OSError(errno.EINVAL, f"{algorithm.image} is {kind}, which the setting runtime rules out; correct it")
        return chosen

    def _chosen(self, algorithm: Algorithm) -> Runtime | None:
        return self.commands if algorithm.container is None else self.containers
