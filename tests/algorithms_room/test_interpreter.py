"""What a program needs to see in a sandbox that shows only the system."""

import sys
import venv
from pathlib import Path

import pytest

from luthier.algorithms.interpreter import folders_of, outermost


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def a_python(prefix: Path) -> Path:
    """Make what looks like a Python installed under *prefix*."""
    (prefix / "bin").mkdir(parents=True)
    (prefix / "lib/python3.11/site-packages").mkdir(parents=True)
    program = prefix / "bin/python3"
    program.write_text("")
    return program


def an_environment(prefix: Path, base: Path) -> Path:
    """Make what looks like a virtual environment of the interpreter *base*."""
    program = prefix / "bin/python3"
    program.parent.mkdir(parents=True)
    (prefix / "lib/python3.11/site-packages").mkdir(parents=True)
    program.symlink_to(base)
    (prefix / "pyvenv.cfg").write_text(f"home = {base.parent}\n")
    return program


def test_a_virtual_environment_needs_itself_and_its_base(home: Path) -> None:
    base = a_python(home / "pythons/3.11")
    program = an_environment(home / "venv", base)

    assert folders_of(program) == (str(home / "pythons/3.11"), str(home / "venv"))


def test_every_link_on_the_way_is_shown(home: Path) -> None:
    base = a_python(home / "pythons/3.11")
    (home / "links").mkdir()
    (home / "links/python3.11").symlink_to("../pythons/3.11/bin/python3")
    program = an_environment(home / "venv", home / "links/python3.11")

    assert str(home / "links") in folders_of(program)
    assert str(base.parent.parent) in folders_of(program)


def test_a_copied_interpreter_still_needs_its_base(home: Path) -> None:
    base = a_python(home / "pythons/3.11")
    program = an_environment(home / "venv", base)
    program.unlink()
    program.write_text("")

    assert str(home / "pythons/3.11") in folders_of(program)


def test_a_script_of_an_environment_needs_its_interpreter(home: Path) -> None:
    program = an_environment(home / "venv", a_python(home / "pythons/3.11"))
    script = home / "scripts/train"
    script.parent.mkdir()
    script.write_text(f"#!{program}\n")

    assert folders_of(script) == (str(home / "pythons/3.11"), str(home / "scripts"), str(home / "venv"))


def test_packages_installed_as_editable_are_shown(home: Path) -> None:
    program = an_environment(home / "venv", a_python(home / "pythons/3.11"))
    (home / "project/src").mkdir(parents=True)
    (home / "venv/lib/python3.11/site-packages/mine.pth").write_text(f"import os\n{home}/project/src\n{home}\n")

    assert str(home / "project/src") in folders_of(program)
    assert str(home) not in folders_of(program)


def test_the_home_folder_is_never_shown_whole(home: Path) -> None:
    program = a_python(home)

    assert folders_of(program) == (str(home / "bin"), str(home / "lib"))


def test_a_program_in_the_home_folder_is_shown_alone(home: Path) -> None:
    program = home / "train"
    program.write_text("")

    assert folders_of(program) == (str(program),)


def test_links_in_a_circle_end(home: Path) -> None:
    (home / "a").symlink_to("b")
    (home / "b").symlink_to("a")

    assert folders_of(home / "a") == ()


def test_the_systems_folders_go_without_saying() -> None:
    assert outermost([Path("/usr/bin"), Path("/opt/a"), Path("/opt/a/b"), Path("/opt/ab")]) == [
        Path("/opt/a"),
        Path("/opt/ab"),
    ]


def test_a_real_virtual_environment_is_recognised(tmp_path: Path) -> None:
    venv.create(tmp_path / "real", with_pip=False)

    folders = folders_of(tmp_path / "real/bin/python")

    assert str(tmp_path / "real") in folders
    assert sys.base_prefix == "/usr" or sys.base_prefix in folders
