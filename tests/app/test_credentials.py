"""Whose access key it is."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from luthier.app.credentials import find_credential
from luthier.app.keys import Key
from luthier.identity.principals import in_role
from luthier.identity.sessions import Session, Sessions
from luthier.records.identity import AccessKey, Role, a_user, role_arn
from luthier.store.engine import Store
from luthier.wire.sigv4 import Credential

OWN = Key(access_key="AKIAOWN", secret_key="own secret", account="000000000000")
SESSIONS = Sessions(b"a secret")
KEPT = AccessKey(access_key="AKIAKEPT", account="111122223333", user="alice", created_at=1.0)
TRAINER = Role(arn=role_arn("111122223333", "trainer"), account="111122223333", name="trainer")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path / 'luthier.db'}")
    yield opened
    opened.close()


def find(store: Store, access_key: str, token: str | None = None, *, declared_only: bool = False) -> Credential | None:
    return find_credential(OWN, store, SESSIONS, declared_only=declared_only)(access_key, token)


def a_session() -> Session:
    return SESSIONS.mint(role_arn=TRAINER.arn, session_name="me", expires_at=1234.0)


def test_the_installations_own_key_is_the_user_luthiers(store: Store) -> None:
    assert find(store, "AKIAOWN") == Credential(
        access_key="AKIAOWN", secret_key="own secret", principal=a_user("000000000000", "AKIAOWN")
    )


def test_a_key_of_the_table_is_its_users_with_a_derived_secret(store: Store) -> None:
    store.access_keys.add(KEPT)

    assert find(store, "AKIAKEPT") == Credential(
        access_key="AKIAKEPT",
        secret_key=SESSIONS.secret_of("AKIAKEPT"),
        principal=a_user("111122223333", "AKIAKEPT", "alice"),
    )


def test_a_key_that_was_removed_is_known_no_more(store: Store) -> None:
    store.access_keys.add(KEPT)
    finder = find_credential(OWN, store, SESSIONS, declared_only=False)
    finder("AKIAKEPT", None)

    store.access_keys.remove("AKIAKEPT")

    assert finder("AKIAKEPT", None) is None


@pytest.mark.parametrize("access_key", ["", "AKIANONE", "ASIANONE", "akiaown"])
def test_an_unknown_key_is_nobodys(store: Store, access_key: str) -> None:
    assert find(store, access_key) is None


def test_a_session_is_somebody_in_its_role(store: Store) -> None:
    session = a_session()

    assert find(store, session.access_key, session.token) == Credential(
        access_key=session.access_key,
        secret_key=session.secret_key,
        principal=in_role(TRAINER, "me"),
        session_token=session.token,
        expires_at=1234.0,
    )


def test_a_session_may_do_what_its_role_may_now(store: Store) -> None:
    session = a_session()
    narrowed = replace(TRAINER, actions=("logs:*",))
    store.roles.put(narrowed, 1.0)

    found = find(store, session.access_key, session.token)

    assert found is not None
    assert found.principal.role == narrowed


@pytest.mark.parametrize("token", [None, "", "forged"])
def test_a_session_without_its_token_is_nobodys(store: Store, token: str | None) -> None:
    assert find(store, a_session().access_key, token) is None


def test_a_session_with_the_token_of_another_is_nobodys(store: Store) -> None:
    assert find(store, a_session().access_key, a_session().token) is None


def test_where_only_declared_roles_exist_a_session_ends_with_its_role(store: Store) -> None:
    store.roles.put(TRAINER, 1.0)
    session = a_session()
    before = find(store, session.access_key, session.token, declared_only=True)

    store.roles.remove(TRAINER.arn)

    assert before is not None
    assert find(store, session.access_key, session.token, declared_only=True) is None
