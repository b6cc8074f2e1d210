"""What every runtime with layers promises: many read one folder, and each may write to what it sees."""

from dataclasses import replace
from pathlib import Path

import pytest

from container_image import InImage, contained
from enclosed import an_enclosure, run, shell
from luthier.runtimes import Enclosure, Layer, Runtime
from luthier.runtimes.choice import choose

SEEN_AS = "/opt/ml/input/data/train"


@pytest.fixture(params=["bubblewrap", pytest.param("container", marks=pytest.mark.slow)])
def runtime(request: pytest.FixtureRequest) -> Runtime:
    """Each runtime that has layers."""
    if request.param == "container":
        return contained(request.getfixturevalue("engine"))
    return choose("bubblewrap")[0]


@pytest.fixture
def odd(runtime: Runtime) -> str:
    """Characters that a folder's name may have in a layer."""
    return " with space" if isinstance(runtime, InImage) else ", with:odd\\name"


@pytest.fixture
def shared(tmp_path: Path, odd: str) -> Path:
    """A folder with a file that many read, under a name that some programs would take apart."""
    folder = tmp_path / f"shared{odd}"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "a").write_text("one\n")
    return folder


def layered(folder: Path, shared: Path) -> Enclosure:
    layer = Layer(below=shared, above=folder / "above", scratch=folder / "scratch")
    for each in (layer.above, layer.scratch):
        each.mkdir(parents=True)
    return replace(an_enclosure(folder), layers={SEEN_AS: layer})


def test_what_is_shared_can_be_read(runtime: Runtime, shared: Path, tmp_path: Path) -> None:
    assert runtime.has_layers(shell(""))
    assert run(runtime, shell(f"cat {SEEN_AS}/sub/a"), layered(tmp_path / "1", shared)).log == "one\n"


@pytest.mark.parametrize(
    "script",
    ["echo two >> sub/a", "rm -r sub", "mkdir other; touch other/b", "chmod 600 sub/a", "ln -sf /etc/passwd sub/a"],
)
def test_whatever_is_done_to_it_the_others_see_nothing_of_it(
    runtime: Runtime, shared: Path, tmp_path: Path, script: str
) -> None:
    mode = (shared / "sub" / "a").stat().st_mode

    done = run(runtime, shell(f"cd {SEEN_AS}; {script}"), layered(tmp_path / "1", shared))

    assert (done.code, done.log) == (0, "")
    assert ((shared / "sub" / "a").read_text(), (shared / "sub" / "a").stat().st_mode) == ("one\n", mode)
    assert run(runtime, shell(f"cat {SEEN_AS}/sub/a"), layered(tmp_path / "2", shared)).log == "one\n"


def test_its_own_writer_sees_what_it_has_written(runtime: Runtime, shared: Path, tmp_path: Path) -> None:
    script = f"cd {SEEN_AS}; echo two >> sub/a; echo three > b; cat sub/a b; rm sub/a; ls sub"

    assert run(runtime, shell(script), layered(tmp_path / "1", shared)).log == "one\ntwo\nthree\n"


def test_what_is_written_lies_above(runtime: Runtime, shared: Path, tmp_path: Path) -> None:
    enclosure = layered(tmp_path / "1", shared)

    run(runtime, shell(f"echo new > {SEEN_AS}/b"), enclosure)

    assert (enclosure.layers[SEEN_AS].above / "b").read_text() == "new\n"
