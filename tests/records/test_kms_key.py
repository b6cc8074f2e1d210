"""The four written forms of a KMS key's name."""

import pytest

from luthier.records.kms_key import key_name
from luthier.records.names import Scope

SCOPE = Scope(account="000000000000", region="eu-west-1")
ID, MRK = "1234abcd-12ab-34cd-56ef-1234567890ab", "mrk-" + "1234abcd" * 4
HERE = "arn:aws:kms:eu-west-1:000000000000"
THERE = "arn:aws:kms:us-east-1:111111111111"


@pytest.mark.parametrize(
    ("text", "arn", "is_alias"),
    [
        (ID, f"{HERE}:key/{ID}", False),
        (MRK, f"{HERE}:key/{MRK}", False),
        ("alias/models/1_a-b", f"{HERE}:alias/models/1_a-b", True),
        (f"{THERE}:key/{ID}", f"{THERE}:key/{ID}", False),
        (f"{THERE}:alias/models", f"{THERE}:alias/models", True),
    ],
)
def test_a_key_has_four_names(text: str, arn: str, *, is_alias: bool) -> None:
    name = key_name(text, SCOPE)

    assert name is not None
    assert (name.arn, name.is_alias) == (arn, is_alias)


@pytest.mark.parametrize(
    "text", ["", "key", "alias/", ID.upper(), f"key/{ID}", f"{HERE}:key/x", f"{ID}\n", "alias/a b"]
)
def test_anything_else_names_no_key(text: str) -> None:
    assert key_name(text, SCOPE) is None
