"""`luthier keys kms`, over a data folder."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from luthier.cli import app
from luthier.records.kms_key import KmsKey, default_key_arn
from luthier.records.names import Scope
from luthier.settings import SettingsError
from luthier.store.engine import Store

Tell = Callable[..., str]
ACCOUNT = "000000000000"


@pytest.fixture
def tell(tmp_path: Path) -> Tell:
    """Say `luthier keys kms ...`, and give what is printed."""

    def said(*arguments: str) -> str:
        done = CliRunner().invoke(app, ["keys", "kms", *arguments, "--data-folder", str(tmp_path)])
        if isinstance(done.exception, SettingsError):
            raise done.exception
        assert done.exit_code == 0, done.output
        return done.stdout.strip()

    return said


def test_a_key_is_added_with_an_alias(tell: Tell) -> None:
    arn = tell("add", "--alias", "alias/models", "--region", "eu-west-1", "--account", "111122223333")

    assert arn.startswith("arn:aws:kms:eu-west-1:111122223333:key/")
    assert tell("list") == f"{arn}\tenabled\taliases: alias/models\tallowed: its account\tdenied: nobody"
    assert tell("list", "--account", ACCOUNT) == ""


def test_the_database_holds_no_key_in_plain(tell: Tell, tmp_path: Path) -> None:
    arn = tell("add")
    store = Store.open(f"sqlite:///{tmp_path / 'luthier.db'}")
    key = store.kms_keys.get(arn)
    store.close()

    assert key is not None
    assert key.material is not None
    assert len(key.material) > 64  # of Base64: a nonce, the key and a tag


def test_a_key_is_narrowed_and_opened_again(tell: Tell) -> None:
    arn = tell("add", "--alias", "alias/models")
    tell("allow", "alias/models", "role/Trainer", "user/alice")
    narrowed = tell("deny", arn, "role/Trainer")

    role, alice = f"arn:aws:iam::{ACCOUNT}:role/trainer", f"arn:aws:iam::{ACCOUNT}:user/alice"
    assert narrowed.endswith(f"allowed: {role} {alice}\tdenied: {role}")
    assert tell("allow", arn, "role/trainer").endswith("denied: nobody")


def test_a_key_is_disabled_and_enabled(tell: Tell) -> None:
    arn = tell("add")

    assert tell("disable", arn.rpartition("/")[2]).split("\t")[1] == "disabled"
    assert tell("enable", arn).split("\t")[1] == "enabled"


def test_a_key_is_only_removed_when_that_is_meant(tell: Tell) -> None:
    arn = tell("add")

    with pytest.raises(SettingsError, match="say --yes"):
        tell("remove", arn)
    assert (tell("remove", arn, "--yes"), tell("list")) == (f"{arn} is removed", "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("disable", "alias/none"), "no such key"),
        (("add", "--alias", "models"), "is no alias"),
        (("add", "--alias", "alias/aws/s3"), "AWS's own"),
        (("add", "--arn", f"arn:aws:kms:us-east-1:{ACCOUNT}:key/{'1' * 8}-1111-1111-1111-{'1' * 12}"), 'kms = "aws"'),
    ],
)
def test_what_makes_no_sense_is_refused(tell: Tell, arguments: tuple[str, ...], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        tell(*arguments)


def test_nobody_is_refused(tell: Tell) -> None:
    arn = tell("add")

    with pytest.raises(SettingsError, match="names nobody"):
        tell("allow", arn, "everybody")


def test_the_key_that_s3_uses_by_itself_stays_as_it_is(tell: Tell, tmp_path: Path) -> None:
    tell("list")
    arn = default_key_arn(Scope(account=ACCOUNT, region="us-east-1"))
    store = Store.open(f"sqlite:///{tmp_path / 'luthier.db'}")
    store.kms_keys.add(KmsKey(arn=arn, account=ACCOUNT, region="us-east-1", created_at=1.0))
    store.close()

    for arguments in (("disable", arn), ("deny", arn, "root"), ("remove", arn, "--yes")):
        with pytest.raises(SettingsError, match="stays as it is"):
            tell(*arguments)
