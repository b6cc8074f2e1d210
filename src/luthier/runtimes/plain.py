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
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from luthier.records.algorithm import Algorithm
from luthier.runtimes import Enclosure, Running
from luthier.runtimes.environment import variables

# $1: the folder to be seen as /opt/ml; $2: an empty folder, to keep the machine's /opt in view; $3: where to start;
# then the command. The last exec is setpriv's, so that the algorithm dies with its agent: entering namespaces undoes
# what was set before.
_SCRIPT = """
set -e
ml=$1 opt=$2 start=$3
shift 3
if [ ! -d /opt/ml ]; then
    mount --rbind /opt "$opt"
    mount -t tmpfs tmpfs /opt
    for each in "$opt"/* "$opt"/.[!.]*; do
        if [ -e "$each" ]; then ln -s "$each" /opt/; fi
    done
    mkdir /opt/ml
fi
mount --rbind "$ml" /opt/ml
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

    def spawn(self, algorithm: Algorithm, enclosure: Enclosure, log: Path) -> Running:
        """See `Runtime.spawn`."""
        if not os.access(algorithm.command[0], os.X_OK):
            raise OSError(errno.ENOENT, f"{algorithm.command[0]} of image {algorithm.image} is no program; check it")
        if not enclosure.has_network:
            raise OSError(
                errno.ENOTSUP,
                "EnableNetworkIsolation cannot be had without the sandbox; install bubblewrap, or write false",
            )
        settings = variables(algorithm, enclosure, tmp=str(enclosure.tmp))
        way_in = find_way_in()
        with log.open("ab") as output:
            if way_in is None:
                folder = algorithm.working_folder or str(enclosure.ml)
                environment = {**_whereabouts(enclosure.ml), **settings}
                return _start(algorithm.command, environment, folder, output.fileno())
            command = _command(way_in, algorithm, enclosure.ml, enclosure.tmp)
            return _start(command, settings, "/", output.fileno())


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
            command = _command(way, _PROBE, ml, tmp)
            if subprocess.run(command, env={"PATH": os.defpath}, capture_output=True, check=False).returncode == 0:
                return way
    return None


class _Process:
    """A `Running` that is a process group."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def wait(self, timeout_s: float) -> int | None:
        """See `Running.wait`. What the algorithm leaves running in its process group ends with it."""
        try:
            code = self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return None
        self._kill_group()
        return code

    def terminate(self) -> None:
        """See `Running.terminate`."""
        self._process.terminate()

    def kill(self) -> None:
        """See `Running.kill`."""
        if self._process.poll() is None:
            self._kill_group()

    def _kill_group(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)


def _start(command: tuple[str, ...], environment: Mapping[str, str], folder: str, output: int) -> _Process:
    return _Process(
        subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=folder,
            env=environment,
            start_new_session=True,
        )
    )


def _command(way_in: tuple[str, ...], algorithm: Algorithm, ml: Path, tmp: Path) -> tuple[str, ...]:
    opt = tmp / ".opt"
    opt.mkdir(exist_ok=True)
    start = algorithm.working_folder or "/opt/ml"
    return (*way_in, "/bin/sh", "-c", _SCRIPT, "sh", str(ml), str(opt), start, *algorithm.command)


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
