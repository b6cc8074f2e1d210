"""
What runs in the place of a framework's image: `python program.py FRAMEWORK`, with the toolkit's own trainer inside.

    python of the image's entry        toolkit and framework there? a script named?    no: output/failure, exit 1
      └─ exec: python of an environment on top of it, in the temporary folder, so that requirements can be installed
           └─ SageMaker's training toolkit: source from S3, requirements.txt, the script, output/failure

With `python program.py command WORD ...` a command of the caller's runs there in the place of the toolkit.

It needs the standard library and the toolkit alone, nothing of Luthier, so any Python from 3.8 on can run it.
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
import multiprocessing
import os
import signal
import socket
import sys
import sysconfig
import tempfile
import venv
from dataclasses import dataclass
from pathlib import Path

COMMAND = "command"  # in the place of a framework
PROGRAM = "sagemaker_program"
TOOLKIT = "sagemaker_training"
LONGEST_LINE = 1 << 20  # bytes of a line that is kept together


@dataclass(frozen=True)
class Framework:
    """What a script of this kind expects to import."""

    title: str
    module: str
    package: str  # on PyPI
    extra: str  # of Luthier


FRAMEWORKS = {
    "scikit-learn": Framework("scikit-learn", "sklearn", "scikit-learn", "scikit-learn"),
    "pytorch": Framework("PyTorch", "torch", "torch", "pytorch"),
    "tensorflow": Framework("TensorFlow", "tensorflow", "tensorflow", "tensorflow"),
    "xgboost": Framework("XGBoost", "xgboost", "xgboost-cpu", "xgboost-scripts"),
}

DISTRIBUTIONS = (
    "sagemaker_mpi_enabled",
    "sagemaker_distributed_dataparallel_enabled",
    "sagemaker_pytorch_ddp_enabled",
    "sagemaker_pytorch_xla_multi_worker_enabled",
    "sagemaker_torch_distributed_enabled",
    "sagemaker_parameter_server_enabled",
    "sagemaker_multi_worker_mirrored_strategy_enabled",
)
"""Hyperparameters that ask for several processes."""


def main(arguments: list[str]) -> int:
    """Check, then go on in an environment of the training job's own; only a problem comes back, as exit code 1."""
    framework, here = arguments[0], Path(__file__).resolve()
    ml = Path(os.environ.get("LUTHIER_ML", "/opt/ml"))
    if framework == COMMAND:
        return _failed(ml, _go_on(here, arguments[1:]))
    if arguments[1:] == ["on-top"]:
        _train(ml)
        return 0
    problem = missing(framework) or _without_program(ml)
    return _failed(ml, problem or _go_on(here, ["python", str(here), framework, "on-top"]))


def missing(framework: str) -> str | None:
    """Say what this Python lacks for scripts of *framework*, and what to do; None if it has all."""
    wanted = FRAMEWORKS[framework]
    install = (
        f"run pip install 'luthier[{wanted.extra}]'"
        if importlib.util.find_spec("luthier")
        else f"run {sys.executable} -m pip install sagemaker-training {wanted.package}"
    )
    if importlib.util.find_spec(TOOLKIT) is None:
        return (
            f"SageMaker's training toolkit is not installed in {sys.prefix}; {install}. It is compiled when it is "
            "installed: that needs a C compiler and Python's headers (on Debian, apt-get install gcc python3-dev)"
        )
    if importlib.util.find_spec(wanted.module) is None:
        return f"{wanted.title} is not installed in {sys.prefix}; {install}"
    return None


