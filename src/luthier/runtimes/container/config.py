"""
What the engine is asked for, as the JSON of Docker's API (ContainerCreate): thought out without touching an engine.

A training image runs as on SageMaker: `docker run IMAGE train`, with its own user, working folder and variables, and
with an init of its own or none. What is taken from it are rights that no training needs.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from luthier.records.algorithm import Algorithm
from luthier.records.allotment import Allotment
from luthier.records.json_value import JsonObject
from luthier.runtimes import Enclosure, Layer
from luthier.runtimes.container.engine import Machine
from luthier.runtimes.environment import checked
from luthier.runtimes.gpus import gpu_ids, gpu_variables
from luthier.runtimes.view import check_place

_TRAIN = "train"  # in the place of the image's CMD: "How Amazon SageMaker Runs Your Training Image", Developer Guide

_CAPABILITIES = (  # of Docker's fourteen; without MKNOD, NET_RAW, SETFCAP and SETPCAP
    "AUDIT_WRITE",  # sshd, with which MPI starts its workers
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "NET_BIND_SERVICE",
    "SETGID",
    "SETUID",
    "SYS_CHROOT",  # sshd likewise
)

NOT_IN_OPTIONS = frozenset(',:\\"')
"""What takes the options of an overlay apart: no folder with one of these in its path can be a layer."""

_CODE = "code"  # users bake it into their images: it is not hidden by what is mounted around it
_LEAST_SHM_BYTES = 64 << 20  # what the engine gives by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a host's algorithm runs."""

    network: str  # the engine's NetworkMode: none, or container:ID
    hosts_file: Path | None  # what is its /etc/hosts; None: the engine's
    machine: Machine
    labels: Mapping[str, str]
    keeps_code: bool  # the image has an /opt/ml/code of its own
    cpus: Collection[int]  # the processors to run on


def algorithm_config(algorithm: Algorithm, enclosure: Enclosure, place: Place) -> JsonObject:
    """
    Describe the container of an algorithm.

    Raises OSError for an environment variable that no process can have, and a place that no folder can.
    """
    for seen_as in enclosure.folders:
        check_place(seen_as)
    is_guest = place.network.startswith("container:")  # then Docker gives it the name of whose network it is
    gpus = gpu_variables(enclosure.allotment.gpus, are_all_shown=False)
    variables = checked({**dict(algorithm.environment), **gpus, **enclosure.environment})
    return {
        "Image": algorithm.container or algorithm.image,
        **_command(algorithm),
        **({} if algorithm.working_folder is None else {"WorkingDir": algorithm.working_folder}),
        **({} if is_guest and not place.machine.is_podman else {"Hostname": enclosure.host_name}),
        "Env": [f"{name}={value}" for name, value in variables.items()],
        "Labels": dict(place.labels),
        "Healthcheck": {"Test": ["NONE"]},  # an image that also serves asks for its server
        "AttachStdout": True,
        "AttachStderr": True,
        "HostConfig": {
            "NetworkMode": place.network,
            **({} if is_guest else {"ExtraHosts": [f"{enclosure.host_name}:127.0.0.1"]}),
            "Mounts": _mounts(enclosure, place),
            "Init": False,
            "LogConfig": {"Type": "none"},  # what it writes is taken as it comes, and kept once
            "IpcMode": "private",
            "ShmSize": _shm_bytes(enclosure.allotment, place.machine),
            **confined(_CAPABILITIES),
            "CpusetCpus": ",".join(map(str, sorted(place.cpus))),
            **_limits(enclosure.allotment, place.machine),
        },
    }


def bind(source: Path, target: str, *, is_read_only: bool = False) -> JsonObject:
    """Describe a folder or file of the machine that a container sees; nothing mounted later shows through."""
    return {
        "Type": "bind",
        "Source": str(source),
        "Target": target,
        "ReadOnly": is_read_only,
        "BindOptions": {"Propagation": "rprivate"},
    }


def confined(capabilities: Sequence[str] = ()) -> JsonObject:
    """Describe what a container may do: these capabilities, and never more than it had at its start."""
    return {
        "CapDrop": ["ALL"],
        "CapAdd": list(capabilities),
        "SecurityOpt": ["no-new-privileges", "label=disable"],  # SELinux would keep it from what it is shown
        "Privileged": False,
    }


def _command(algorithm: Algorithm) -> JsonObject:
    command = algorithm.command
    if not command:
        return {"Cmd": list(algorithm.arguments or (_TRAIN,))}
    return {"Entrypoint": [command[0]], "Cmd": list(command[1:])}


def _mounts(enclosure: Enclosure, place: Place) -> list[JsonObject]:
    """
    Show the host's folders.

    An image's own /opt/ml/code must stay in sight, so such an image gets the folders of /opt/ml one by one.
    """
    parts = sorted(each for each in enclosure.ml.iterdir() if each.is_dir() and each.name != _CODE)
    one_by_one = [bind(each, f"/opt/ml/{each.name}") for each in parts]
    return [
        *(one_by_one if place.keeps_code else [bind(enclosure.ml, "/opt/ml")]),
        bind(enclosure.tmp, "/tmp"),  # noqa: S108  # the container's own
        *([] if place.hosts_file is None else [bind(place.hosts_file, "/etc/hosts")]),
        *(bind(folder, path) for path, folder in enclosure.folders.items()),
        *(_overlay(layer, path) for path, layer in enclosure.layers.items()),
    ]


def _overlay(layer: Layer, target: str) -> JsonObject:
    """Describe a layer: a volume without a name, which the engine mounts and, with the container, removes."""
    options = f"lowerdir={layer.below},upperdir={layer.above},workdir={layer.scratch}"
    driver: JsonObject = {"Name": "local", "Options": {"type": "overlay", "device": "overlay", "o": options}}
    return {"Type": "volume", "Target": target, "VolumeOptions": {"NoCopy": True, "DriverConfig": driver}}


def _shm_bytes(allotment: Allotment, machine: Machine) -> int:
    """Give /dev/shm what Linux gives a tmpfs, half of the memory: several workers of PyTorch fill 64 MiB in no time."""
    return max(_LEAST_SHM_BYTES, (allotment.memory_bytes or machine.memory_bytes) // 2)


def _limits(allotment: Allotment, machine: Machine) -> JsonObject:
    memory = allotment.memory_bytes
    gpus = gpu_ids(allotment.gpus)
    return {
        **({} if allotment.cpus is None else {"NanoCpus": round(min(allotment.cpus, machine.cpus) * 1e9)}),
        **({} if memory is None else {"Memory": memory, "MemorySwap": memory}),  # the same: no swap
        **({} if not gpus else {"DeviceRequests": [{"DeviceIDs": gpus, "Capabilities": [["gpu"]]}]}),
    }
