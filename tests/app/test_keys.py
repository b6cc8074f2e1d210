"""The access key and the secret of an installation, in files of their own."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from luthier.app.keys import SECRET_FILE, obtain_key, obtain_sessions, read_key
from luthier.settings import Settings, SettingsError

KEYS = 8


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_folder=tmp_path)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_first_start_makes_a_key(settings: Settings) -> None:
    key, is_new = obtain_key(settings)

    assert (is_new, obtain_key(settings)) == (True, (key, False))


def test_the_first_start_makes_a_secret_that_stays(settings: Settings) -> None:
    first = obtain_sessions(settings).secret_of("AKIA")

    assert obtain_sessions(settings).secret_of("AKIA") == first


def test_two_installations_have_different_secrets(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    one, two = (obtain_sessions(Settings(data_folder=tmp_path / name)) for name in ("one", "two"))

    assert one.secret_of("AKIA") != two.secret_of("AKIA")


def test_the_secret_is_its_owners_alone(settings: Settings) -> None:
    obtain_key(settings)
    obtain_sessions(settings)

    assert {path.name: mode_of(path) for path in settings.data_folder.iterdir()} == {
        "credentials.json": 0o600,
        "secret": 0o600,
    }


def test_those_who_start_at_the_same_instant_agree_on_key_and_secret(settings: Settings) -> None:
    def start(_: int) -> tuple[str, str]:
        return obtain_key(settings)[0].access_key, obtain_sessions(settings).secret_of("AKIA")

    with ThreadPoolExecutor(KEYS) as threads:
        started = set(threads.map(start, range(KEYS)))

    assert len(started) == 1


def test_a_draft_that_a_crash_left_does_no_harm(settings: Settings) -> None:
    (settings.data_folder / f".{SECRET_FILE}.0123456789abcdef").write_bytes(b"half")

    assert len(obtain_sessions(settings).secret_of("AKIA")) == 40


@pytest.mark.parametrize("content", [b"", b"too short", b"x" * 33])
def test_a_secret_that_was_not_written_here_is_refused(settings: Settings, content: bytes) -> None:
    (settings.data_folder / SECRET_FILE).write_bytes(content)

    with pytest.raises(SettingsError, match="not the secret of an installation"):
        obtain_sessions(settings)


def test_without_a_start_there_is_no_key(settings: Settings) -> None:
    with pytest.raises(SettingsError, match="no access key yet"):
        read_key(settings)
