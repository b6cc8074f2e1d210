"""KMS keys, aliases and objects that are ciphertext as rows, on a SQLite file and on a real PostgreSQL."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from luthier.records.kms_key import KeyName, KmsKey
from luthier.records.sealed_object import SealedObject, SealedPart, UploadedPart
from luthier.store import NameTaken
from luthier.store.engine import Store

pytest_plugins = ["store.databases"]

KEY = KmsKey(
    arn="arn:aws:kms:us-east-1:000000000000:key/one",
    account="000000000000",
    region="us-east-1",
    created_at=1.5,
    allowed=("arn:aws:iam::000000000000:role/a",),
    material="wrapped",
)
OTHER = replace(KEY, arn=f"{KEY.arn}-other", account="111111111111", created_at=1.0, material=None)
ALIAS = KeyName(arn="arn:aws:kms:us-east-1:000000000000:alias/models", is_alias=True)
LARGE = 5 << 40  # bytes, as many as an object may have
PART = SealedPart(number=1, size=LARGE, stored=LARGE + 422)
OBJECT = SealedObject(
    id="0" * 32, bucket="bucket", key="odd \0 é \ud800 key", kms_key=KEY.arn, created_at=2.5, parts=(PART,)
)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = Store.open(database_url)
    yield opened
    opened.close()


def test_a_key_comes_back_as_it_was_added(store: Store) -> None:
    store.kms_keys.add(KEY)

    assert (store.kms_keys.get(KEY.arn), store.kms_keys.get("arn:aws:kms:none")) == (KEY, None)


def test_a_key_cannot_be_added_twice(store: Store) -> None:
    store.kms_keys.add(KEY)

    with pytest.raises(NameTaken):
        store.kms_keys.add(replace(KEY, material="another"))
    assert store.kms_keys.get(KEY.arn) == KEY


def test_keys_are_listed_by_age(store: Store) -> None:
    for key in (KEY, OTHER):
        store.kms_keys.add(key)

    assert (store.kms_keys.all(), store.kms_keys.all(KEY.account)) == ([OTHER, KEY], [KEY])


def test_a_change_leaves_the_material_alone(store: Store) -> None:
    store.kms_keys.add(KEY)
    changed = replace(KEY, is_enabled=False, allowed=(), denied=("arn:aws:iam::000000000000:root",))

    assert store.kms_keys.change(replace(changed, material="lost"))
    assert store.kms_keys.get(KEY.arn) == changed
    assert not store.kms_keys.change(OTHER)


def test_an_alias_names_one_key_at_a_time(store: Store) -> None:
    for key in (KEY, OTHER):
        store.kms_keys.add(key)
        store.kms_keys.name(ALIAS.arn, key.arn)

    assert store.kms_keys.find(ALIAS) == OTHER
    assert (store.kms_keys.aliases(KEY.arn), store.kms_keys.aliases(OTHER.arn)) == ([], [ALIAS.arn])


def test_a_removed_key_takes_its_aliases_along(store: Store) -> None:
    store.kms_keys.add(KEY)
    store.kms_keys.name(ALIAS.arn, KEY.arn)

    assert (store.kms_keys.remove(KEY.arn), store.kms_keys.remove(KEY.arn)) == (True, False)
    assert store.kms_keys.find(ALIAS) is None


def test_an_object_comes_back_as_it_was_added(store: Store) -> None:
    store.sealed_objects.add(OBJECT)
    store.sealed_objects.settle(OBJECT.id, "etag")

    assert store.sealed_objects.of("bucket", [OBJECT.key, "other"]) == {OBJECT.key: [replace(OBJECT, etag="etag")]}
    assert (store.sealed_objects.any_of("bucket"), store.sealed_objects.any_of("other")) == (True, False)


def test_an_upload_is_no_object_until_it_is_complete(store: Store) -> None:
    begun = replace(OBJECT, parts=(), upload="upload")
    store.sealed_objects.add(begun)

    assert store.sealed_objects.of("bucket", [OBJECT.key]) == {}
    assert store.sealed_objects.of_upload("bucket", OBJECT.key, "upload") == begun
    store.sealed_objects.complete(begun.id, [PART])
    assert store.sealed_objects.of("bucket", [OBJECT.key]) == {OBJECT.key: [replace(begun, parts=(PART,))]}


def test_a_part_that_is_added_twice_is_there_once(store: Store) -> None:
    store.sealed_objects.add(replace(OBJECT, parts=(), upload="upload"))
    part = UploadedPart(object_id=OBJECT.id, part=PART, etag="etag")
    for each in (part, part, replace(part, etag="another")):
        store.sealed_objects.add_part(each)

    found = store.sealed_objects.parts(OBJECT.id)
    assert sorted(found, key=lambda each: each.etag) == [replace(part, etag="another"), part]


def test_what_is_forgotten_is_gone(store: Store) -> None:
    store.sealed_objects.add(OBJECT)
    store.sealed_objects.add_part(UploadedPart(object_id=OBJECT.id, part=PART, etag="etag"))
    for _ in range(2):
        store.sealed_objects.forget([OBJECT.id])

    assert store.sealed_objects.of("bucket", [OBJECT.key]) == {}
    assert store.sealed_objects.parts(OBJECT.id) == []
