"""The container engine of this machine, by Docker's API, as far as it is used here."""

import errno
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from luthier.records.json_value import JsonObject, JsonValue

if TYPE_CHECKING:
    import docker

_FIRST_PATIENCE_S = 10.0  # for saying who it is
_PATIENCE_S = 300.0  # for an answer: to start many containers at a time takes a busy machine long
_SO_ALREADY = (304, 404, 409)  # Not Modified, Not Found, Conflict

Answer = TypeVar("Answer")


class EngineError(OSError):
    """The engine has refused something, or cannot be reached; *status* is that of its answer, if it gave one."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(errno.EIO, message)
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What the engine says of itself and its machine."""

    version: str  # Docker 28.3.0, Podman 5.4.2
    cpus: int
    memory_bytes: int
    is_rootless: bool  # root in a container is whom the engine runs as
    is_podman: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a container's first process has ended."""

    code: int  # as a shell has it: 128 and the number of a signal
    is_out_of_memory: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A container or network of ours."""

    id: str
    labels: Mapping[str, str]


class Engine:
    """An engine that answers. What there is no more is removed with success. Safe to share between threads."""

    def __init__(self, api: "docker.APIClient", socket: Path) -> None:
        self._api = api
        self.socket = socket
        with _translated():
            about, version = api.info(), api.version()
        is_podman = "Podman" in str(version.get("Components"))
        self.machine = Machine(
            version=f"{'Podman' if is_podman else 'Docker'} {version.get('Version')}",
            cpus=int(about["NCPU"]),
            memory_bytes=int(about["MemTotal"]),
            is_rootless="name=rootless" in (about.get("SecurityOptions") or ()),
            is_podman=is_podman,
        )

    def image(self, name: str) -> str | None:
        """Give the id of an image of this machine by its name, digest or id; None if it is not there."""
        with _translated():
            found = _unless_gone(lambda: self._api.inspect_image(name))
            return None if found is None else str(found["Id"])

    def images(self) -> Sequence[str]:
        """Name all images of this machine that have a name."""
        with _translated():
            return sorted(
                {name for each in self._api.images() for name in each.get("RepoTags") or ()} - {"<none>:<none>"}
            )

    def pull(self, image: str) -> Iterator[JsonObject]:
        """Fetch an image from its registry, with the logins of this user's Docker configuration; gives the progress."""
        with _translated():
            yield from self._api.pull(image, stream=True, decode=True)

    def load(self, tar: bytes, repository: str, tag: str) -> str:
        """Make an image of a root file system, and give its id."""
        with _translated():
            said = self._api.import_image_from_data(tar)
            made = str(json.loads(said.splitlines()[0])["status"])
            self._api.tag(made, repository, tag)  # not when it is imported: Podman 4 leaves the tag out
            return made

    def create(self, name: str, config: JsonObject) -> str:
        """Make a container, and give its id."""
        with _translated():
            return str(self._api.create_container_from_config(config, name)["Id"])

    def start(self, container: str) -> None:
        """Start a container's program."""
        with _translated():
            self._api.start(container)

    def attached(self, container: str) -> BinaryIO:
        """Give the stream of all that a container, not yet started, is going to write, in frames."""
        with _translated():
            stream: BinaryIO = self._api.attach_socket(container, {"stdout": 1, "stderr": 1, "stream": 1})
            return stream

    def ended(self, container: str) -> Ended:
        """Wait for the end of a container's program."""
        with _translated():
            self._api.wait(container, timeout=None)
            state = self._api.inspect_container(container)["State"]
        return Ended(code=int(state["ExitCode"]), is_out_of_memory=bool(state.get("OOMKilled")))

    def said(self, container: str) -> str:
        """Read what a container has written, if its log is kept."""
        with _translated():
            text: bytes = self._api.logs(container)
            return text.decode("utf-8", "replace").strip()

    def signal(self, container: str, number: int) -> None:
        """Send a signal to a container's first process; harmless when it is gone."""
        try:
            with _translated():
                _unless_gone(lambda: self._api.kill(container, number))
        except EngineError:
            if self.pid(container):
                raise

    def address(self, container: str, network: str) -> str:
        """Give the address of a running container in a network."""
        with _translated():
            about = self._api.inspect_container(container)["NetworkSettings"]["Networks"][network]
            return str(about["IPAddress"])

    def written_bytes(self, container: str) -> int:
        """Say how much a container has written into its own file system, its mounts aside; it takes its time."""
        with _translated():
            found = self._api.containers(all=True, size=True, filters={"id": container})
            return sum(int(each.get("SizeRw") or 0) for each in found)

    def has_path(self, container: str, path: str) -> bool:
        """Say whether there is such a file or folder in a container, which need not have been started."""
        with _translated():
            return _unless_gone(lambda: self._api.get_archive(container, path)) is not None

    def pid(self, container: str) -> int:
        """Give the number that a container's first process has on this machine; 0 if it does not run."""
        with _translated():
            found = _unless_gone(lambda: self._api.inspect_container(container))
            return 0 if found is None else int(found["State"]["Pid"])

    def containers(self, labels: Mapping[str, str]) -> Sequence[Labelled]:
        """List all containers that bear labels, running or not."""
        with _translated():
            return _labelled(self._api.containers(all=True, filters={"label": _texts(labels)}))

    def remove(self, container: str) -> None:
        """End a container, and delete it with all that it has written."""
        with _translated():
            _unless_gone(lambda: self._api.remove_container(container, v=True, force=True))

    def create_network(
        self, name: str, *, is_internal: bool, options: Mapping[str, str], labels: Mapping[str, str]
    ) -> str:
        """Make a network of this machine, and give its id."""
        with _translated():
            made: str = self._api.create_network(
                name, driver="bridge", options=dict(options), internal=is_internal, labels=dict(labels)
            )["Id"]
            return made

    def gateways(self, network: str) -> Sequence[str] | None:
        """Give the addresses that a network has for the way out of it; None if there is no such network."""
        with _translated():
            found = _unless_gone(lambda: self._api.inspect_network(network))
        if found is None:
            return None
        parts = (found.get("IPAM") or {}).get("Config") or []
        return [str(each["Gateway"]).partition("/")[0] for each in parts if each.get("Gateway")]

    def networks(self, labels: Mapping[str, str]) -> Sequence[Labelled]:
        """List all networks that bear labels."""
        with _translated():
            return _labelled(self._api.networks(filters={"label": _texts(labels)}))

    def join(self, container: str, network: str) -> None:
        """Have a container join one more network."""
        with _translated():
            self._api.connect_container_to_network(container, network)

    def remove_network(self, network: str) -> None:
        """Delete a network that nobody uses."""
        with _translated():
            _unless_gone(lambda: self._api.remove_network(network))


