"""`luthier keys` and `luthier roles`, over a data folder."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from luthier.app.keys import obtain_sessions, read_key
from luthier.cli import app
from luthier.records.identity import Role, role_arn
from luthier.settings import Settings, SettingsError
from luthier.store.engine import Store

OTHER = "111122223333"
Tell = Callable[..., str]


@pytest.fixture
def tell(tmp_path: Path) -> Tell:
    """Run a command and give what it prints; raises what it fails with."""

    def run(*arguments: str) -> str:
        ended = CliRunner().invoke(app, [*arguments, "--data-folder", str(tmp_path)])
        if ended.exception is not None:
            raise ended.exception
        return ended.stdout

    return run


def variables(printed: str) -> dict[str, str]:
    lines = [line for line in printed.splitlines() if not line.startswith("#")]
    return dict(line.removeprefix("export ").split("=", 1) for line in lines)


def declared(folder: Path, account: str = "000000000000") -> Role | None:
    store = Store.open(f"sqlite:///{folder / 'luthier.db'}")
    role = store.roles.get(role_arn(account, "trainer"))
    store.close()
    return role


def test_a_new_key_is_printed_for_a_shell(tell: Tell, tmp_path: Path) -> None:
    printed = variables(tell("keys", "add", "--account", OTHER, "--user", "alice"))

    key = printed["AWS_ACCESS_KEY_ID"]
    assert key.startswith("AKIA")
    assert printed["AWS_SECRET_ACCESS_KEY"] == obtain_sessions(Settings(data_folder=tmp_path)).secret_of(key)
    assert printed["LUTHIER_ROLE_ARN"] == f"arn:aws:iam::{OTHER}:role/luthier-execution"


def test_a_new_key_is_of_the_installations_account_unless_told_otherwise(tell: Tell) -> None:
    printed = tell("keys", "add")

    assert printed.splitlines()[0] == "# an access key of the user luthier of the account 000000000000"


def test_keys_are_listed_with_account_and_user_and_without_secrets(tell: Tell, tmp_path: Path) -> None:
    made = variables(tell("keys", "add", "--account", OTHER, "--user", "alice"))["AWS_ACCESS_KEY_ID"]

    listed = tell("keys", "list").splitlines()

    own = read_key(Settings(data_folder=tmp_path)).access_key
    assert listed == [f"{own}\t000000000000\tluthier", f"{made}\t{OTHER}\talice"]


def test_keys_of_one_account_can_be_listed(tell: Tell) -> None:
    made = variables(tell("keys", "add", "--account", OTHER))["AWS_ACCESS_KEY_ID"]

    assert tell("keys", "list", "--account", OTHER) == f"{made}\t{OTHER}\tluthier\n"


def test_secrets_are_shown_again_when_asked_for(tell: Tell) -> None:
    printed = variables(tell("keys", "add", "--account", OTHER))

    listed = tell("keys", "list", "--secrets", "--account", OTHER)

    assert listed.split()[-1] == printed["AWS_SECRET_ACCESS_KEY"]


def test_a_removed_key_is_listed_no_more(tell: Tell) -> None:
    made = variables(tell("keys", "add", "--account", OTHER))["AWS_ACCESS_KEY_ID"]

    said = tell("keys", "remove", made)

    assert (said, tell("keys", "list", "--account", OTHER)) == (f"{made} is removed\n", "")


def test_a_key_that_is_not_there_cannot_be_removed(tell: Tell) -> None:
    with pytest.raises(SettingsError, match="no such access key"):
        tell("keys", "remove", "AKIANONE")


def test_the_installations_own_key_cannot_be_removed(tell: Tell, tmp_path: Path) -> None:
    tell("keys", "list")
    own = read_key(Settings(data_folder=tmp_path)).access_key

    with pytest.raises(SettingsError, match="stays"):
        tell("keys", "remove", own)


@pytest.mark.parametrize("account", ["1", "11112222333x", "1111222233334", "١١١١٢٢٢٢٣٣٣٣"])
@pytest.mark.parametrize("command", [("keys", "add"), ("roles", "set", "trainer"), ("roles", "remove", "trainer")])
def test_an_account_has_twelve_digits(tell: Tell, command: tuple[str, ...], account: str) -> None:
    with pytest.raises(SettingsError, match="not a 12-digit account number"):
        tell(*command, "--account", account)


@pytest.mark.parametrize("user", ["", "a b", "a/b", "x" * 65, "é"])
def test_a_user_has_a_name_that_iam_allows(tell: Tell, user: str) -> None:
    with pytest.raises(SettingsError, match="no name of a user"):
        tell("keys", "add", "--user", user)


def test_a_role_is_declared_with_what_it_may_do(tell: Tell, tmp_path: Path) -> None:
    asked = ["--read", "s3://data/in", "--read", "s3://models", "--write", "s3://models/", "--action", "logs:*"]

    tell("roles", "set", "trainer", "--account", OTHER, *asked)

    assert declared(tmp_path, OTHER) == Role(
        arn=role_arn(OTHER, "trainer"),
        account=OTHER,
        name="trainer",
        actions=("logs:*",),
        read=("s3://data/in", "s3://models"),
        write=("s3://models/",),
    )


def test_a_role_may_do_everything_that_nobody_took_away(tell: Tell, tmp_path: Path) -> None:
    tell("roles", "set", "trainer")

    assert declared(tmp_path) == Role(arn=role_arn("000000000000", "trainer"), account="000000000000", name="trainer")


def test_everything_can_be_taken_away(tell: Tell, tmp_path: Path) -> None:
    tell("roles", "set", "trainer", "--no-read", "--no-write", "--no-action")

    role = declared(tmp_path)
    assert role is not None
    assert (role.read, role.write, role.actions) == ((), (), ())


def test_declaring_again_forgets_what_was_declared(tell: Tell, tmp_path: Path) -> None:
    tell("roles", "set", "trainer", "--no-read", "--action", "logs:*")

    tell("roles", "set", "trainer", "--no-write")

    role = declared(tmp_path)
    assert role is not None
    assert (role.read, role.write, role.actions) == (None, (), ("*",))


def test_roles_are_listed_with_what_they_may_do(tell: Tell) -> None:
    tell("roles", "set", "trainer", "--read", "s3://data/in", "--no-write", "--account", OTHER)

    assert tell("roles", "list") == (
        f"arn:aws:iam::{OTHER}:role/trainer\tactions: *\tread: s3://data/in\twrite: nothing\n"
    )


def test_roles_of_one_account_can_be_listed(tell: Tell) -> None:
    tell("roles", "set", "trainer", "--account", OTHER)

    assert tell("roles", "list", "--account", "000000000000") == ""


def test_a_declaration_can_be_taken_back(tell: Tell, tmp_path: Path) -> None:
    tell("roles", "set", "trainer")

    tell("roles", "remove", "trainer")

    assert declared(tmp_path) is None


def test_a_role_that_nobody_declared_cannot_be_removed(tell: Tell) -> None:
    with pytest.raises(SettingsError, match="no such role was declared"):
        tell("roles", "remove", "trainer")


@pytest.mark.parametrize("name", ["", "a b", "path/trainer", "x" * 65, "é"])
def test_a_role_has_a_name_that_iam_allows(tell: Tell, name: str) -> None:
    with pytest.raises(SettingsError, match="no name of a role"):
        tell("roles", "set", name)


@pytest.mark.parametrize("place", ["", "data", "s3://", "s3://ab", "s3://UPPER/x", "s3://data/*", "s3://data/a\x1bb"])
@pytest.mark.parametrize("kind", ["read", "write"])
def test_a_prefix_is_a_place_in_s3(tell: Tell, kind: str, place: str) -> None:
    with pytest.raises(SettingsError, match=f"--{kind}: .* is no place in S3"):
        tell("roles", "set", "trainer", f"--{kind}", place)


@pytest.mark.parametrize("action", ["", "sagemaker", "sagemaker:", ":List", "sage maker:x", "logs:é"])
def test_an_action_is_written_as_iam_writes_it(tell: Tell, action: str) -> None:
    with pytest.raises(SettingsError, match="is no action"):
        tell("roles", "set", "trainer", "--action", action)


@pytest.mark.parametrize(("kind", "value"), [("read", "s3://data"), ("write", "s3://data"), ("action", "logs:*")])
def test_something_and_nothing_are_not_both_allowed(tell: Tell, kind: str, value: str) -> None:
    with pytest.raises(SettingsError, match="give one of them"):
        tell("roles", "set", "trainer", f"--{kind}", value, f"--no-{kind}")
