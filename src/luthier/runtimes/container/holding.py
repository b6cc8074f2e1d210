"""
The networks of a group's hosts, each held by a side container for as long as the group runs.

Names are told to the algorithm in an /etc/hosts of its own: no resolver of the engine's is needed, which older Podmans
do not have, and which may ask the machine's own servers for what it does not know.
"""

import errno
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from luthier.runtimes import Enclosure, HostGroup
from luthier.runtimes.container.engine import Engine
from luthier.runtimes.container.names import SIDE, Names, labels_of
from luthier.runtimes.container.networks import make_network
from luthier.runtimes.container.side import Handover, handover, in_network, own_user, side_config, waiting_program
from luthier.runtimes.relay import relaying


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A host's network."""

    network: str  # the NetworkMode of who joins it
    hosts_file: Path  # its /etc/hosts


@contextmanager
def held_networks(engine: Engine, image: str, group: HostGroup, names: Names) -> Iterator[list[Held]]:
    """
    Make the network of a group and a side container of *image* for each host, with the front door unless isolated.

    The containers and the network are for the caller to remove, by the group's labels. Raises OSError.
    """
    with ExitStack() as stack:
        making = _Making(
            engine=engine, image=image, group=group, names=names, network=make_network(engine, group, names)
        )
        if group.is_isolated:
            sides = [making.side(each, None) for each in group.hosts]
        else:
            doors = [stack.enter_context(handover(each.ml.with_name("door"))) for each in group.hosts]
            sides = [making.side(each, door) for each, door in zip(group.hosts, doors, strict=True)]
            listeners = [making.listener(door, side) for door, side in zip(doors, sides, strict=True)]
            front_door = urlsplit(group.front_door)
            stack.enter_context(relaying(listeners, front_door.hostname or "", front_door.port or 80))
        known = making.hosts_text(sides)
        files = [stack.enter_context(_written(each.ml.with_name("etc-hosts"), known)) for each in group.hosts]
        yield [Held(network=f"container:{side}", hosts_file=file) for side, file in zip(sides, files, strict=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Making:
    engine: Engine
    image: str
    group: HostGroup
    names: Names
    network: str

    def side(self, enclosure: Enclosure, door: Handover | None) -> str:
        """Start the side container of a host, and give its id."""
        config = side_config(
            self.image,
            waiting_program() if door is None else door.program(self.group.front_door),
            self._labels(enclosure),
            user=own_user(self.engine),
            mounts=[] if door is None else [door.mount],
        )
        config = in_network(config, self.network, enclosure.host_name, is_isolated=self.group.is_isolated)
        side = self.engine.create(self.names.side(enclosure.host_name), config)
        for each in () if self.group.is_isolated else self.group.networks:
            self.engine.join(side, each)
        self.engine.start(side)
        return side

    def listener(self, door: Handover, side: str) -> socket.socket:
        """Take over what a side container listens with."""
        try:
            return door.listener()
        except OSError as error:
            raise OSError(errno.EIO, f"{error.strerror}: {self.engine.said(side)}") from error

    def hosts_text(self, sides: Sequence[str]) -> str:
        """Write what /etc/hosts knows: all hosts of the group, each at its own address."""
        known = zip(sides, self.group.hosts, strict=True)
        lines = [f"{self.engine.address(side, self.network)} {each.host_name}" for side, each in known]
        return "\n".join(["127.0.0.1 localhost", "::1 localhost", *lines, ""])

    def _labels(self, enclosure: Enclosure) -> Mapping[str, str]:
        return {**labels_of(self.names, self.group), SIDE: enclosure.host_name}


@contextmanager
def _written(path: Path, text: str) -> Iterator[Path]:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o644)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)