def connect(setting: str = "") -> Engine:
    """
    Reach the engine at a socket: that of the setting container_socket, else of DOCKER_HOST, else where one usually is.

    Raises EngineError, with the remedy, where there is none that answers.
    """
    try:
        import docker  # noqa: PLC0415  # an optional extra
    except ImportError:
        raise EngineError("the Docker SDK for Python is missing: pip install 'luthier[containers]'") from None
    socket = find_socket(setting)
    try:
        with _translated():
            api = docker.APIClient(base_url=f"unix://{socket}", version="auto", timeout=_FIRST_PATIENCE_S)
            engine = Engine(api, socket)
            api.timeout = _PATIENCE_S
            return engine
    except EngineError as error:
        raise EngineError(
            f"no container engine answers at {socket} ({error.strerror}); start it (systemctl start docker), join its "
            "group, or name another with the setting container_socket"
        ) from error


def find_socket(setting: str) -> Path:
    """Find the engine's socket; raises EngineError, with the remedy, where there is none."""
    named = setting or os.environ.get("DOCKER_HOST", "")
    if named:
        scheme, _, path = named.rpartition("://")
        if scheme not in ("", "unix") or not path.startswith("/"):
            raise EngineError(
                f"container engine {named!r}: it must be one of this machine, for it shares files with the host of the "
                "training job; name its socket, such as unix:///var/run/docker.sock"
            )
        return Path(path)
    own = Path(os.environ.get("XDG_RUNTIME_DIR", f"/run/user/{os.geteuid()}"))
    usual = (
        Path("/var/run/docker.sock"),
        own / "docker.sock",
        own / "podman/podman.sock",
        Path("/run/podman/podman.sock"),
    )
    found = next((each for each in usual if _is_usable(each)), None)
    if found is None:
        raise EngineError(
            "there is no container engine that this user may use: install Docker (apt-get install docker.io) and join "
            "the group docker, or start Podman's socket (systemctl --user start podman.socket), or name one with the "
            "setting container_socket"
        )
    return found


def _is_usable(socket: Path) -> bool:
    return os.access(socket, os.R_OK | os.W_OK)


def _labelled(found: Sequence[JsonObject]) -> Sequence[Labelled]:
    return [Labelled(id=str(each["Id"]), labels=_labels(each.get("Labels"))) for each in found]


def _labels(value: JsonValue) -> Mapping[str, str]:
    return {name: str(each) for name, each in value.items()} if isinstance(value, Mapping) else {}


def _texts(labels: Mapping[str, str]) -> list[str]:
    return [f"{name}={value}" for name, value in labels.items()]


def _unless_gone(ask: Callable[[], Answer]) -> Answer | None:
    """Ask the engine about something that may be gone, or be so already as it is to be."""
    from docker.errors import APIError  # noqa: PLC0415  # an optional extra

    try:
        return ask()
    except APIError as error:
        if error.status_code in _SO_ALREADY:
            return None
        raise


@contextmanager
def _translated() -> Iterator[None]:
    """Give the errors of the engine and of the way to it in our words."""
    from docker.errors import APIError, DockerException  # noqa: PLC0415  # an optional extra
    from requests.exceptions import RequestException  # noqa: PLC0415  # comes with it

    try:
        yield
    except APIError as error:
        raise EngineError(f"the container engine says: {error.explanation or error}", error.status_code) from error
    except (DockerException, RequestException) as error:
        raise EngineError(f"the container engine cannot be reached: {error}") from error
