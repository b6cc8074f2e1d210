"""
The algorithm as an ordinary process, for machines where bubblewrap does not work: nothing is kept from it.

Programs hard-code /opt/ml, so where the kernel lets us, each algorithm gets a view of the file system in which its own
folder is there; the machine's own /opt stays as it is, and is seen through links beside /opt/ml. Elsewhere the
algorithm finds its folder by LUTHIER_ML and by the variables that SageMaker's training toolkit defines (SM_MODEL_DIR,
SM_CHANNEL_TRAIN and so on).
"""

import errno
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from luthier.records.algorithm import Algorithm
from luthier.records.allotment import Allotment
from luthier.runtimes import Enclosure, Exit, HostGroup, Running, Use
from luthier.runtimes.child import Child
from luthier.runtimes.cpus import on_cpus
from luthier.runtimes.environment import variables
from luthier.runtimes.gpus import gpu_variables
from luthier.runtimes.memory import MemoryWatch
from luthier.runtimes.peer_network import check_networks
from luthier.runtimes.processes import Tally
from luthier.runtimes.together import together
from luthier.runtimes.view import check_place

# $1: the folder to be seen as /opt/ml; $2: an empty folder, to keep the machine's /opt in view; $3: where to start;
# $4: how many further folders there are; then each of them with where it is to be seen; then the command. The last
# exec is setpriv's, so that the algorithm dies with its agent: entering namespaces undoes what was set before.
_SCRIPT = """
set -e
ml=$1 opt=$2 start=$3 further=$4
shift 4
if [ ! -d /opt/ml ]; then
    mount --rbind /opt "$opt"
    mount -t tmpfs tmpfs /opt
    for each in "$opt"/* "$opt"/.[!.]*; do
        if [ -e "$each" ]; then ln -s "$each" /opt/; fi
    done
    mkdir /opt/ml
fi
mount --rbind "$ml" /opt/ml
while [ "$further" -gt 0 ]; do
    case $2 in /opt/ml/*) mkdir -p "$2" ;; esac
    mount --rbind "$1" "$2"
    shift 2
    further=$((further - 1))
done
cd "$start"
exec setpriv --pdeathsig KILL -- "$@"
"""

_WAYS_IN = (  # into a view of one's own: with the rights of root, or as the root of a user namespace
    ("unshare", "--mount"),
    ("unshare", "--user", "--map-root-user", "--mount"),
)

_PROBE = Algorithm(image="probe", command=("/usr/bin/test", "-d", "seen"))


@dataclass(frozen=True, slots=True)
class Plain:
    """A `Runtime` without isolation."""

    def has_layers(self, algorithm: Algorithm) -> bool:  # noqa: ARG002  # the Protocol's
        """See `Runtime.has_layers`."""
        return False

    @contextmanager
    def started(self, algorithm: Algorithm, group: HostGroup) -> Iterator[Sequence[Running]]:
        """See `Runtime.started`."""
        if not os.access(algorithm.command[0], os.X_OK):
            raise OSError(errno.ENOENT, f"{algorithm.command[0]} of image {algorithm.image} is no program; check it")
        check_networks(group)
        if group.is_isolated:
            raise OSError(
                errno.ENOTSUP,
                "EnableNetworkIsolation cannot be had without the sandbox; install bubblewrap, or write false",
            )
        if len(group.hosts) > 1:
            raise OSError(
                errno.ENOTSUP,
                f"{len(group.hosts)} hosts on one machine need a network each, which the plain runtime has not; "
                "install bubblewrap, use containers, or write 1 as InstanceCount",
            )
        with together([partial(_started, algorithm, host) for host in group.hosts]) as running:
            yield running


@cache
def find_way_in() -> tuple[str, ...] | None:
    """Find out, once, how an algorithm can get an /opt/ml of its own here; None if it cannot."""
    if shutil.which("unshare") is None or shutil.which("setpriv") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        ml, tmp = Path(folder, "ml"), Path(folder, "tmp")
        Path(ml, "seen").mkdir(parents=True)
        tmp.mkdir()
        for way in _WAYS_IN:
            command = _command(way, _PROBE, ml, tmp, {})
            if subprocess.run(command, env={"PATH": os.defpath}, capture_output=True, check=False).returncode == 0:
                return way
    return None


