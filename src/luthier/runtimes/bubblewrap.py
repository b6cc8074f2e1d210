"""
The algorithm in namespaces of its own, made by bubblewrap, with or without root's rights.

One host has the machine's network, or a loopback interface and no other where the training job is isolated. Several
have a network each that joins them, and a way to the front door unless they are isolated (see `peer_network`).
"""

import errno
import io
import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from luthier.records.algorithm import Algorithm
from luthier.records.allotment import Allotment
from luthier.runtimes import Enclosure, HostGroup, Running
from luthier.runtimes.bond import alone, bond
from luthier.runtimes.cpus import on_cpus
from luthier.runtimes.enclosed import Enclosed
from luthier.runtimes.environment import variables
from luthier.runtimes.gpus import gpu_variables
from luthier.runtimes.peer_network import Network, check_networks, peer_networks
from luthier.runtimes.together import together
from luthier.runtimes.view import made_up, options

_ISOLATION = (
    "--unshare-user",
    "--unshare-pid",
    "--unshare-ipc",
    "--unshare-uts",
    "--unshare-cgroup-try",
    *("--uid", "0", "--gid", "0"),
    *("--cap-drop", "ALL"),
    "--die-with-parent",
    "--new-session",
    "--clearenv",
)

_END_S = 10.0  # far more than a process that has nothing left to do needs for its end


@dataclass(frozen=True, slots=True)
class Bubblewrap:
    """A `Runtime` by the bubblewrap program at *binary*, 0.8 or later; 0.11 or later has layers on most systems."""

    binary: Path
    layers: bool = False

    def has_layers(self, algorithm: Algorithm) -> bool:  # noqa: ARG002  # the Protocol's
        """See `Runtime.has_layers`."""
        return self.layers

    @contextmanager
    def started(self, algorithm: Algorithm, group: HostGroup) -> Iterator[Sequence[Running]]:
        """See `Runtime.started`. On every host the algorithm's own program runs when the context begins."""
        check_networks(group)
        with _networks(group) as networks:
            each = zip(group.hosts, networks, strict=True)
            starts = [partial(self._started, algorithm, group, host, network) for host, network in each]
            with together(starts) as running:
                yield running

    def _started(self, algorithm: Algorithm, group: HostGroup, host: Enclosure, network: Network) -> Running:
        arguments = [*network.options, *_arguments(algorithm, group, host)]
        with host.log.open("ab") as output:
            start_of_log = output.tell()
            running = self._start(arguments, algorithm.command, host.allotment, network, output)
        if running.has_begun():
            return running
        running.wait(_END_S)
        said = _tail(host.log, start_of_log)
        raise OSError(errno.ENOEXEC, f"{algorithm.command[0]} cannot be started in the sandbox: {said}")

    def _start(
        self,
        arguments: Sequence[str],
        command: Sequence[str],
        allotment: Allotment,
        network: Network,
        output: io.BufferedWriter,
    ) -> Enclosed:
        """Start bubblewrap; its options travel in a file, out of sight of other processes and of any length."""
        files = [(path, _memory(text)) for path, text in made_up(network.addresses).items()]
        reader, writer = os.pipe()
        given = [word for path, file in files for word in ("--ro-bind-data", str(file), path)]
        listed = _memory("\0".join([*given, *arguments]).encode("utf-8", "surrogateescape"))
        told = ["--json-status-fd", str(writer), "--args", str(listed)]
        try:
            with on_cpus(allotment.cpus):
                process = subprocess.Popen(
                    [*network.way_in, *bond(), str(self.binary), *told, "--", *command],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    cwd="/",
                    env={},
                    pass_fds=[writer, listed, *(file for _, file in files)],
                )
        except OSError:
            os.close(reader)
            raise
        finally:
            for descriptor in [writer, listed, *(file for _, file in files)]:
                os.close(descriptor)
        return Enclosed(process=process, status=io.FileIO(reader), memory_bytes=allotment.memory_bytes)


def _networks(group: HostGroup) -> AbstractContextManager[Sequence[Network]]:
    if len(group.hosts) > 1:
        names = [each.host_name for each in group.hosts]
        return peer_networks(names, front_door=None if group.is_isolated else group.front_door)
    known = {each.host_name: "127.0.0.1" for each in group.hosts}
    options = ("--unshare-net",) if group.is_isolated else ()
    return nullcontext([Network(way_in=alone(), options=options, addresses=known)])


def _arguments(algorithm: Algorithm, group: HostGroup, host: Enclosure) -> list[str]:
    gpus = gpu_variables(host.allotment.gpus, are_all_shown=False)
    settings = variables(algorithm, host, gpus, tmp="/tmp")  # noqa: S108  # the sandbox's own
    return [
        *_ISOLATION,
        *("--hostname", host.host_name),
        *options(algorithm, host, group.hidden),
        *("--chdir", algorithm.working_folder or "/opt/ml"),
        *(word for name, value in settings.items() for word in ("--setenv", name, value)),
    ]


def _memory(text: bytes) -> int:
    """Put bytes into a file that has no name, to be read from its start."""
    descriptor = os.memfd_create("luthier")
    with os.fdopen(descriptor, "wb", closefd=False) as file:
        file.write(text)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def _tail(log: Path, start: int) -> str:
    """Read what bubblewrap had to say, which is short."""
    with log.open("rb") as file:
        file.seek(start)
        return file.read(500).decode("utf-8", "replace").strip() or "no reason given"
