"""
A network for the hosts of one training job: every host has all ports to itself, and reaches its peers by name.

    user namespace, root of which is this user
    ┌──────────────────────────────────────────────────┐
    │  algo-1: lo, eth0 10.213.0.1 ──┐                 │
    │  algo-2: lo, eth0 10.213.0.2 ──┼── bridge        │   one network namespace each, and one for the bridge
    │  algo-3: lo, eth0 10.213.0.3 ──┘                 │
    └──────────────────────────────────────────────────┘

No way leads out but a listening socket in each host's namespace, at the front door's own address, which this process
holds and relays from. The namespaces are held by descriptors of this process and by what runs in them, and by nothing
else: when these are gone, however that comes, so are they. No rights are needed.
"""

import errno
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from ipaddress import ip_network
from urllib.parse import urlsplit

from luthier.runtimes import HostGroup, peer_setup
from luthier.runtimes.bond import alone
from luthier.runtimes.programs import program
from luthier.runtimes.relay import relaying

USER_NAMESPACES = (
    "user namespaces: sysctl kernel.unprivileged_userns_clone=1 or kernel.apparmor_restrict_unprivileged_userns=0, "
    "user.max_user_namespaces above 0; in a container, one that may create them"
)

_RANGE = ip_network("10.213.0.0/16")  # nothing of the machine's is seen from within, so it can be in nobody's way
_SETUP_S = 30.0  # a hundred times what it takes
_PACKET = 16  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """What one host's network is."""

    way_in: tuple[str, ...] = ()  # what a program's arguments are preceded by to be started there
    options: tuple[str, ...] = ()  # bubblewrap's
    addresses: Mapping[str, str]  # by host name: all that can be reached by name


@contextmanager
def peer_networks(names: Sequence[str], front_door: str | None) -> Iterator[Sequence[Network]]:
    """
    Join hosts, in their order, for as long as the context lasts; each listens and calls as eth0.

    What they connect to at the URL *front_door* reaches this machine there; for None there is no front door. Raises
    OSError with what is missing where this machine cannot have such networks.
    """
    addresses = [str(_RANGE[ordinal]) for ordinal in range(1, len(names) + 1)]
    door = None if front_door is None else _door(front_door)
    with ExitStack() as held:
        (user, _), _, *networks = _made(addresses, door, held)
        if door is not None:
            held.enter_context(relaying([each for _, listeners in networks for each in listeners], *door))
        known = dict(zip(names, addresses, strict=True))
        yield [Network(way_in=_way_in(user, each), addresses=known) for each, _ in networks]


def _door(url: str) -> tuple[str, int]:
    """Read the front door's address and port; a loopback's name is its IPv4 address."""
    parts = urlsplit(url)
    if parts.hostname is None or parts.port is None:
        raise OSError(errno.EINVAL, f"front door {url} has no address and port; check the settings host and port")
    return ("127.0.0.1" if parts.hostname == "localhost" else parts.hostname), parts.port


def check_networks(group: HostGroup) -> None:
    """Raise OSError if the hosts are to join networks, which only a container engine has."""
    if group.networks:
        raise OSError(
            errno.ENOTSUP,
            f"networks {', '.join(group.networks)}: only containers can join them; run images as containers, or leave "
            "VpcConfig out",
        )


_Packet = tuple[int, Sequence[socket.socket]]
"""A namespace, and what listens in it."""


def _made(addresses: Sequence[str], door: tuple[str, int] | None, held: ExitStack) -> Sequence[_Packet]:
    """Have the user namespace, the bridge's network and the hosts' made, and hold them until *held* is closed."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, tempfile.TemporaryFile() as said:
        with theirs:
            setup = subprocess.Popen(
                _command(theirs.fileno(), addresses, door),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                env={},
                pass_fds=[theirs.fileno()],
            )
        try:
            packets = _received(ours, held)
        finally:
            setup.kill()  # its work is done, or will not be
            setup.wait()
        if packets is None:
            said.seek(0)
            raise _problem(said.read().decode("utf-8", "replace"))
    return packets


def _received(channel: socket.socket, held: ExitStack) -> Sequence[_Packet] | None:
    """Receive the descriptors of each packet; None if the program that sends them has not come to its end."""
    channel.settimeout(_SETUP_S)
    packets: list[_Packet] = []
    try:
        while True:
            text, descriptors, _, _ = socket.recv_fds(channel, _PACKET, 2)
            if not descriptors:
                return packets if text == b"done" else None
            namespace, *rest = descriptors
            held.callback(os.close, namespace)
            packets.append((namespace, [held.enter_context(socket.socket(fileno=each)) for each in rest]))
    except TimeoutError:
        return None


def _command(channel: int, addresses: Sequence[str], door: tuple[str, int] | None) -> list[str]:
    """Compose the setup's command line; its program is started as the root of a new user namespace."""
    where = [] if door is None else [door[0], str(door[1])]
    given = [str(channel), program("ip", "iproute2"), ",".join(addresses), str(_RANGE.prefixlen), *where]
    return [*alone(), sys.executable, "-I", "-S", peer_setup.__file__, *given]


def _way_in(user: int, network: int) -> tuple[str, ...]:
    """
    Say how to start a program in a host's namespaces.

    They are named by way of this process, not inherited, so that no descriptor of theirs is open in the algorithm.
    """
    ours = f"/proc/{os.getpid()}/fd"
    nsenter = program("nsenter", "util-linux")
    return (nsenter, f"--user={ours}/{user}", f"--net={ours}/{network}", "--preserve-credentials", "--")


def _problem(said: str) -> OSError:
    lines = said.strip().splitlines()
    return OSError(
        errno.ENOTSUP,
        f"several hosts on one machine cannot have a network here ({lines[-1] if lines else 'no reason given'}). "
        f"It needs {USER_NAMESPACES}; and the kernel's modules veth and bridge",
    )
