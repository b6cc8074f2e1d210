"""
The program that makes a group's networks, to be run as the root of a new user namespace; it needs the standard library.

    python -I -S peer_setup.py CHANNEL IP ADDRESS,ADDRESS,... PREFIX_LENGTH [DOOR PORT]

It sends over the socket CHANNEL (SOCK_SEQPACKET) a packet with the user namespace, one with the bridge's network
namespace, and one for each address with the network namespace that has it and, where a DOOR is given, a socket that
listens there at the DOOR. Then it ends: who holds the descriptors holds the namespaces. Without the bridge's, all
interfaces would go. IP is the path of iproute2's program.
"""

import ctypes
import os
import socket
import subprocess
import sys
from collections.abc import Sequence

_CLONE_NEWNET = 0x40000000  # linux/sched.h
_INDEX = 1000  # of eth0; were it that of its peer in the bridge's network, Linux would take a second to call it up
_LIBC = ctypes.CDLL(None, use_errno=True)  # os.unshare and os.setns are not before Python 3.12


def main(channel: socket.socket, ip: str, addresses: Sequence[str], length: int, door: tuple[str, int] | None) -> None:
    """Make one network namespace for each address, and join them by a bridge in one more."""
    socket.send_fds(channel, [b"user"], [os.open("/proc/self/ns/user", os.O_RDONLY)])
    hub = _new_network()
    socket.send_fds(channel, [b"hub"], [hub])
    for ordinal, address in enumerate(addresses):
        network = _new_network()
        link = f"link add name eth0 index {_INDEX} type veth peer name port{ordinal} netns /proc/self/fd/{hub}"
        configure = (f"address add {address}/{length} dev eth0", "link set dev lo up", "link set dev eth0 up")
        _batch(ip, [link, *configure], hub)
        listener = [] if door is None else [_listener(*door)]
        socket.send_fds(channel, [b"host"], [network, *listener])
    _checked(_LIBC.setns(hub, _CLONE_NEWNET))
    ports = [f"link set dev port{ordinal} up master bridge" for ordinal in range(len(addresses))]
    _batch(ip, ["link add name bridge type bridge", "link set dev bridge up", *ports], hub)
    channel.send(b"done")


def _new_network() -> int:
    """Enter a network namespace that has nothing in it."""
    _checked(_LIBC.unshare(_CLONE_NEWNET))
    return os.open("/proc/self/ns/net", os.O_RDONLY)


def _checked(answer: int) -> None:
    if answer != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _batch(ip: str, commands: Sequence[str], hub: int) -> None:
    done = subprocess.run(
        [ip, "-batch", "-"], input="\n".join(commands), stderr=subprocess.PIPE, text=True, check=False, pass_fds=[hub]
    )
    if done.returncode != 0:
        raise SystemExit(f"ip: {' '.join(done.stderr.split())}")


def _listener(host: str, port: int) -> int:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=128).detach()


if __name__ == "__main__":
    _, descriptor, program, listed, bits, *rest = sys.argv
    main(
        socket.socket(fileno=int(descriptor)),
        program,
        listed.split(","),
        int(bits),
        (rest[0], int(rest[1])) if rest else None,
    )
