"""Settings as they are read: from the environment, as text."""

from pathlib import Path

import pytest

from luthier.settings import Settings, SettingsError, read_settings


@pytest.mark.parametrize(("text", "value"), [("true", True), ("1", True), ("False", False), ("0", False)])
def test_a_switch_is_read_from_text(tmp_path: Path, text: str, value: bool) -> None:
    settings = read_settings({"LUTHIER_ALLOW_SMALL_SPACES": text}, data_folder=tmp_path)

    assert settings.allow_small_spaces is value


def test_a_switch_is_read_from_the_file(tmp_path: Path) -> None:
    (tmp_path / "luthier.toml").write_text("allow_single_value_ranges = true\n")

    assert read_settings({}, data_folder=tmp_path).allow_single_value_ranges is True


def test_a_switch_that_is_neither_on_nor_off_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="allow_small_spaces: 'maybe' is neither true nor false"):
        read_settings({"LUTHIER_ALLOW_SMALL_SPACES": "maybe"}, data_folder=tmp_path)


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("max_training_jobs_per_tuning_job", 1),
        ("max_parallel_training_jobs", 1),
        ("max_concurrent_tuning_jobs", 0),
        ("max_instances_per_type", 0),
        ("requests_per_second", 0),
        ("slots", 0),
        ("cpus", 0),
        ("memory_gb", 0),
        ("gpus", 0),
    ],
)
def test_a_quota_has_a_least_value(tmp_path: Path, name: str, least: int) -> None:
    variable = f"LUTHIER_{name.upper()}"

    assert getattr(read_settings({variable: str(least)}, data_folder=tmp_path), name) == least
    with pytest.raises(SettingsError, match=f"{name}: {least - 1} is below {least}"):
        read_settings({variable: str(least - 1)}, data_folder=tmp_path)


def test_capacity_is_one_of_two(tmp_path: Path) -> None:
    assert read_settings({"LUTHIER_CAPACITY": "resources"}, data_folder=tmp_path).capacity == "resources"
    with pytest.raises(SettingsError, match="capacity: 'some' is none of slots, resources"):
        read_settings({"LUTHIER_CAPACITY": "some"}, data_folder=tmp_path)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8710"),
        ("127.0.0.2", "http://127.0.0.2:8710"),
        ("localhost", "http://localhost:8710"),
        ("::1", "http://[::1]:8710"),
        ("0.0.0.0", "http://127.0.0.1:8710"),
        ("::", "http://[::1]:8710"),
        ("0:0:0:0:0:0:0:0", "http://[::1]:8710"),
        ("192.0.2.7", "http://127.0.0.1:8710"),
        ("2001:db8::7", "http://127.0.0.1:8710"),
        ("machine.example", "http://127.0.0.1:8710"),
    ],
)
def test_training_jobs_are_told_a_loopback_address(host: str, url: str) -> None:
    """AWS clients fetch credentials over http from no other."""
    assert Settings(host=host).local_url == url


@pytest.mark.parametrize(
    "webhook",
    ["machine.example", "ftp://a/", "http://", "http://user:pass@a/", "http://a/#b", "http://a:x/", "http://é/"],
)
def test_a_webhook_is_a_url(webhook: str) -> None:
    with pytest.raises(SettingsError, match="webhook: not a URL"):
        Settings(webhook=webhook)


@pytest.mark.parametrize("webhook", ["", "http://127.0.0.1:9/a?b=c", "https://machine.example"])
def test_http_and_https_will_do_for_a_webhook(webhook: str) -> None:
    assert Settings(webhook=webhook).webhook == webhook


@pytest.mark.parametrize(
    ("host", "word", "asks"),
    [
        ("127.0.0.1", "auto", False),
        ("127.0.0.3", "auto", False),
        ("localhost", "auto", False),
        ("::1", "auto", False),
        ("127.0.0.1", "always", True),
        ("0.0.0.0", "auto", True),  # nothing listens
        ("::", "auto", True),
        ("192.0.2.1", "auto", True),
        ("tuner.example", "auto", True),
    ],
)
def test_pages_are_for_those_who_sign_in_wherever_others_reach_them(host: str, word: str, asks: bool) -> None:
    assert Settings(host=host, dashboard_sign_in=word).asks_to_sign_in is asks


def test_no_setting_turns_signing_in_off() -> None:
    with pytest.raises(SettingsError, match="dashboard_sign_in: 'never' is none of auto, always"):
        Settings(dashboard_sign_in="never")
