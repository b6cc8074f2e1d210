"""Which object is which file."""

from pathlib import PurePosixPath

import pytest

from luthier.host.object_paths import BadKeyError, paths_of, trouble_with_key
from luthier.objects import ObjectInfo


def objects(*keys: str) -> list[ObjectInfo]:
    return [ObjectInfo(uri=f"s3://b/{key}", size=1, etag="e") for key in keys]


def test_what_is_left_of_a_uri_is_the_path() -> None:
    assert list(paths_of("s3://b/run/", objects("run/a", "run/b/c"))) == [PurePosixPath("a"), PurePosixPath("b/c")]


@pytest.mark.parametrize("key", ["../x", "a/../x", "/x", "a//x", "a/./x", "n" * 256, "a\0"])
def test_a_key_that_makes_no_file_is_named(key: str) -> None:
    with pytest.raises(BadKeyError, match="rename the object"):
        paths_of("s3://b/", objects(key))


def test_a_key_cannot_be_a_file_and_a_folder() -> None:
    with pytest.raises(BadKeyError, match="s3://b/a is both an object and a folder of s3://b/a/x; rename one"):
        paths_of("s3://b/", objects("a", "a/x"))


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("a/b", None),
        ("é" * 512, None),
        ("é" * 513, "its key would have 1026 bytes, and S3 takes 1024"),
        ("a\udcff", "its name is not UTF-8"),
        ("a\x7f", "its name has a control character"),
    ],
)
def test_what_s3_cannot_hold_is_known_beforehand(key: str, why: str | None) -> None:
    assert trouble_with_key(key) == why