class _Process:
    """A `Running` that is a process group."""

    def __init__(self, process: subprocess.Popen[bytes], memory_bytes: int | None) -> None:
        self._process = Child(process)
        self._tally = Tally()
        self._memory = MemoryWatch(memory_bytes)
        self._is_out_of_memory = False

    def wait(self, timeout_s: float) -> Exit | None:
        """See `Running.wait`. What its process group has still running ends with it, or of too much memory."""
        code = self._process.wait(timeout_s)
        if code is None:
            if self._memory.is_exceeded(partial(_group, self._process.pid)):
                self._is_out_of_memory = True
                self.kill()
            return None
        self._kill_group()
        return Exit(code, is_out_of_memory=self._is_out_of_memory and code == -signal.SIGKILL)

    def terminate(self) -> None:
        """See `Running.terminate`."""
        self._process.terminate()

    def kill(self) -> None:
        """See `Running.kill`."""
        if self._process.poll() is None:
            self.use()  # for the last time: who dies untold is nowhere counted
            self._kill_group()

    def written_bytes(self) -> int:
        """See `Running.written_bytes`: what it writes elsewhere is not known."""
        return 0

    def use(self) -> Use:
        """See `Running.use`. What has left its process group counts once it has ended and was waited for."""
        if self._process.poll() is not None:
            return self._tally.settle(self._process.processor_s)
        return self._tally.look(sorted(_group(self._process.pid)))  # parents mostly have the lower numbers

    def _kill_group(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)


def _started(algorithm: Algorithm, host: Enclosure) -> _Process:
    settings = variables(algorithm, host, gpu_variables(host.allotment.gpus, are_all_shown=True), tmp=str(host.tmp))
    way_in = find_way_in()
    for seen_as in host.folders:
        _check_standing(seen_as, has_view=way_in is not None)
    with host.log.open("ab") as output:
        if way_in is None:
            folder = algorithm.working_folder or str(host.ml)
            environment = {**_whereabouts(host.ml), **settings}
            process = _start(algorithm.command, environment, folder, host.allotment, output.fileno())
        else:
            command = _command(way_in, algorithm, host.ml, host.tmp, host.folders)
            process = _start(command, settings, "/", host.allotment, output.fileno())
    return _Process(process, host.allotment.memory_bytes)


def _check_standing(seen_as: str, *, has_view: bool) -> None:
    """Raise OSError where a further folder cannot be shown: nothing is made on the machine to stand in for it."""
    check_place(seen_as)
    if not has_view or not (seen_as.startswith("/opt/ml/") or os.path.isdir(seen_as)):  # noqa: PTH112  # a text
        raise OSError(
            errno.ENOTSUP,
            f"folder {seen_as} cannot be had without the sandbox; install bubblewrap, or check LocalPath, which is "
            "best below /opt/ml",
        )


def _start(
    command: tuple[str, ...], environment: Mapping[str, str], folder: str, allotment: Allotment, output: int
) -> subprocess.Popen[bytes]:
    with on_cpus(allotment.cpus):
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=folder,
            env=environment,
            start_new_session=True,
        )


def _group(leader: int) -> list[int]:
    """List the processes of a group."""
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        with suppress(ProcessLookupError):
            if os.getpgid(int(each.name)) == leader:
                found.append(int(each.name))
    return found


def _command(
    way_in: tuple[str, ...], algorithm: Algorithm, ml: Path, tmp: Path, folders: Mapping[str, Path]
) -> tuple[str, ...]:
    opt = tmp / ".opt"
    opt.mkdir(exist_ok=True)
    start = algorithm.working_folder or "/opt/ml"
    further = [word for seen_as, folder in sorted(folders.items()) for word in (str(folder), seen_as)]
    given = (str(ml), str(opt), start, str(len(folders)), *further)
    return (*way_in, "/bin/sh", "-c", _SCRIPT, "sh", *given, *algorithm.command)


def _whereabouts(ml: Path) -> Mapping[str, str]:
    """Name the folders as SageMaker's training toolkit does."""
    channels = sorted(each.name for each in Path(ml, "input", "data").glob("*"))
    return {
        "LUTHIER_ML": str(ml),
        "SM_INPUT_DIR": str(ml / "input"),
        "SM_INPUT_CONFIG_DIR": str(ml / "input" / "config"),
        "SM_MODEL_DIR": str(ml / "model"),
        "SM_OUTPUT_DIR": str(ml / "output"),
        "SM_OUTPUT_DATA_DIR": str(ml / "output" / "data"),
        **{f"SM_CHANNEL_{name.upper()}": str(ml / "input" / "data" / name) for name in channels},
    }
