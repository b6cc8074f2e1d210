"""
The algorithm as a container for each host, and all that it takes: made by name, and gone by name when it is over.

    network of the group ── side container of algo-1 ── container of the algorithm
                         ── side container of algo-2 ── container of the algorithm

A host that is alone and isolated has neither network nor side container.
"""

import errno
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial

from luthier.records.algorithm import Algorithm
from luthier.runtimes import Enclosure, HostGroup, Running
from luthier.runtimes.container.config import NOT_IN_OPTIONS, Place, algorithm_config
from luthier.runtimes.container.contained import Contained
from luthier.runtimes.container.engine import Engine, EngineError
from luthier.runtimes.container.holding import held_networks
from luthier.runtimes.container.leftovers import clear
from luthier.runtimes.container.names import Names, labels_of
from luthier.runtimes.container.ownership import take_over
from luthier.runtimes.container.side import side_image
from luthier.runtimes.cpus import choose_cpus

_CODE = "/opt/ml/code"


@dataclass(frozen=True, slots=True, kw_only=True)
class Containers:
    """A `Runtime` by a container engine of this machine; *owner* is the data folder of this installation."""

    connect: Callable[[], Engine]
    owner: str

    def has_layers(self, algorithm: Algorithm) -> bool:  # noqa: ARG002  # the Protocol's
        """See `Runtime.has_layers`. The overlay is the engine's to make, which must be root to do so."""
        machine = self.connect().machine  # Podman's volumes are mounted by other words
        return not (machine.is_rootless or machine.is_podman or set(self.owner) & NOT_IN_OPTIONS)

    @contextmanager
    def started(self, algorithm: Algorithm, group: HostGroup) -> Iterator[Sequence[Running]]:
        """See `Runtime.started`. What a dead agent has left of the group goes first."""
        if algorithm.container is None:
            raise OSError(
                errno.EINVAL, f"{algorithm.image} is a command, and no container; correct the setting runtime"
            )
        engine = self.connect()
        if any(each.allotment.gpus for each in group.hosts) and engine.machine.is_podman:
            raise OSError(errno.ENOTSUP, f"{engine.machine.version} gives no GPUs here; use Docker Engine for them")
        names = Names(owner=self.owner, group=group.name)
        clear(engine, names)
        making = _Making(engine=engine, algorithm=algorithm, group=group, names=names, side_image=side_image(engine))
        made: list[Contained] = []
        try:
            with ExitStack() as stack:
                places = making.places(stack)
                for enclosure, place in zip(group.hosts, places, strict=True):
                    made.append(making.algorithm_in(place, enclosure))  # known, if the next one fails
                for each in made:
                    making.start(each)
                yield made
        finally:
            for each in made:
                each.end()
            clear(engine, names)

    def clear(self, group_name: str) -> None:
        """Remove all that is left of a group of hosts, whoever has made it. Twice is once. Raises EngineError."""
        clear(self.connect(), Names(owner=self.owner, group=group_name))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Making:
    """One group of hosts being made."""

    engine: Engine
    algorithm: Algorithm
    group: HostGroup
    names: Names
    side_image: str

    def places(self, stack: ExitStack) -> list[Place]:
        """Make where the algorithm is to run on each host: the network, and what leads to the front door."""
        plain = Place(
            network="none",
            hosts_file=None,
            machine=self.engine.machine,
            labels=self._labels,
            keeps_code=self._has_code(),
            cpus=(),
        )
        places = [replace(plain, cpus=each) for each in choose_cpus([host.allotment.cpus for host in self.group.hosts])]
        if self.group.is_isolated and len(self.group.hosts) == 1:
            return places
        held = stack.enter_context(held_networks(self.engine, self.side_image, self.group, self.names))
        return [
            replace(place, network=each.network, hosts_file=each.hosts_file)
            for place, each in zip(places, held, strict=True)
        ]

    def algorithm_in(self, place: Place, enclosure: Enclosure) -> Contained:
        """Make the container of a host's algorithm."""
        config = algorithm_config(self.algorithm, enclosure, place)
        layers = (folder for each in enclosure.layers.values() for folder in (each.above, each.scratch))
        folders = (enclosure.ml, enclosure.tmp, *enclosure.folders.values(), *layers)
        name = self.names.passing(f"{enclosure.host_name}-owner")
        after = partial(take_over, self.engine, name, self.side_image, folders, self._labels)
        try:
            container = self.engine.create(self.names.algorithm(enclosure.host_name), config)
            return Contained(self.engine, container, enclosure, after)  # Podman finds a program missing only here
        except EngineError as error:
            raise self._unusable(error) from error

    def start(self, made: Contained) -> None:
        """Start an algorithm; raises OSError that says how to put right what the engine does not like about it."""
        try:
            made.start()
        except EngineError as error:
            raise self._unusable(error) from error

    def _has_code(self) -> bool:
        """Find out whether the image has an /opt/ml/code, in a container that is never started."""
        config = {"Image": self.algorithm.container, "Cmd": ["train"], "Labels": dict(self._labels)}
        try:
            probe = self.engine.create(self.names.passing("probe"), config)
        except EngineError as error:
            raise self._unusable(error) from error
        try:
            return self.engine.has_path(probe, _CODE)
        finally:
            self.engine.remove(probe)

    @property
    def _labels(self) -> Mapping[str, str]:
        return labels_of(self.names, self.group)

    def _unusable(self, error: EngineError) -> OSError:
        has_gpus = any(each.allotment.gpus for each in self.group.hosts)
        remedy = (
            "give it an ENTRYPOINT, or a program `train` on its PATH, or write ContainerEntrypoint"
            if not has_gpus
            else "for GPUs the engine needs NVIDIA's container toolkit"
        )
        return OSError(
            errno.ENOEXEC, f"the training image {self.algorithm.image} cannot be started: {error.strerror}; {remedy}"
        )
