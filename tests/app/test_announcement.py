"""What a server says when it starts."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from luthier.app.announcement import announce
from luthier.app.keys import Key
from luthier.settings import Settings, SettingsError

KEY = Key(access_key="AKIAEXAMPLEEXAMPLE22", secret_key="s" * 40, account="000000000000")


def a_console(*, is_terminal: bool = False, width: int = 200) -> Console:
    return Console(
        file=io.StringIO(), force_terminal=is_terminal, width=width, height=40, _environ={"TERM": "xterm-256color"}
    )


def shown(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def announced(settings: Settings, *, is_new: bool) -> str:
    console = a_console(width=40)
    announce(settings, KEY, is_new, console)
    return shown(console)


def test_the_first_start_shows_lines_that_can_be_pasted_whole(tmp_path: Path) -> None:
    text = announced(Settings(data_folder=tmp_path, runtime="plain"), is_new=True)

    assert f"  export AWS_SECRET_ACCESS_KEY={KEY.secret_key}\n" in text
    assert "  export AWS_ENDPOINT_URL=http://127.0.0.1:8710\n" in text


def test_a_later_start_keeps_the_key_to_itself(tmp_path: Path) -> None:
    text = announced(Settings(data_folder=tmp_path, runtime="plain"), is_new=False)

    assert KEY.secret_key not in text
    assert KEY.access_key not in text


def test_the_command_for_the_variables_leads_to_this_very_server(tmp_path: Path) -> None:
    text = announced(Settings(data_folder=tmp_path / "a b", port=9000, runtime="plain"), is_new=False)

    assert f"eval \"$(luthier env --data-folder '{tmp_path}/a b' --port 9000)\"\n" in text


def test_by_default_the_command_for_the_variables_is_short() -> None:
    text = announced(Settings(data_folder=Path("~/.luthier").expanduser(), runtime="plain"), is_new=False)

    assert 'eval "$(luthier env)"\n' in text


def test_running_without_a_sandbox_is_said_loudly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("luthier.runtimes.choice._binaries", lambda: iter(()))
    console = a_console(is_terminal=True)

    announce(Settings(data_folder=tmp_path, runtime="auto"), KEY, False, console)

    assert "\x1b[1;33mWarning: algorithms run WITHOUT a sandbox" in shown(console)


def test_a_sandbox_that_is_demanded_and_missing_is_the_settings_mistake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("luthier.runtimes.choice._binaries", lambda: iter(()))

    with pytest.raises(SettingsError, match="runtime: bubblewrap is missing"):
        announce(Settings(data_folder=tmp_path, runtime="bubblewrap"), KEY, False, a_console())
