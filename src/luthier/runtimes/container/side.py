"""
The container beside a host's algorithm: it has the host's name and network, and gives the agent the front door in it.

    algorithm ── 127.0.0.1:8710 of the host's network ── listener, made in there, served by the agent ── front door

AWS clients take credentials by plain HTTP from loopback addresses only, so the front door must have one in there. The
program in the side container opens the port, and hands the listening socket to the agent over a Unix socket in a folder
that both see; from then on it only waits. It is a Python of this machine, in an image that is nothing but the names of
the folders in which it finds that.
"""

import errno
import hashlib
import io
import os
import socket
import sys
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from luthier.records.json_value import JsonObject
from luthier.runtimes.container.config import bind, confined
from luthier.runtimes.container.engine import Engine

_PROGRAM = """
import signal, socket, sys
for host, port, agent in [sys.argv[1:]] if sys.argv[1:] else []:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, int(port)), family=family, backlog=128) as listener:
        with socket.socket(socket.AF_UNIX) as way:
            way.connect(agent)
            socket.send_fds(way, [b"."], [listener.fileno()])
signal.pause()
"""
_PATIENCE_S = 30.0  # until the program has started, on a busy machine
SIDE_REPOSITORY = "localhost/luthier-side"  # Podman looks for a name without a registry in others
_SYSTEM = ("usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32")
_SEEN = "/agent"  # the folder of the agent's socket, as the program sees it


def side_image(engine: Engine) -> str:
    """Give the id of the image of side containers, which is made where it is not there."""
    tar = _links()
    tag = hashlib.sha256(tar).hexdigest()[:12]
    found = engine.image(f"{SIDE_REPOSITORY}:{tag}")
    return found or engine.load(tar, SIDE_REPOSITORY, tag)


def side_config(
    image: str,
    command: Sequence[str],
    labels: Mapping[str, str],
    *,
    user: str,
    mounts: Sequence[JsonObject] = (),
    capabilities: Sequence[str] = (),
) -> JsonObject:
    """Describe a container that runs a program of this machine and sees its programs, its libraries and *mounts*."""
    return {
        "Image": image,
        "Entrypoint": [command[0]],
        "Cmd": list(command[1:]),
        "User": user,
        "WorkingDir": "/",
        "Env": ["PATH=/usr/bin:/bin", "LANG=C.UTF-8"],
        "Labels": dict(labels),
        "HostConfig": {
            "NetworkMode": "none",
            "Mounts": [*_system(), *mounts],
            "ReadonlyRootfs": True,
            "LogConfig": {"Type": "json-file"},  # so that it can say what is wrong with it
            **confined(capabilities),
        },
    }


def own_user(engine: Engine) -> str:
    """Name the user of a container as whom it has this process's rights to files."""
    return "0:0" if engine.machine.is_rootless else f"{os.geteuid()}:{os.getegid()}"


def in_network(config: JsonObject, network: str, host_name: str, *, is_isolated: bool) -> JsonObject:
    """Have a side container hold a host's network; isolated hosts can ask nobody for names but one another."""
    rights = config["HostConfig"]
    if not isinstance(rights, Mapping):
        raise TypeError("HostConfig is an object")
    lonely: JsonObject = {
        "Dns": ["127.0.0.1"],  # where nobody answers: else the engine asks the machine's own servers for what it lacks
        "DnsOptions": ["timeout:1", "attempts:1"],
    }
    sysctls = {
        "net.ipv4.ip_unprivileged_port_start": "0",  # as Docker has it anyway: the front door's port may be any
        **({"net.ipv6.conf.all.disable_ipv6": "1"} if is_isolated else {}),  # the bridge has a link-local address
    }
    return {
        **config,
        "Hostname": host_name,
        "HostConfig": {**rights, "NetworkMode": network, "Sysctls": sysctls, **(lonely if is_isolated else {})},
        "NetworkingConfig": {"EndpointsConfig": {network: {"Aliases": [host_name]}}},
    }


def waiting_program() -> tuple[str, ...]:
    """Give the command of a side container that only holds a network."""
    return (str(_python()), "-I", "-S", "-c", _PROGRAM)


class Handover:
    """The Unix socket by which a side container gives the agent its listener."""

    def __init__(self, folder: Path, door: socket.socket) -> None:
        self._folder = folder
        self._door = door

    def program(self, front_door: str) -> tuple[str, ...]:
        """Give the command that opens the front door's port in the side container, and hands it over."""
        at = urlsplit(front_door)
        return (*waiting_program(), at.hostname or "", str(at.port or 80), f"{_SEEN}/socket")

    @property
    def mount(self) -> JsonObject:
        """Describe the folder that both see."""
        return bind(self._folder, _SEEN)

    def listener(self) -> socket.socket:
        """Wait for the listener; raises OSError if it does not come."""
        try:
            with self._door.accept()[0] as way:
                way.settimeout(_PATIENCE_S)
                _, descriptors, _, _ = socket.recv_fds(way, 1, 1)
        except TimeoutError:
            descriptors = []
        if not descriptors:
            raise OSError(errno.EIO, "the side container has not opened the front door's port")
        return socket.socket(fileno=descriptors[0])


@contextmanager
def handover(folder: Path) -> Iterator[Handover]:
    """
    Have such a socket in *folder*, whose parent lets nobody but this user in, while the context lasts.

    What a dead agent has left in there goes first.
    """
    folder.mkdir(exist_ok=True)
    (folder / "socket").unlink(missing_ok=True)
    at = os.open(folder, os.O_PATH | os.O_DIRECTORY)
    try:
        with socket.socket(socket.AF_UNIX) as door:
            door.bind(f"/proc/self/fd/{at}/socket")  # the path of a Unix socket is short; a data folder's may be long
            door.listen(1)
            door.settimeout(_PATIENCE_S)
            folder.chmod(0o755)
            (folder / "socket").chmod(0o777)
            yield Handover(folder, door)
    finally:
        os.close(at)
        (folder / "socket").unlink(missing_ok=True)
        folder.rmdir()


def _links() -> bytes:
    """Make a root file system of folders to mount on, with the machine's own links among its folders of programs."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as tar:
        for name in _SYSTEM:
            path = Path("/", name)
            entry = tarfile.TarInfo(name)
            entry.mode = 0o755
            if path.is_symlink():
                entry.type, entry.linkname = tarfile.SYMTYPE, str(path.readlink())
            elif path.is_dir():
                entry.type = tarfile.DIRTYPE
            else:
                continue
            tar.addfile(entry)
    return content.getvalue()


def _system() -> Iterator[JsonObject]:
    """Show the machine's programs and libraries, where they are folders of their own, and this Python's."""
    folders = [Path("/", name) for name in _SYSTEM if Path("/", name).is_dir() and not Path("/", name).is_symlink()]
    place = Path(sys.base_prefix).resolve()
    if not any(place.is_relative_to(each) for each in folders):
        folders.append(place)
    cache = Path("/etc/ld.so.cache")
    yield from (bind(each, str(each), is_read_only=True) for each in [*folders, *([cache] if cache.is_file() else [])])


def _python() -> Path:
    """Find the interpreter itself, out of its virtual environment."""
    return Path(getattr(sys, "_base_executable", sys.executable)).resolve()