def on_top(folder: Path, own: Path) -> Path:
    """
    Make a virtual environment in *folder* that has all that this Python has, and give its Python.

    What is installed there comes first, so it may also be another version of what is below. Whatever this Python
    imports from is handed on, but for the standard library and the folder *own*.
    """
    venv.EnvBuilder(symlinks=True, with_pip=False).create(folder)
    not_below = {sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"), str(own), ""}
    below = [
        each for each in sys.path if each not in not_below and Path(each).name != "lib-dynload" and Path(each).is_dir()
    ]
    site = folder / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
    lines = ["import site", *(f"site.addsitedir({each!r})" for each in below)]
    (site / "below.pth").write_text("; ".join(lines) + "\n", encoding="utf-8")
    for name in ("pip", "pip3"):  # the one below would install below
        pip = folder / "bin" / name
        pip.write_text('#!/bin/sh\nexec "${0%/*}/python" -m pip "$@"\n', encoding="ascii")
        pip.chmod(0o755)
    return folder / "bin" / "python"


def run_script() -> None:
    """Run the user's script, as the toolkit's framework modules do; raises the toolkit's errors."""
    from sagemaker_training import entry_point, environment, errors, process  # noqa: PLC0415  # an optional extra

    watch = process.watch
    process.watch = lambda stream, *more, **named: watch(WholeLines(stream), *more, **named)
    os.environ.pop("SAGEMAKER_TRAINING_MODULE")  # a script that runs the toolkit itself is not to begin here
    settings = environment.Environment()
    wanted = [name for name in DISTRIBUTIONS if settings.additional_framework_parameters.get(name)]
    if wanted:
        raise errors.ClientError(f"{wanted[0]}: training in several processes is not offered here; leave it out")
    if sys.argv[1] == "tensorflow":
        _set_model_dir(settings.hyperparameters, settings.job_name, environment.read_hyperparameters())
    if not _is_known(settings.current_host):
        os.environ["SM_STUDIO_LOCAL_MODE"] = "true"  # else the toolkit waits a quarter of an hour for its name
    entry_point.run(
        uri=settings.module_dir,
        user_entry_point=settings.user_entry_point,
        args=settings.to_cmd_args(),
        env_vars=settings.to_env_vars(),
        capture_error=True,
    )


def _failed(ml: Path, problem: str) -> int:
    """Say what is wrong where SageMaker looks for it, and give the exit code."""
    text = f"ClientError: {problem}"
    sys.stderr.write(f"{text}\n")
    (ml / "output" / "failure").write_text(text, encoding="utf-8")
    return 1


def _go_on(here: Path, command: list[str]) -> str:
    """Become *command* on top of this Python; comes back only if that cannot be, with the reason."""
    python = on_top(Path(tempfile.gettempdir()) / "environment", here.parent)
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    variables["PATH"] = f"{python.parent}{os.pathsep}{variables.get('PATH', os.defpath)}"
    try:
        os.execvpe(command[0], command, variables)  # noqa: S606  # the image's own program, or the caller's
    except OSError as error:
        return f"{command[0]} of ContainerEntrypoint cannot be started: {error.strerror}; name a program of the image"


class WholeLines:
    """
    A stream that gives whole lines.

    The toolkit ends a line of the log wherever a read ends, and a Python that does not buffer writes a line in pieces:
    "loss=", "0.5". A metric must not be lost so.
    """

    def __init__(self, stream: asyncio.StreamReader) -> None:
        self._stream, self._kept = stream, b""

    async def read(self, size: int) -> bytes:
        """Give at least one whole line, the rest at the end, or a part of a line that is very long; b"" at the end."""
        while not self._whole() and len(self._kept) < LONGEST_LINE:
            piece = await self._stream.read(size)
            if not piece:
                break
            self._kept += piece
        whole = self._whole() or len(self._kept)
        given, self._kept = self._kept[:whole], self._kept[whole:]
        return given

    def _whole(self) -> int:
        return max(self._kept.rfind(b"\n"), self._kept.rfind(b"\r")) + 1


def _train(ml: Path) -> None:
    os.environ.setdefault("PIP_DISABLE_PIP_VERSION_CHECK", "1")
    os.environ["SAGEMAKER_TRAINING_MODULE"] = "__main__:run_script"
    if ml != Path("/opt/ml"):
        os.environ["SAGEMAKER_BASE_DIR"] = str(ml)
    sys.path[:] = [each for each in sys.path if Path(each) != Path(__file__).resolve().parent]
    signal.signal(signal.SIGTERM, lambda *_: _pass_on_termination())
    from sagemaker_training import trainer  # noqa: PLC0415  # an optional extra

    trainer.train()


def _without_program(ml: Path) -> str | None:
    hyperparameters = json.loads((ml / "input" / "config" / "hyperparameters.json").read_text(encoding="utf-8"))
    if hyperparameters.get(PROGRAM) or os.environ.get(PROGRAM.upper()):
        return None
    return f"the hyperparameter {PROGRAM} is missing; it names the script to run (entry_point in SageMaker's SDK)"


def _set_model_dir(hyperparameters: dict[str, object], job: str, everything: dict[str, object]) -> None:
    """Keep the training jobs of a tuning job apart, as SageMaker's TensorFlow images do."""
    model_dir = hyperparameters.get("model_dir")
    if "_tuning_objective_metric" in everything and isinstance(model_dir, str) and not model_dir.startswith("/opt/ml"):
        hyperparameters["model_dir"] = f"{model_dir}/{job}/model"


def _is_known(host: str) -> bool:
    try:
        socket.gethostbyname(host)
    except OSError:
        return False
    return True


def _pass_on_termination() -> None:
    """Let the script know that it is to end; before there is one, end."""
    copiers = {each.pid for each in multiprocessing.active_children()}  # the toolkit's own, which end with it
    children = {
        int(pid)
        for thread in Path("/proc/self/task").iterdir()
        for pid in (thread / "children").read_text(encoding="ascii").split()
    }
    if not children - copiers:
        sys.exit(128 + signal.SIGTERM)
    for pid in children - copiers:
        os.kill(pid, signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
