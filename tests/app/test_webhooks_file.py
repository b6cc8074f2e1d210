"""The file of webhooks."""

from pathlib import Path

import pytest

from luthier.app.webhooks_file import MOST, read_destinations
from luthier.records.outbox import Outbox
from luthier.records.state_change import JobKind
from luthier.settings import Settings, SettingsError

CHAT = '[[webhook]]\nname = "chat"\nurl = "https://chat.example/hook"\n'


def settings(folder: Path, text: str | None = None, **changes: str) -> Settings:
    """Give settings of a data folder, in which the file holds *text*."""
    if text is not None:
        (folder / "webhooks.toml").write_text(text)
    return Settings(data_folder=folder, **changes)  # type: ignore[arg-type]


def test_without_a_file_and_a_setting_nobody_is_told(tmp_path: Path) -> None:
    assert read_destinations(settings(tmp_path)) == ()


def test_the_settings_webhook_is_told_of_everything(tmp_path: Path) -> None:
    (found,) = read_destinations(settings(tmp_path, webhook="http://127.0.0.1:9/", webhook_secret="s3cret"))

    assert (found.outbox, found.url, found.secret) == (Outbox(name="webhook"), "http://127.0.0.1:9/", "s3cret")


def test_the_file_adds_others_with_their_filters(tmp_path: Path) -> None:
    filters = 'secret = "a"\nkinds = ["tuning"]\ntuning_jobs = ["Churn-*"]\nstatuses = ["Completed", "Failed"]\n'

    own, chat = read_destinations(settings(tmp_path, CHAT + filters, webhook="http://127.0.0.1:9/"))

    assert own.outbox.name == "webhook"
    assert (chat.url, chat.secret) == ("https://chat.example/hook", "a")
    assert chat.outbox == Outbox(
        name="chat", kinds=(JobKind.TUNING,), tuning_jobs=("churn-*",), statuses=("Completed", "Failed")
    )


def test_the_file_may_be_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.toml").write_text(CHAT)

    (found,) = read_destinations(settings(tmp_path, webhooks=str(tmp_path / "elsewhere.toml")))

    assert found.outbox.name == "chat"


def test_a_file_that_is_named_has_to_be_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="there is no file"):
        read_destinations(settings(tmp_path, webhooks=str(tmp_path / "gone.toml")))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("webhook = [", "not TOML"),
        ("\x00", "not TOML"),
        ("[webhook]\nname = 'a'", r"it holds \[\[webhook\]\] tables only"),
        ("port = 1\n" + CHAT, r"it holds \[\[webhook\]\] tables only"),
        (CHAT + "event = ['tuning']", "webhook 1: there is no 'event'; there are name, url"),
        (CHAT.replace("chat", "Chat", 1), "webhook 1: name: 'Chat' is none"),
        (CHAT.replace('"chat"', '"webhook"'), "name: 'webhook' is none"),
        ("[[webhook]]\nurl = 'http://a'", "name: '' is none"),
        ("[[webhook]]\nname = 1", "name: 1 is no text"),
        (CHAT.replace("https", "ftp"), "webhook 1: url: not a URL"),
        ("[[webhook]]\nname = 'a'", "webhook 1: url: not a URL"),
        (CHAT + "kinds = ['processing']", "kinds: 'processing' is none of tuning, training"),
        (CHAT + "statuses = ['Done']", "statuses: 'Done' is none of .*Completed"),
        (CHAT + "statuses = []", r"statuses: \[\] is no list of texts; leave it out for all"),
        (CHAT + "tuning_jobs = 'a*'", "tuning_jobs: 'a\\*' is no list of texts"),
        (CHAT + CHAT, "two webhooks are called 'chat'"),
        (
            "".join(CHAT.replace('"chat"', f'"chat-{number}"') for number in range(MOST + 1)),
            f"{MOST + 1} webhooks; there may be {MOST}",
        ),
    ],
)
def test_a_file_that_is_no_good_is_told_with_what_would_be(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        read_destinations(settings(tmp_path, text))
