"""What commands answer with --json: one document each, over a data folder."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from luthier.app.keys import obtain_key, read_key
from luthier.cli import app
from luthier.settings import Settings

OTHER = "111122223333"
Tell = Callable[..., Any]


@pytest.fixture
def tell(tmp_path: Path) -> Tell:
    """Run a command with --json, and give the document that it prints."""

    def run(*arguments: str) -> Any:
        ended = CliRunner().invoke(app, [*arguments, "--json", "--data-folder", str(tmp_path)])
        if ended.exception is not None and not isinstance(ended.exception, SystemExit):
            raise ended.exception
        return json.loads(ended.stdout)

    return run


def test_the_variables_of_env(tell: Tell, tmp_path: Path) -> None:
    tell("keys", "list")

    assert tell("env")["AWS_ACCESS_KEY_ID"] == read_key(Settings(data_folder=tmp_path)).access_key


def test_a_key_is_added_listed_and_removed(tell: Tell) -> None:
    made = tell("keys", "add", "--account", OTHER, "--user", "alice")["AWS_ACCESS_KEY_ID"]

    listed = tell("keys", "list", "--account", OTHER)

    assert listed == [{"access_key": made, "account": OTHER, "user": "alice"}]
    assert tell("keys", "remove", made) == {"removed": made}
    assert tell("keys", "list", "--account", OTHER) == []


def test_secrets_are_told_where_they_are_asked_for(tell: Tell) -> None:
    made = tell("keys", "add", "--account", OTHER)

    (listed,) = tell("keys", "list", "--account", OTHER, "--secrets")

    assert listed["secret_key"] == made["AWS_SECRET_ACCESS_KEY"]


def test_a_role_is_told_with_what_it_may_do(tell: Tell) -> None:
    arn = f"arn:aws:iam::{OTHER}:role/trainer"
    told = tell("roles", "set", "trainer", "--account", OTHER, "--read", "s3://data/in", "--no-write")

    assert told == {"arn": arn, "actions": ["*"], "read": ["s3://data/in"], "write": []}
    assert tell("roles", "list") == [told]
    assert tell("roles", "remove", "trainer", "--account", OTHER) == {"removed": arn}


def test_a_role_of_which_nothing_is_said_may_have_all(tell: Tell) -> None:
    assert tell("roles", "set", "trainer")["read"] is None


def test_images_are_told_with_what_runs(tell: Tell, tmp_path: Path) -> None:
    tell("images", "add", "mine:*", "--container", "own:1")

    (mine,) = [each for each in tell("images", "list") if each["pattern"] == "mine:*"]

    assert (mine["container"], mine["command"]) == ("own:1", [])


def test_an_image_of_scripts_is_told_with_its_python(tell: Tell) -> None:
    assert tell("images", "add", "mine:*", "--script-mode", "pytorch")["command"] == ["python"]


def test_networks_are_told_by_what_they_stand_for(tell: Tell) -> None:
    tell("networks", "map", "subnet-0123", "north")

    assert tell("networks", "list") == {"subnet-0123": ["north"]}


def test_a_kms_key_is_told_after_each_change(tell: Tell) -> None:
    made = tell("keys", "kms", "add", "--alias", "alias/own")
    assert made["aliases"] == [made["arn"].rpartition(":")[0] + ":alias/own"]

    disabled = tell("keys", "kms", "disable", "alias/own")

    assert (disabled["arn"], disabled["is_enabled"]) == (made["arn"], False)
    assert [each["arn"] for each in tell("keys", "kms", "list")] == [made["arn"]]
    assert tell("keys", "kms", "remove", "alias/own", "--yes") == {"removed": made["arn"]}


def test_migrate_says_that_it_is_done(tell: Tell) -> None:
    assert tell("migrate") == {"is_up_to_date": True}


def test_the_doctor_tells_each_part_with_its_verdict(tell: Tell) -> None:
    parts = {each["name"]: each["verdict"] for each in tell("doctor")}

    assert parts["data folder"] == "well"
    assert set(parts.values()) <= {"well", "care", "wrong"}


def test_a_pattern_is_tried(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("loss=0.5\nnothing\nloss=0.25\n")

    ended = CliRunner().invoke(app, ["metrics", "try", "loss=([0-9.]+)", str(log), "--json"])

    told = json.loads(ended.stdout)
    assert ended.exit_code == 0
    assert (told["values"], told["lines"], told["trouble"]) == ([0.5, 0.25], 3, None)


def test_what_goes_wrong_is_not_said_among_the_json(tmp_path: Path) -> None:
    """Nothing answers at port 9."""
    obtain_key(Settings(data_folder=tmp_path))

    ended = CliRunner().invoke(app, ["watch", "first", "--json", "--port", "9", "--data-folder", str(tmp_path)])

    assert (ended.exit_code, ended.stdout) == (2, "")
    assert "Nothing answers at http://127.0.0.1:9" in ended.stderr
