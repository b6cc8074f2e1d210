"""The README's first tuning job, typed in as a reader would: its programs, its commands, a real server."""

import os
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from luthier.runtimes.bubblewrap import Bubblewrap
from luthier.runtimes.choice import choose
from luthier.runtimes.plain import find_way_in
from luthier_server import CLEAN, PATIENCE_S, a_luthier

README = Path(__file__).parents[2] / "README.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The variables of a terminal with the environment activated, a server being up that settings lead to."""
    kept = {name: os.environ[name] for name in CLEAN if name in os.environ}
    with a_luthier(tmp_path) as server:
        yield {
            **kept,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "LUTHIER_DATA_FOLDER": str(server.folder),
            "LUTHIER_PORT": str(server.port),
        }


def has_opt_ml() -> bool:
    runtime, _ = choose("auto")
    return isinstance(runtime, Bubblewrap) or find_way_in() is not None


@pytest.mark.slow
def test_the_first_tuning_job_of_the_readme_runs_as_it_is_printed(terminal: dict[str, str], tmp_path: Path) -> None:
    """It ends Completed near the best x, and leaves the best model."""
    if not has_opt_ml():
        pytest.skip("this machine can give an algorithm no /opt/ml of its own")
    train, tune = blocks("python")
    (commands,) = blocks("sh")
    folder = tmp_path / "first"
    folder.mkdir()
    (folder / "train.py").write_text(train, encoding="utf-8")
    (folder / "tune.py").write_text(tune, encoding="utf-8")

    said = subprocess.run(
        ["sh", "-e", "-c", commands],
        cwd=folder,
        env=terminal,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )

    assert said.returncode == 0, said.stdout + said.stderr
    assert said.stdout.splitlines()[-1].startswith("Completed {'x': '")
    with tarfile.open(folder / "model.tar.gz") as model:
        member = model.extractfile("x.txt")
        assert member is not None
        assert abs(float(member.read()) - 3.0) < 1.0


def test_no_program_of_the_readme_imports_luthier() -> None:
    assert [
        block for block in blocks("python") if re.search(r"^(import|from)\b.*\bluthier\b", block, re.MULTILINE)
    ] == []


def test_the_readmes_two_commands_are_targets_of_make() -> None:
    makefile = README.with_name("Makefile").read_text(encoding="utf-8")
    commands = re.findall(r"^\$ make (\w+)", README.read_text(encoding="utf-8"), re.MULTILINE)

    assert commands == ["demo", "test"]
    assert all(re.search(rf"^{command}:", makefile, re.MULTILINE) for command in commands)
