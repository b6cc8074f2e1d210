"""The container engine, as the settings want it."""

import logging
import subprocess
import sys
from pathlib import Path

import pytest

from luthier.algorithms.catalogue import CatalogueError
from luthier.app.containers import catalogue_of, clear_group, clear_leftovers, image_getter, runtime_of
from luthier.records.algorithm import Algorithm
from luthier.settings import Settings

NOBODY = "/nonexistent/docker.sock"


def settings_of(folder: Path, **changes: object) -> Settings:
    return Settings(data_folder=folder, container_socket=NOBODY, **changes)  # type: ignore[arg-type]


@pytest.fixture
def marked(tmp_path: Path) -> Settings:
    """Settings whose data folder says that there have been containers, and an engine that is away."""
    (tmp_path / "containers").touch()
    return settings_of(tmp_path)


def test_an_unknown_image_is_nobodys_where_no_engine_answers(tmp_path: Path) -> None:
    assert catalogue_of(settings_of(tmp_path)).find("mine:1") is None


def test_with_containers_alone_the_lack_of_an_engine_is_told(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="no container engine answers at /nonexistent"):
        catalogue_of(settings_of(tmp_path, runtime="container")).find("mine:1")


@pytest.mark.parametrize("runtime", ["bubblewrap", "plain"])
def test_with_commands_alone_no_engine_is_asked(tmp_path: Path, runtime: str) -> None:
    assert catalogue_of(settings_of(tmp_path, runtime=runtime)).containers is None


def test_with_containers_alone_a_command_is_not_run(tmp_path: Path) -> None:
    runtime, warning = runtime_of(settings_of(tmp_path, runtime="container"))

    command = Algorithm(image="trainer:1", command=("/bin/true",))
    assert (warning, runtime.has_layers(command)) == (None, False)


def test_an_image_that_cannot_be_had_is_the_catalogues_error(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="no container engine answers"):
        image_getter(settings_of(tmp_path))("mine:1", lambda: None, lambda: None)


def test_before_an_image_is_obtained_the_data_folder_is_marked(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError):
        image_getter(settings_of(tmp_path))("mine:1", lambda: None, lambda: None)

    assert (tmp_path / "containers").exists()


def test_an_engine_that_is_away_keeps_nothing_from_being_cleared(
    marked: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    clear_group(marked, "a-group")
    clear_leftovers(marked)

    assert [each.levelno for each in caplog.records] == [logging.WARNING] * 2
    assert "a-group" in caplog.text


def test_nothing_is_cleared_where_there_never_was_a_container(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    clear_group(settings_of(tmp_path), "a-group")
    clear_leftovers(settings_of(tmp_path))

    assert caplog.records == []


def test_the_engines_library_is_not_loaded_until_a_container_is_wanted(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from luthier.app import agent, server; "
        "from luthier.app.containers import clear_leftovers, runtime_of; from luthier.settings import Settings; "
        "settings = Settings(data_folder=Path(sys.argv[1]), runtime='plain'); "
        "runtime_of(settings); clear_leftovers(settings); print('docker' in sys.modules)"
    )

    said = subprocess.check_output([sys.executable, "-c", code, str(tmp_path)], text=True)

    assert said == "False\n"
