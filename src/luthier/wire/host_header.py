"""By which name a request has asked for this machine, and whether that is a name that only the machine itself has."""

from collections.abc import Sequence
from ipaddress import ip_address


def named_host(values: Sequence[bytes]) -> str | None:
    """Give the host that a request's Host headers name, in small letters and without a port; None unless it is one."""
    return host_of(values[0].decode("latin-1")) if len(values) == 1 else None


def host_of(header: str) -> str:
    """
    Take the port, and an IPv6 address's brackets, off a Host header.

    >>> host_of("[::1]:8710"), host_of("LocalHost"), host_of("127.0.0.1:8710")
    ('::1', 'localhost', '127.0.0.1')
    """
    if header.startswith("["):
        return header[1:].partition("]")[0].lower()
    return header.partition(":")[0].lower()


def is_loopback(host: str) -> bool:
    """Say whether *host* is an address of the loopback network, or localhost."""
    if host == "localhost":
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)  # what a socket that speaks IPv6 calls a peer that speaks IPv4
    return address.is_loopback or (mapped is not None and mapped.is_loopback)
