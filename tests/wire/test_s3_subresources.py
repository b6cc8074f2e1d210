"""What is asked for beside objects and buckets: known to the server behind us, or refused by name."""

from collections.abc import Iterator
from typing import Any

import pytest

from luthier.records.call import ApiError
from luthier.wire.request import from_bytes
from luthier.wire.s3_access import accesses
from wire.s3_site import OTHER, OWN, Site, a_site, code_of


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with a_site(tmp_path_factory.mktemp("subresources")) as made:
        yield made


def actions(method: str, target: str, *, is_plain: bool) -> list[str]:
    request = from_bytes(method, *target.encode().partition(b"?")[::2], [(b"host", b"localhost")])
    return [each.action for each in accesses(request, (), is_plain=is_plain)]


@pytest.mark.parametrize(
    ("verb", "more"),
    [
        ("get_object_tagging", {}),
        ("put_object_tagging", {"Tagging": {"TagSet": []}}),
        ("delete_object_tagging", {}),
        ("get_object_acl", {}),
        ("get_object", {"VersionId": "3"}),
        ("delete_object", {"VersionId": "3"}),
        ("restore_object", {}),
    ],
)
def test_what_the_embedded_server_does_not_see_is_refused_and_does_no_harm(
    site: Site, verb: str, more: dict[str, Any]
) -> None:
    own = site.s3("AKIAOWN")

    assert code_of(getattr(own, verb), Bucket="mine", Key="secret/plan", **more) == "NotImplemented"
    assert own.get_object(Bucket="mine", Key="secret/plan")["Body"].read() == b"mine"


@pytest.mark.parametrize(
    ("method", "target", "action"),
    [
        ("GET", "/b/k?tagging", "s3:GetObject"),
        ("PUT", "/b/k?tagging", "s3:PutObject"),
        ("DELETE", "/b/k?versionId=3", "s3:DeleteObject"),
        ("GET", "/b?policy", "s3:ListBucket"),
        ("PUT", "/b?versioning", "s3:PutObject"),
    ],
)
def test_a_whole_server_is_asked_under_the_objects_right(method: str, target: str, action: str) -> None:
    assert actions(method, target, is_plain=False) == [action]


@pytest.mark.parametrize(
    ("method", "target"), [("PUT", "/b?logging"), ("PUT", "/b?replication"), ("PUT", "/b?inventory"), ("POST", "/b")]
)
def test_what_would_write_elsewhere_is_refused_everywhere(method: str, target: str) -> None:
    with pytest.raises(ApiError, match="NotImplemented"):
        actions(method, target, is_plain=False)


@pytest.mark.parametrize("target", ["/b/k?partNumber=1", "/b/k?uploadId=x"])
def test_a_part_needs_both_its_marks(target: str) -> None:
    with pytest.raises(ApiError, match="InvalidArgument"):
        actions("PUT", target, is_plain=True)


def test_a_bucket_is_claimed_before_it_is_made(site: Site) -> None:
    site.buckets.claim("half", OTHER, 1.0)  # where a server would stand that was killed before it made the bucket

    assert code_of(site.s3("AKIAOWN").create_bucket, Bucket="half") == "BucketAlreadyExists"
    site.s3("AKIAOTHER").create_bucket(Bucket="half")
    assert site.buckets.owner("half") == OTHER


def test_a_bucket_that_was_claimed_again_is_not_released(site: Site) -> None:
    first = site.buckets.claim("again", OWN, 1.0)
    assert first is not None
    second = site.buckets.claim("again", OWN, 1.0)

    site.buckets.release("again", first)

    assert second is not None
    assert second > first
    assert site.buckets.owner("again") == OWN


def test_a_bucket_that_cannot_be_made_leaves_no_claim(site: Site) -> None:
    assert code_of(site.s3("AKIAOTHER").create_bucket, Bucket="x") in ("InvalidBucketName", "InvalidArgument")

    assert site.buckets.owner("x") is None


def test_to_make_ones_own_bucket_again_is_no_mistake(site: Site) -> None:
    site.s3("AKIAOWN").create_bucket(Bucket="mine")

    assert site.buckets.owner("mine") == OWN
