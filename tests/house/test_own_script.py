"""The guide "Your own script, tuned in ten minutes", typed in as a reader would, with each of its three clients."""

import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from clients_env import environment, program_of
from luthier_server import PATIENCE_S, Luthier, a_luthier

PAGE = Path(__file__).parents[2] / "docs/guides/own-script.md"
PLACE = {"boto3": 1, "sdk2": 2, "sdk3": 3}  # of its program on the page, behind the script

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


TEN = re.compile(r'(?<="MaxNumberOfTrainingJobs": )10\b|(?<=max_jobs=)10\b')


def programs() -> list[str]:
    return re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def shortened(program: str) -> str:
    """Ask for three training jobs instead of ten: the toolkit that runs a script takes seconds to begin."""
    text, count = TEN.subn("3", program)
    assert count == 1
    return text


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Luthier]:
    with a_luthier(tmp_path_factory.mktemp("own-script")) as server:
        yield server


@pytest.mark.parametrize("client", sorted(PLACE))
def test_the_script_is_tuned_as_it_is_printed(server: Luthier, tmp_path: Path, client: str) -> None:
    """It ends Completed, and leaves the best model."""
    python = Path(sys.executable) if client == "boto3" else program_of(client, "python")
    (tmp_path / "train.py").write_text(programs()[0], encoding="utf-8")
    (tmp_path / "tune.py").write_text(shortened(programs()[PLACE[client]]), encoding="utf-8")

    said = subprocess.run(
        [python, "tune.py"],
        cwd=tmp_path,
        env=environment(server, tmp_path),
        capture_output=True,
        text=True,
        timeout=2 * PATIENCE_S,
        check=False,
    )

    assert said.returncode == 0, said.stdout + said.stderr
    assert said.stdout.splitlines()[-1].startswith("Completed ")
    with tarfile.open(tmp_path / "model.tar.gz") as model:
        assert model.getnames() == ["model.joblib"]
