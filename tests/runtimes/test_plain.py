"""The plain runtime: what it refuses, and what it does where the kernel does not allow an /opt/ml of one's own."""

from dataclasses import replace
from pathlib import Path

import pytest

from enclosed import a_group, an_enclosure, run, shell
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


def test_several_hosts_are_refused_with_what_to_do(tmp_path: Path) -> None:
    group = a_group(an_enclosure(tmp_path / "one"), an_enclosure(tmp_path / "two"))

    with pytest.raises(OSError, match="install bubblewrap"), Plain().started(shell("true"), group):
        pass


def test_isolation_is_refused_with_what_to_do(tmp_path: Path) -> None:
    group = a_group(an_enclosure(tmp_path), is_isolated=True)

    with pytest.raises(OSError, match="EnableNetworkIsolation"), Plain().started(shell("true"), group):
        pass


def test_a_further_folder_at_a_place_that_the_machine_lacks_is_refused(tmp_path: Path) -> None:
    enclosure = replace(an_enclosure(tmp_path), folders={"/no/such/place": tmp_path})

    with pytest.raises(OSError, match="LocalPath"):
        run(Plain(), shell("true"), enclosure)

    assert not Path("/no").exists()
