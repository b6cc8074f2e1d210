"""Access keys and roles as rows, on a SQLite file and on a real PostgreSQL."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from luthier.records.identity import AccessKey, Role, role_arn
from luthier.store import NameTaken
from luthier.store.engine import Store

pytest_plugins = ["store.databases"]

ACCOUNT, OTHER = "000000000000", "111122223333"
KEY = AccessKey(access_key="AKIAONE", account=ACCOUNT, user="alice", created_at=1.5)
ROLE = Role(
    arn=role_arn(ACCOUNT, "Trainer"),
    account=ACCOUNT,
    name="Trainer",
    actions=("sagemaker:Describe*",),
    read=("s3://data/é",),
    write=(),
)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = Store.open(database_url)
    yield opened
    opened.close()


def test_an_access_key_comes_back_as_it_was_added(store: Store) -> None:
    store.access_keys.add(KEY)

    assert store.access_keys.get("AKIAONE") == KEY


def test_an_access_key_that_was_never_added_is_none(store: Store) -> None:
    assert store.access_keys.get("AKIANONE") is None


def test_an_access_key_cannot_be_added_twice(store: Store) -> None:
    store.access_keys.add(KEY)

    with pytest.raises(NameTaken, match="AKIAONE"):
        store.access_keys.add(replace(KEY, account=OTHER))

    assert store.access_keys.get("AKIAONE") == KEY


def test_access_keys_are_listed_by_account_and_age(store: Store) -> None:
    first, second = (
        replace(KEY, access_key="AKIATWO", created_at=1.0),
        replace(KEY, access_key="AKIATHREE", account=OTHER),
    )
    for key in (second, KEY, first):
        store.access_keys.add(key)

    assert store.access_keys.all() == [first, KEY, second]


def test_access_keys_of_one_account_can_be_listed(store: Store) -> None:
    other = replace(KEY, access_key="AKIATWO", account=OTHER)
    for key in (KEY, other):
        store.access_keys.add(key)

    assert store.access_keys.all(OTHER) == [other]


def test_a_removed_access_key_is_gone(store: Store) -> None:
    store.access_keys.add(KEY)

    removed = store.access_keys.remove("AKIAONE")

    assert removed
    assert store.access_keys.get("AKIAONE") is None


def test_removing_an_access_key_that_is_not_there_says_so(store: Store) -> None:
    assert not store.access_keys.remove("AKIAONE")


def test_a_role_comes_back_as_it_was_declared(store: Store) -> None:
    store.roles.put(ROLE, 1.5)

    assert (store.roles.get(ROLE.arn), store.roles.declared_at(ROLE.arn)) == (ROLE, 1.5)


def test_a_role_that_was_never_declared_is_none(store: Store) -> None:
    assert (store.roles.get(ROLE.arn), store.roles.declared_at(ROLE.arn)) == (None, None)


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:iam::000000000000:role/service-role/Trainer",
        "arn:aws:iam::000000000000:role/trainer",
        "arn:aws-cn:iam::000000000000:role/TRAINER",
    ],
)
def test_a_role_is_found_by_its_name_whatever_its_path_and_capitals(store: Store, arn: str) -> None:
    store.roles.put(ROLE, 1.5)

    assert store.roles.get(arn) == ROLE


def test_a_role_of_another_account_is_another(store: Store) -> None:
    store.roles.put(ROLE, 1.5)

    assert store.roles.get(role_arn(OTHER, "Trainer")) is None


def test_declaring_again_replaces_what_was_declared(store: Store) -> None:
    store.roles.put(ROLE, 1.5)
    wider = replace(ROLE, arn=role_arn(ACCOUNT, "trainer"), name="trainer", read=None)

    store.roles.put(wider, 2.5)

    assert store.roles.all() == [wider]
    assert store.roles.declared_at(ROLE.arn) == 1.5


def test_declarations_at_the_same_instant_leave_one_role(store: Store) -> None:
    start = Barrier(4)

    def declare(number: int) -> None:
        start.wait()
        store.roles.put(replace(ROLE, actions=(f"sagemaker:{number}",)), float(number))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(declare, range(4)))

    assert len(store.roles.all()) == 1


def test_roles_of_one_account_can_be_listed(store: Store) -> None:
    other = replace(ROLE, arn=role_arn(OTHER, "Trainer"), account=OTHER)
    for role in (other, ROLE):
        store.roles.put(role, 1.5)

    assert (store.roles.all(), store.roles.all(OTHER)) == ([ROLE, other], [other])


def test_a_removed_role_is_gone(store: Store) -> None:
    store.roles.put(ROLE, 1.5)

    removed = store.roles.remove(ROLE.arn)

    assert removed
    assert store.roles.get(ROLE.arn) is None


def test_removing_a_role_that_is_not_there_says_so(store: Store) -> None:
    assert not store.roles.remove(ROLE.arn)


def test_what_is_no_roles_arn_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="not the ARN of a role"):
        store.roles.get("arn:aws:iam::000000000000:user/Trainer")
