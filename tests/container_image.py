"""
A training image made of this machine's own programs: a shell, a few tools and Python, with their libraries.

It needs no registry and is made in seconds, once: its name holds the digest of what it is made from.
"""

import fcntl
import hashlib
import io
import shutil
import subprocess
import sys
import sysconfig
import tarfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import gettempdir

import docker

from luthier.records.algorithm import Algorithm
from luthier.runtimes import HostGroup, Running, Runtime
from luthier.runtimes.container.containers import Containers
from luthier.runtimes.container.engine import Engine

REPOSITORY = "localhost/luthier-test"  # Podman wants a registry's name
PYTHON = "/usr/bin/python3"
_TOOLS = ("cat", "chmod", "env", "hostname", "id", "ln", "ls", "mkdir", "pwd", "rm", "sleep", "touch", "true", "which")
_LEFT_OUT = {"test", "idlelib", "site-packages", "dist-packages", "__pycache__", "ensurepip", "turtledemo", "lib2to3"}
_FILES = {
    "etc/passwd": "root:x:0:0:root:/root:/bin/sh\nworker:x:4321:4321:worker:/home/worker:/bin/sh\n",
    "etc/group": "root:x:0:\nworker:x:4321:\n",
    "etc/nsswitch.conf": "hosts: files dns\n",
}


@dataclass(frozen=True, slots=True)
class InImage:
    """A `Runtime` that runs the commands of other runtimes' tests in the training image."""

    runtime: Runtime
    image: str

    def has_layers(self, algorithm: Algorithm) -> bool:
        """See `Runtime.has_layers`."""
        return self.runtime.has_layers(algorithm)

    def started(self, algorithm: Algorithm, group: HostGroup) -> AbstractContextManager[Sequence[Running]]:
        """See `Runtime.started`."""
        command = tuple(PYTHON if word == sys.executable else word for word in algorithm.command)
        return self.runtime.started(replace(algorithm, container=self.image, command=command), group)


def contained(engine: Engine, image: str | None = None) -> InImage:
    """Give the runtime whose containers run the commands of other runtimes' tests."""
    name = image or training_image(engine)
    return InImage(Containers(connect=lambda: engine, owner="/tests"), engine.image(name) or name)


def training_image(engine: Engine, *instructions: str, files: dict[str, str] | None = None) -> str:
    """Give the image with more of a Dockerfile's *instructions*, and with *files* by their paths."""
    base = f"{REPOSITORY}:{digest(Path(__file__).read_text(), sys.version)}"
    with locked():
        if engine.image(base) is None:
            engine.load(_root(), *base.rsplit(":", 1))
        if not instructions and not files:
            return base
        name = f"{REPOSITORY}:{digest(base, *instructions, str(files))}"
        if engine.image(name) is None:
            _build(engine, name, [f"FROM {base}", *instructions], files or {})
        return name


def _build(engine: Engine, name: str, instructions: Sequence[str], files: dict[str, str]) -> None:
    context = io.BytesIO()
    with tarfile.open(fileobj=context, mode="w") as tar:
        for path, text in files.items():
            _add_text(tar, f"files/{path.lstrip('/')}", text, mode=0o755)
        copying = ["COPY files/ /"] if files else []
        _add_text(tar, "Dockerfile", "\n".join([instructions[0], *copying, *instructions[1:]]))
    build(engine, name, context.getvalue())


def build(engine: Engine, name: str, context: bytes) -> None:
    """Build an image from a tar with a Dockerfile in it."""
    api = docker.APIClient(base_url=f"unix://{engine.socket}", version="auto")
    said = list(api.build(fileobj=io.BytesIO(context), custom_context=True, tag=name, rm=True, decode=True))
    if engine.image(name) is None:
        raise RuntimeError(f"the image cannot be built: {said}")


@contextmanager
def locked() -> Iterator[None]:
    """Have one process at a time make images."""
    with Path(gettempdir(), "luthier-test-image.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _root() -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as tar:
        for name, mode in (("tmp", 0o1777), ("root", 0o700), ("home/worker", 0o777), ("srv", 0o755)):
            entry = tarfile.TarInfo(name)
            entry.type, entry.mode = tarfile.DIRTYPE, mode
            tar.addfile(entry)
        for link in ("bin", "lib", "lib64"):
            entry = tarfile.TarInfo(link)
            entry.type, entry.linkname = tarfile.SYMTYPE, f"usr/{link}"
            tar.addfile(entry)
        for path, text in _FILES.items():
            _add_text(tar, path, text)
        _add_python(tar)
        programs = [shutil.which(name) or name for name in ("sh", *_TOOLS)]
        for program in programs:
            _add(tar, Path(program), f"usr/bin/{Path(program).name}")
        add_libraries(tar, [*programs, str(_interpreter()), *map(str, _extensions())])
    return content.getvalue()


def _interpreter() -> Path:
    return Path(getattr(sys, "_base_executable", sys.executable)).resolve()


def _add_python(tar: tarfile.TarFile) -> None:
    place = Path(sysconfig.get_path("stdlib"))
    _add(tar, _interpreter(), "usr/bin/python3")
    tar.add(
        place, f"usr/lib/{place.name}", filter=lambda entry: None if _LEFT_OUT & set(Path(entry.name).parts) else entry
    )


def _extensions() -> Iterable[Path]:
    return Path(sysconfig.get_path("stdlib")).glob("lib-dynload/*.so")


def add_libraries(tar: tarfile.TarFile, files: Sequence[str], prefix: str = "") -> None:
    """Add the libraries of this machine that some programs and libraries need."""
    for library in _libraries(files):
        _add(tar, library, prefix + _seen_as(library))


def _libraries(files: Sequence[str]) -> set[Path]:
    said = subprocess.run(["ldd", *files], capture_output=True, text=True, check=False).stdout
    words = {word for line in said.splitlines() for word in line.split() if not line.endswith(":")}
    return {Path(word) for word in words if word.startswith("/")}


def _seen_as(library: Path) -> str:
    """Place a library where the loader finds it without a cache."""
    place = str(library).removeprefix("/").removeprefix("usr/")
    return f"usr/{place}" if place.startswith("lib") else f"usr/lib/{library.name}"


def _add(tar: tarfile.TarFile, path: Path, name: str) -> None:
    entry = tar.gettarinfo(str(path.resolve()), name)
    with path.open("rb") as file:
        tar.addfile(entry, file)


def _add_text(tar: tarfile.TarFile, name: str, text: str, mode: int = 0o644) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(text.encode()), mode
    tar.addfile(entry, io.BytesIO(text.encode()))


def digest(*texts: str) -> str:
    """Give a tag that stands for some texts."""
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:12]
