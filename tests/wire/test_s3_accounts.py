"""Two accounts and a narrowed role at one S3 server: each has its own buckets, and sees nobody else's."""

from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from botocore.exceptions import ClientError

from luthier.records.call import ApiError
from luthier.wire.request import from_bytes
from luthier.wire.s3_access import accesses
from wire.s3_site import OTHER, OWN, Site, a_site, code_of


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with a_site(tmp_path_factory.mktemp("accounts")) as made:
        yield made


ON_ANOTHERS = {
    "get_object": {"Key": "data/rows.csv"},
    "head_object": {"Key": "data/rows.csv"},
    "put_object": {"Key": "new", "Body": b""},
    "delete_object": {"Key": "data/rows.csv"},
    "delete_objects": {"Delete": {"Objects": [{"Key": "data/rows.csv"}]}},
    "list_objects": {},
    "list_objects_v2": {},
    "list_multipart_uploads": {},
    "create_multipart_upload": {"Key": "new"},
    "head_bucket": {},
    "get_bucket_location": {},
    "delete_bucket": {},
}


@pytest.mark.parametrize("verb", ON_ANOTHERS)
def test_another_accounts_bucket_is_closed(site: Site, verb: str) -> None:
    assert code_of(getattr(site.s3("AKIAOTHER"), verb), Bucket="mine", **ON_ANOTHERS[verb]) in ("AccessDenied", "403")


def test_nothing_is_copied_out_of_it(site: Site) -> None:
    source = {"Bucket": "mine", "Key": "secret/plan"}

    assert code_of(site.s3("AKIAOTHER").copy_object, Bucket="theirs", Key="k", CopySource=source) == "AccessDenied"
    assert code_of(site.s3("AKIAOTHER").head_object, Bucket="theirs", Key="k") == "404"


def test_a_presigned_address_is_judged_too(site: Site) -> None:
    address = site.s3("AKIAOTHER").generate_presigned_url("get_object", Params={"Bucket": "mine", "Key": "secret/plan"})

    with pytest.raises(HTTPError, match="403"):
        urlopen(address, timeout=10)


@pytest.mark.parametrize(("key", "buckets"), [("AKIAOWN", ["mine"]), ("AKIAOTHER", ["theirs"])])
def test_each_lists_its_own_buckets(site: Site, key: str, buckets: list[str]) -> None:
    listing = site.s3(key).list_buckets()

    assert [each["Name"] for each in listing["Buckets"]] == buckets


def test_anothers_bucket_cannot_be_made_again(site: Site) -> None:
    assert code_of(site.s3("AKIAOTHER").create_bucket, Bucket="mine") == "BucketAlreadyExists"
    assert code_of(site.s3("AKIAOWN").create_bucket, Bucket="theirs") == "BucketAlreadyExists"


def test_ones_own_bucket_can_be_made_again(site: Site) -> None:
    site.s3("AKIAOTHER").create_bucket(Bucket="theirs")

    assert site.s3("AKIAOTHER").get_object(Bucket="theirs", Key="rows.csv")["Body"].read() == b"theirs"


def test_a_folder_put_there_by_hand_is_the_installations(site: Site) -> None:
    (site.folder / "byhand").mkdir()
    (site.folder / "byhand" / "a.txt").write_text("a")

    assert site.s3("AKIAOWN").get_object(Bucket="byhand", Key="a.txt")["Body"].read() == b"a"
    assert code_of(site.s3("AKIAOTHER").get_object, Bucket="byhand", Key="a.txt") == "NoSuchBucket"
    assert code_of(site.s3("AKIAOTHER").create_bucket, Bucket="byhand") == "BucketAlreadyExists"
    site.s3("AKIAOWN").delete_object(Bucket="byhand", Key="a.txt")
    site.s3("AKIAOWN").delete_bucket(Bucket="byhand")


def test_a_deleted_buckets_name_is_free(site: Site) -> None:
    site.s3("AKIAOTHER").create_bucket(Bucket="passing")
    site.s3("AKIAOTHER").delete_bucket(Bucket="passing")

    site.s3("AKIAOWN").create_bucket(Bucket="passing")
    assert code_of(site.s3("AKIAOTHER").head_bucket, Bucket="passing") == "403"
    site.s3("AKIAOWN").delete_bucket(Bucket="passing")


def test_an_expected_owner_is_the_owner(site: Site) -> None:
    site.s3("AKIAOWN").head_bucket(Bucket="mine", ExpectedBucketOwner=OWN)

    assert code_of(site.s3("AKIAOWN").head_bucket, Bucket="mine", ExpectedBucketOwner=OTHER) == "403"


def test_a_role_reads_and_writes_under_its_prefixes(site: Site) -> None:
    role = site.s3("AKIAROLE")

    assert role.get_object(Bucket="mine", Key="data/rows.csv")["Body"].read() == b"mine"
    assert role.list_objects_v2(Bucket="mine", Prefix="data/")["KeyCount"] == 1
    role.put_object(Bucket="mine", Key="output/model", Body=b"")
    role.delete_object(Bucket="mine", Key="output/model")


@pytest.mark.parametrize(
    ("verb", "asked"),
    [
        ("get_object", {"Key": "secret/plan"}),
        ("put_object", {"Key": "data/rows.csv", "Body": b""}),
        ("list_objects_v2", {}),
        ("list_objects_v2", {"Prefix": "dat"}),
        ("copy_object", {"Key": "output/x", "CopySource": "mine/secret/plan"}),
        ("delete_bucket", {}),
    ],
)
def test_a_role_does_nothing_else(site: Site, verb: str, asked: dict[str, Any]) -> None:
    with pytest.raises(ClientError, match="is not authorized to perform: s3:"):
        getattr(site.s3("AKIAROLE"), verb)(Bucket="mine", **asked)


ODD = [
    "//mine/secret",
    "/theirs/../mine/secret",
    "/theirs%2Fmine/secret",
    "/theirs/a/%2e%2e/b",
    "/../mine/x",
    "/a%00/b",
]


@pytest.mark.parametrize("path", ODD)
def test_a_path_that_could_be_two_is_refused(path: str) -> None:
    request = from_bytes("GET", path.encode(), b"", [(b"host", b"localhost")])

    with pytest.raises(ApiError, match="InvalidArgument"):
        accesses(request, ())


@pytest.mark.parametrize("source", ["mine", "arn:aws:s3:us-east-1:0:accesspoint/a/object/k", "mine/../x/k"])
def test_a_copy_of_what_cannot_be_told_is_refused(source: str) -> None:
    request = from_bytes("PUT", b"/theirs/k", b"", [(b"host", b"localhost"), (b"x-amz-copy-source", source.encode())])

    with pytest.raises(ApiError, match="InvalidArgument"):
        accesses(request, ())
