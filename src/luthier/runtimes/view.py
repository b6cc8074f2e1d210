"""
What an algorithm sees of this machine's files: a list of bubblewrap's options, thought out without touching a process.

Nothing is there unless it is listed: the system's programs and libraries, the harmless part of /etc, the folders that
the image names, and the algorithm's own /opt/ml and /tmp.

    /usr /bin /lib*          the machine's, read-only
    /etc                     a few files of the machine's, read-only; passwd, group and hosts made up
    /opt/ml  /tmp            the training job's own, writable
    /opt/ml/input/data/...   layers above what it shares with others, writable
    further folders          likewise
    /dev  /dev/shm  /proc    its own; of the machine's devices the GPUs that it has been allotted
    the image's folders      the machine's, read-only, where they are
    hidden folders           empty, wherever one of the above would show them
"""

import errno
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path

from luthier.records.algorithm import Algorithm
from luthier.runtimes import Enclosure
from luthier.runtimes.gpus import device_files

_LINKED = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")  # links into /usr, or folders of their own

_ETC = (  # never the whole of it, nor of ssl and pki: they hold password hashes and private keys
    "OpenCL",
    "alternatives",
    "ca-certificates",
    "ca-certificates.conf",
    "crypto-policies",
    "fonts",
    "gai.conf",
    "host.conf",
    "ld.so.cache",
    "ld.so.conf",
    "ld.so.conf.d",
    "locale.alias",
    "localtime",
    "magic",
    "mime.types",
    "nsswitch.conf",
    "pki/ca-trust",
    "pki/tls/cert.pem",
    "pki/tls/certs",
    "protocols",
    "resolv.conf",
    "services",
    "ssl/cert.pem",
    "ssl/certs",
    "ssl/openssl.cnf",
    "terminfo",
    "timezone",
)

_BUSES = ("/sys/bus/pci", "/sys/class/pci_bus")
_SYSTEM = Path("/sys/devices/system")  # how many processors there are, and how they share caches


def options(algorithm: Algorithm, enclosure: Enclosure, hidden: tuple[Path, ...]) -> list[str]:
    """
    Give bubblewrap's options for the algorithm's root file system, in the order in which they must be done.

    Raises FileNotFoundError for a folder of the image that does not exist, and OSError for a place that none can have.
    """
    shown = list(_shown(algorithm))
    return [
        *_system(),
        *("--dev", "/dev", "--proc", "/proc", "--dir", "/run", "--dir", "/var", "--symlink", "/tmp", "/var/tmp"),  # noqa: S108
        *("--ro-bind-try", str(_SYSTEM), str(_SYSTEM)),
        *_devices(enclosure.allotment.gpus),
        *("--bind", str(enclosure.ml), "/opt/ml", "--bind", str(enclosure.tmp), "/tmp"),  # noqa: S108
        *_layered(enclosure),
        *_in_order(shown, hidden),
        *_further(enclosure),
        *("--remount-ro", "/"),
    ]


def check_place(seen_as: str) -> None:
    """Raise OSError for a path at which no folder can be shown."""
    if not seen_as.startswith("/") or "\0" in seen_as or ".." in seen_as.split("/"):
        raise OSError(errno.EINVAL, f"folder {seen_as!r}: name it by an absolute path without '..'; check LocalPath")


def made_up(addresses: Mapping[str, str]) -> dict[str, bytes]:
    """Write the files of /etc that are the algorithm's own, by path; *addresses* are those of hosts, by name."""
    hosts = "".join(f"{address} {name}\n" for name, address in addresses.items())
    known = Path("/etc/hosts").read_text(encoding="utf-8", errors="replace") if Path("/etc/hosts").exists() else ""
    return {
        "/etc/passwd": b"root:x:0:0:root:/tmp:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n",
        "/etc/group": b"root:x:0:\nnogroup:x:65534:\n",
        "/etc/hosts": f"127.0.0.1 localhost\n::1 localhost\n{hosts}{known}".encode(),
    }


def _system() -> Iterator[str]:
    yield from ("--ro-bind", "/usr", "/usr")
    for name in _LINKED:
        path = Path("/") / name
        if path.is_symlink():
            yield from ("--symlink", str(path.readlink()), str(path))
        elif path.is_dir():
            yield from ("--ro-bind", str(path), str(path))
    for name in _ETC:
        path = Path("/etc") / name
        if path.exists():
            yield from ("--ro-bind", str(path.resolve()), str(path))


def _devices(gpus: Sequence[int]) -> Iterator[str]:
    for file in device_files(gpus):
        yield from ("--dev-bind", str(file), str(file))
    if gpus:  # libraries that move data between GPUs refuse to work if they cannot see how these are connected
        for path in (*_BUSES, *sorted(map(str, Path("/sys/devices").glob("pci*")))):
            yield from ("--ro-bind-try", path, path)


def _shown(algorithm: Algorithm) -> Iterator[Path]:
    for folder in algorithm.folders:
        if not Path(folder).exists():
            raise FileNotFoundError(f"folder {folder} of image {algorithm.image} does not exist; check the catalogue")
        yield Path(folder)


def _further(enclosure: Enclosure) -> Iterator[str]:
    for seen_as, folder in sorted(enclosure.folders.items()):  # outer ones first
        check_place(seen_as)
        yield from ("--bind", str(folder), seen_as)


def _layered(enclosure: Enclosure) -> Iterator[str]:
    for seen_as, layer in enclosure.layers.items():
        check_place(seen_as)
        yield from ("--overlay-src", str(layer.below), "--overlay", str(layer.above), str(layer.scratch), seen_as)


def _in_order(shown: list[Path], hidden: tuple[Path, ...]) -> Iterator[str]:
    """Show folders and hide folders, outer ones first, so that each is done on top of what surrounds it."""
    binds = {(path, False) for path in shown}
    covers = {
        (seen_as / each.resolve().relative_to(seen_as.resolve()), True)
        for each, seen_as in product(hidden, [Path("/usr"), *shown])
        if each.exists() and each.resolve().is_relative_to(seen_as.resolve())
    }
    for path, is_hidden in sorted(binds | covers):
        yield from ("--tmpfs", str(path)) if is_hidden else ("--ro-bind", str(path), str(path))
    for path, _ in sorted(covers):  # last of all: a folder that is shown inside a hidden one needs a place to stand
        yield from ("--remount-ro", str(path))
