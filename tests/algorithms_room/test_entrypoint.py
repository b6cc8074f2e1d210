"""A caller's command in the place of an image's own program, in a real training host."""

import io
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from luthier.algorithms.catalogue import Catalogue, CatalogueEntry
from luthier.objects.s3 import S3Objects
from luthier.records.journal import Ended, Outcome
from s3_server import an_object_store
from training_hosts import a_host, a_spec, lived

pytestmark = pytest.mark.slow

SHELL = ("/bin/sh", "-c")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Objects]:
    folder = tmp_path_factory.mktemp("store")
    (folder / "s3" / "data").mkdir(parents=True)
    with an_object_store(folder) as store:
        yield store


def run(
    folder: Path, store: S3Objects, command: tuple[str, ...], own: tuple[str, ...] = (sys.executable,), **entry: Any
) -> tuple[Ended, str]:
    """Run *command* in an image whose own program is *own*, and give its end and its log."""
    image = CatalogueEntry(pattern="*", command=own, **entry)
    host = a_host(folder, store, (), a_spec(command=command), catalogue=Catalogue(entries=(image,)))
    return lived(host), host.workspace.host("algo-1").log.read_text()


def test_an_entrypoint_runs_in_the_place_of_the_images_program(store: S3Objects, tmp_path: Path) -> None:
    ended, log = run(tmp_path, store, (*SHELL, "echo in its place"), (sys.executable, "-c", "print('its own')"))

    assert (ended.outcome, log) == (Outcome.COMPLETED, "in its place\n")


def test_arguments_follow_the_entrypoint(store: S3Objects, tmp_path: Path) -> None:
    _, log = run(tmp_path, store, ("python3", "-c", "import sys; print(sys.argv[1:])", "--a b", "", "*", "--"))

    assert log == "['--a b', '', '*', '--']\n"


def test_it_finds_the_packages_of_the_images_python(store: S3Objects, tmp_path: Path) -> None:
    _, log = run(tmp_path, store, ("python3", "-c", "import sklearn; print(sklearn.__name__)"))

    assert log == "sklearn\n"


def test_pip_installs_what_only_this_training_job_sees(store: S3Objects, tmp_path: Path) -> None:
    script = """
        set -e
        mkdir -p /tmp/new-1.0.dist-info
        cd /tmp
        echo 'seen = 1' > new.py
        printf 'Metadata-Version: 2.1\\nName: new\\nVersion: 1.0\\n' > new-1.0.dist-info/METADATA
        printf 'Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n' > new-1.0.dist-info/WHEEL
        touch new-1.0.dist-info/RECORD
        python3 -m zipfile -c new-1.0-py3-none-any.whl new.py new-1.0.dist-info
        pip install --no-index ./new-1.0-py3-none-any.whl
        cd /
        python3 -c 'import new; print(new.__file__)' > /opt/ml/model/where
    """

    ended, log = run(tmp_path, store, (*SHELL, script))

    assert ended.outcome is Outcome.COMPLETED, log
    assert model(store, "Tune-001", "where").startswith("/tmp/environment/")


def test_its_exit_code_is_the_training_jobs(store: S3Objects, tmp_path: Path) -> None:
    ended, _ = run(tmp_path, store, (*SHELL, "exit 3"))

    assert (ended.outcome, ended.reason) == (Outcome.FAILED, "AlgorithmError: Exit Code: 3")


def test_a_program_that_is_not_there_is_named(store: S3Objects, tmp_path: Path) -> None:
    ended, _ = run(tmp_path, store, ("no-such-program",))

    assert ended.reason is not None
    assert "no-such-program of ContainerEntrypoint cannot be started: No such file" in ended.reason


def test_the_folder_of_an_image_without_python_is_on_the_path(store: S3Objects, tmp_path: Path) -> None:
    own = tmp_path / "image" / "own"
    own.parent.mkdir()
    for name, said in (("own", "own"), ("other", "other of this image")):
        (own.parent / name).write_text(f'#!/bin/sh\necho {said} "$@"\n')
        (own.parent / name).chmod(0o755)

    ended, log = run(tmp_path / "data", store, ("other", "x y"), (str(own),))

    assert (ended.outcome, log) == (Outcome.COMPLETED, "other of this image x y\n")


def test_the_images_variables_and_working_folder_are_there(store: S3Objects, tmp_path: Path) -> None:
    code = tmp_path / "code"
    code.mkdir()

    _, log = run(
        tmp_path / "data", store, (*SHELL, "echo $COLOUR $PWD"), code=str(code), environment=(("COLOUR", "blue"),)
    )

    assert log == f"blue {code}\n"


def model(store: S3Objects, name: str, file: str) -> str:
    with store.open(f"s3://data/output/{name}/output/model.tar.gz") as body:
        packed = io.BytesIO(body.read())
    with tarfile.open(fileobj=packed) as tar:
        found = tar.extractfile(file)
        assert found is not None
        return found.read().decode()
