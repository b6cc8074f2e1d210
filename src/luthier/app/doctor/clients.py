"""Which AWS clients are installed, and what each is asked to do."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_STORIES = Path(__file__).parent / "stories"
_PATIENCE_S = 60.0
_ASK = """
import json
from importlib.metadata import PackageNotFoundError, version
def of(name):
    try:
        return version(name)
    except PackageNotFoundError:
        return None
print(json.dumps({name: of(name) for name in ("boto3", "sagemaker", "awscli")}))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """One installed client, and the command of the program that exercises it."""

    name: str  # boto3, AWS CLI, SageMaker SDK v2, SageMaker SDK v3
    version: str
    place: str  # the interpreter or program
    command: tuple[str, ...]


def find_clients(pythons: Sequence[str], programs: Sequence[str] = ()) -> list[Client]:
    """
    Find the clients that *pythons* can import, and those AWS CLIs among *programs* that run, each once.

    With neither given: this Python, the `python3` and the `aws` that the PATH finds.
    """
    if not pythons and not programs:
        pythons = [sys.executable, *filter(None, [shutil.which("python3")])]
        programs = [*filter(None, [shutil.which("aws")])]
    found = [client for python in pythons for client in _of_python(_absolute(python))]
    found += [client for program in programs for client in _of_program(_absolute(program))]
    return list({(client.name, _real(client.place)): client for client in found}.values())


def _absolute(program: str) -> str:
    """Name a program so that it is found from every folder; a link stays a link, which is what makes an environment."""
    return str(Path(shutil.which(program) or program).absolute())


def _real(place: str) -> str:
    """Tell environments apart: two of them may have one interpreter."""
    return str(Path(place).parent.resolve())


def _of_python(python: str) -> Iterator[Client]:
    versions = _versions(python)
    for name, package, first, story in (
        ("boto3", "boto3", "", "boto3_story.py"),
        ("SageMaker SDK v2", "sagemaker", "2.", "sdk_v2_story.py"),
        ("SageMaker SDK v3", "sagemaker", "3.", "sdk_v3_story.py"),
    ):
        version = versions.get(package)
        if version is not None and version.startswith(first):
            yield Client(name=name, version=version, place=python, command=(python, str(_STORIES / story)))


def _versions(python: str) -> Mapping[str, str | None]:
    try:
        done = subprocess.run(
            [python, "-I", "-c", _ASK],
            capture_output=True,
            check=True,
            timeout=_PATIENCE_S,
            env=_plain(),
        )
    except (OSError, subprocess.SubprocessError):
        return {}  # no Python, so no client: the report lists what was found
    answer: dict[str, str | None] = json.loads(done.stdout)
    return answer


def _of_program(program: str) -> Iterator[Client]:
    try:
        done = subprocess.run(
            [program, "--version"], capture_output=True, check=True, timeout=_PATIENCE_S, env=_plain(), text=True
        )
    except (OSError, subprocess.SubprocessError):
        return
    said = (done.stdout or done.stderr).split()
    version = said[0].removeprefix("aws-cli/") if said else "?"
    story = (sys.executable, str(_STORIES / "cli_story.py"), program)
    yield Client(name="AWS CLI", version=version, place=program, command=story)


def _plain() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PYTHON"))}
