"""The plain runtime, where the kernel does not allow an /opt/ml of one's own."""

from pathlib import Path

import pytest

from enclosed import an_enclosure, run, shell
from luthier.runtimes import plain
from luthier.runtimes.plain import Plain, find_way_in


@pytest.fixture
def forbidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which nobody may make a view of the file system."""
    monkeypatch.setattr(plain, "find_way_in", lambda: None)


@pytest.mark.usefixtures("forbidden")
@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("LUTHIER_ML", ""),
        ("SM_INPUT_DIR", "input"),
        ("SM_INPUT_CONFIG_DIR", "input/config"),
        ("SM_CHANNEL_TRAIN", "input/data/train"),
        ("SM_MODEL_DIR", "model"),
        ("SM_OUTPUT_DIR", "output"),
        ("SM_OUTPUT_DATA_DIR", "output/data"),
    ],
)
def test_the_folders_are_found_by_variables(tmp_path: Path, name: str, folder: str) -> None:
    assert run(Plain(), shell(f"echo ${name}"), an_enclosure(tmp_path)).log.strip() == str(tmp_path / "ml" / folder)


@pytest.mark.usefixtures("forbidden")
def test_the_working_folder_is_the_training_jobs(tmp_path: Path) -> None:
    assert run(Plain(), shell("pwd"), an_enclosure(tmp_path)).log.strip() == str(tmp_path / "ml")


def test_the_machines_own_opt_stays_in_view(tmp_path: Path) -> None:
    there = {each.name for each in Path("/opt").iterdir()} | {"ml"}

    seen = run(Plain(), shell("ls -A /opt/"), an_enclosure(tmp_path)).log.split()

    assert find_way_in() is None or set(seen) == there


def test_the_machines_opt_is_left_as_it_was(tmp_path: Path) -> None:
    before = sorted(Path("/opt").iterdir())

    run(Plain(), shell("true"), an_enclosure(tmp_path))

    assert sorted(Path("/opt").iterdir()) == before
