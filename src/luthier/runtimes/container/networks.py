"""
The network of a training job's hosts, on which they reach one another by name.

    hosts                    network of the group          beside it
    not isolated             with a way out                 -
    not isolated, in a VPC   internal                       the networks that the VPC stands for
    isolated, several        internal, without a gateway    -
    isolated, one            none

The gateway of an internal network is an address of this machine, and whoever reaches it reaches all that listens on
every address of the machine. So where hosts are isolated the network gets none, and it is made sure that it has none.
"""

import errno
import socket

from luthier.runtimes import HostGroup
from luthier.runtimes.container.engine import Engine, EngineError
from luthier.runtimes.container.names import Names, labels_of

_WITHOUT_GATEWAY = {"com.docker.network.bridge.inhibit_ipv4": "true"}  # the bridge gets no address


def make_network(engine: Engine, group: HostGroup, names: Names) -> str:
    """
    Make the network of a group, and give its name.

    Raises EngineError if the engine cannot make it, and OSError where it would let isolated hosts reach this machine.
    """
    for each in () if group.is_isolated else group.networks:
        if engine.gateways(each) is None:
            raise EngineError(
                f"network {each!r}: the container engine has none of this name; docker network create it, or correct "
                "what VpcConfig stands for"
            )
    is_internal = group.is_isolated or bool(group.networks)
    if group.is_isolated and engine.machine.is_podman:  # it does not know the option
        raise _exposed(engine)
    engine.create_network(
        names.network,
        is_internal=is_internal,
        options=_WITHOUT_GATEWAY if group.is_isolated else {},
        labels=labels_of(names, group),
    )
    if group.is_isolated and any(_is_ours(each) for each in engine.gateways(names.network) or ()):
        raise _exposed(engine)
    return names.network


def _exposed(engine: Engine) -> OSError:
    return OSError(
        errno.ENOTSUP,
        f"EnableNetworkIsolation cannot be had with several instances: {engine.machine.version} gives networks "
        "without a way out an address of this machine; use one instance, or Docker Engine 20.10 or later",
    )


def _is_ours(address: str) -> bool:
    """Say whether this machine has an address, and so could be reached by it."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return False
        return True
