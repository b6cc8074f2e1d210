"""Objects that the front door keeps as ciphertext, with a real embedded S3 server behind it, seen by boto3."""

import hashlib
import os
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Event
from typing import Any
from urllib.request import Request, urlopen

import pytest
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError, HTTPClientError, ResponseStreamingError

from luthier.objects.s3 import S3Objects
from luthier.objects.sealing import FRAME_BYTES, MARK, MARK_BYTES, PART_BYTES
from luthier.records.kms_key import KmsKey
from wire.s3_site import OWN, VAULT, Site, a_site, code_of

KEY = f"arn:aws:kms:us-east-1:{OWN}:key/11111111-1111-1111-1111-111111111111"
OTHER_KEY = f"arn:aws:kms:us-east-1:{OWN}:key/mrk-22222222222222222222222222222222"
NARROW = f"arn:aws:kms:us-east-1:{OWN}:key/33333333-3333-3333-3333-333333333333"  # for nobody but the role
WITH_KEY = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": KEY}
MIB = 1024 * 1024
ALIAS = f"arn:aws:kms:us-east-1:{OWN}:alias/models"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with a_site(tmp_path_factory.mktemp("sealing")) as made:
        for arn in (KEY, OTHER_KEY):
            made.store.kms_keys.add(a_key(arn))
        made.store.kms_keys.add(a_key(NARROW, allowed=(f"arn:aws:iam::{OWN}:role/narrow",)))
        made.store.kms_keys.name(ALIAS, KEY)
        yield made


@pytest.fixture
def s3(site: Site) -> Any:
    return site.s3("AKIAOWN")


def a_key(arn: str, **other: Any) -> KmsKey:
    return KmsKey(arn=arn, account=OWN, region="us-east-1", created_at=1.0, material=VAULT.draw(arn), **other)


def stored(site: Site, key: str) -> Path:
    return site.folder / "mine" / key


def read(s3: Any, key: str, **asked: Any) -> bytes:
    return bytes(s3.get_object(Bucket="mine", Key=key, **asked)["Body"].read())


def sizes(s3: Any, prefix: str) -> dict[str, int]:
    listed = s3.list_objects_v2(Bucket="mine", Prefix=prefix).get("Contents", [])
    return {each["Key"]: each["Size"] for each in listed}


SIZES = [0, 1, 100, FRAME_BYTES - 1, FRAME_BYTES, FRAME_BYTES + 1, PART_BYTES, PART_BYTES + 1]


@pytest.mark.parametrize("size", SIZES)
def test_what_is_put_with_a_key_comes_back(s3: Any, size: int) -> None:
    content = os.urandom(size)
    s3.put_object(Bucket="mine", Key=f"sizes/{size}", Body=content, **WITH_KEY)

    assert read(s3, f"sizes/{size}") == content
    assert s3.head_object(Bucket="mine", Key=f"sizes/{size}")["ContentLength"] == size


def test_it_lies_in_the_store_as_ciphertext(site: Site, s3: Any) -> None:
    s3.put_object(Bucket="mine", Key="lies", Body=b"the secret of the model" * 100, **WITH_KEY)

    assert b"secret" not in stored(site, "lies").read_bytes()
    assert stored(site, "lies").read_bytes().startswith(MARK)


@pytest.mark.parametrize("name", [KEY, KEY.rpartition("/")[2], "alias/models", ALIAS])
def test_a_key_may_be_named_in_four_ways(s3: Any, name: str) -> None:
    put = s3.put_object(Bucket="mine", Key="named", Body=b"x", ServerSideEncryption="aws:kms", SSEKMSKeyId=name)

    assert (put["ServerSideEncryption"], put["SSEKMSKeyId"], read(s3, "named")) == ("aws:kms", KEY, b"x")


@pytest.mark.parametrize("verb", ["get_object", "head_object"])
def test_a_reply_says_what_the_object_is_encrypted_with(s3: Any, verb: str) -> None:
    s3.put_object(Bucket="mine", Key="told", Body=b"x", ContentType="text/odd", Metadata={"a": "b"}, **WITH_KEY)
    got = getattr(s3, verb)(Bucket="mine", Key="told")

    assert (got["ServerSideEncryption"], got["SSEKMSKeyId"]) == ("aws:kms", KEY)
    assert (got["ContentType"], got["Metadata"]) == ("text/odd", {"a": "b"})


def test_without_a_key_nothing_changes(site: Site, s3: Any) -> None:
    s3.put_object(Bucket="mine", Key="plain", Body=b"as it is")

    assert stored(site, "plain").read_bytes() == b"as it is"
    assert "ServerSideEncryption" not in s3.get_object(Bucket="mine", Key="plain")


@pytest.mark.parametrize("listing", ["list_objects", "list_objects_v2"])
@pytest.mark.parametrize("key", ["listed/plain", "listed/a b+c/é&<"])
def test_a_listing_tells_the_objects_own_size(s3: Any, listing: str, key: str) -> None:
    s3.put_object(Bucket="mine", Key=key, Body=b"x" * 1000, **WITH_KEY)
    found = getattr(s3, listing)(Bucket="mine", Prefix=key)["Contents"]

    assert [(each["Key"], each["Size"]) for each in found] == [(key, 1000)]


@pytest.fixture(scope="module")
def long(site: Site) -> bytes:
    """An object of several frames, `long`, and one of several parts, `parts`."""
    content = os.urandom(PART_BYTES + 11 * MIB + 12345)
    site.s3("AKIAOWN").put_object(Bucket="mine", Key="long", Body=content, **WITH_KEY)
    upload(site, "parts", content)
    return content


def upload(site: Site, key: str, content: bytes, **extra: str) -> None:
    file = site.folder.parent / "upload"
    file.write_bytes(content)
    config = TransferConfig(multipart_threshold=5 * MIB, multipart_chunksize=5 * MIB)
    site.s3("AKIAOWN").upload_file(str(file), "mine", key, ExtraArgs=extra or WITH_KEY, Config=config)


RANGES = {
    "bytes=0-0": slice(0, 1),
    "bytes=100-199": slice(100, 200),
    f"bytes={FRAME_BYTES - 1}-{FRAME_BYTES}": slice(FRAME_BYTES - 1, FRAME_BYTES + 1),
    f"bytes={5 * MIB - 10}-{10 * MIB + 10}": slice(5 * MIB - 10, 10 * MIB + 11),
    f"bytes={10 * MIB}-": slice(10 * MIB, None),
    "bytes=-1000": slice(-1000, None),
    f"bytes={PART_BYTES - 1}-{PART_BYTES}": slice(PART_BYTES - 1, PART_BYTES + 1),
    f"bytes={PART_BYTES}-{PART_BYTES}": slice(PART_BYTES, PART_BYTES + 1),
    "bytes=5-99999999999": slice(5, None),
    "lines=5-6": slice(None),
    "bytes=7-3": slice(None),
}


@pytest.mark.parametrize("key", ["long", "parts"])
@pytest.mark.parametrize("asked", RANGES)
def test_a_range_is_cut_out_of_what_is_decrypted(s3: Any, long: bytes, key: str, asked: str) -> None:
    wanted = long[RANGES[asked]]
    got = s3.get_object(Bucket="mine", Key=key, Range=asked)

    assert got["Body"].read() == wanted
    assert got["ContentLength"] == len(wanted)
    if len(wanted) < len(long):
        start, _, _ = RANGES[asked].indices(len(long))
        assert got["ContentRange"] == f"bytes {start}-{start + len(wanted) - 1}/{len(long)}"
        assert got["ResponseMetadata"]["HTTPStatusCode"] == 206


def test_a_range_behind_the_end_is_refused(s3: Any, long: bytes) -> None:
    assert code_of(s3.get_object, Bucket="mine", Key="long", Range=f"bytes={len(long)}-") == "InvalidRange"


def test_a_multipart_upload_becomes_one_object(site: Site, s3: Any, long: bytes) -> None:
    assert read(s3, "parts") == long
    assert stored(site, "parts").read_bytes().count(MARK) == 6
    assert sizes(s3, "parts") == {"parts": len(long)}
    assert s3.head_object(Bucket="mine", Key="parts")["SSEKMSKeyId"] == KEY


@pytest.mark.slow
@pytest.mark.parametrize("key", ["long", "parts"])
def test_download_file_fetches_ranges_side_by_side(s3: Any, long: bytes, tmp_path: Path, key: str) -> None:
    config = TransferConfig(multipart_threshold=MIB, multipart_chunksize=MIB, max_concurrency=8)
    s3.download_file("mine", key, str(tmp_path / "down"), Config=config)

    assert (tmp_path / "down").read_bytes() == long


def test_the_parts_of_an_upload_have_their_own_sizes(s3: Any) -> None:
    created = s3.create_multipart_upload(Bucket="mine", Key="half", **WITH_KEY)
    asked = {"Bucket": "mine", "Key": "half", "UploadId": created["UploadId"]}
    part = s3.upload_part(**asked, PartNumber=1, Body=b"x" * 777)
    listed = s3.list_parts(**asked)
    s3.abort_multipart_upload(**asked)

    assert (created["SSEKMSKeyId"], part["SSEKMSKeyId"]) == (KEY, KEY)
    assert [(each["PartNumber"], each["Size"]) for each in listed["Parts"]] == [(1, 777)]


def test_a_part_that_was_not_uploaded_is_refused(s3: Any) -> None:
    asked = {"Bucket": "mine", "Key": "missing"}
    asked["UploadId"] = s3.create_multipart_upload(**asked, **WITH_KEY)["UploadId"]
    parts = {"Parts": [{"PartNumber": 1, "ETag": '"0123"'}]}

    assert code_of(s3.complete_multipart_upload, **asked, MultipartUpload=parts) == "InvalidPart"


def test_who_may_not_use_the_key_is_told_so(site: Site, s3: Any) -> None:
    role = site.s3("AKIAROLE")
    named = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": NARROW}
    role.put_object(Bucket="mine", Key="output/narrow", Body=b"x", **named)

    with pytest.raises(ClientError, match=f"is not authorized to perform: kms:Decrypt on resource: {NARROW}") as caught:
        s3.get_object(Bucket="mine", Key="output/narrow")
    assert caught.value.response["Error"]["Code"] == "AccessDenied"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    assert code_of(s3.put_object, Bucket="mine", Key="x", Body=b"", **named) == "AccessDenied"
    assert code_of(s3.create_multipart_upload, Bucket="mine", Key="x", **named) == "AccessDenied"
    assert s3.head_object(Bucket="mine", Key="output/narrow")["ContentLength"] == 1


def test_nobody_copies_what_he_may_not_decrypt(site: Site, s3: Any) -> None:
    named = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": NARROW}
    site.s3("AKIAROLE").put_object(Bucket="mine", Key="output/source", Body=b"x", **named)

    assert code_of(s3.copy_object, Bucket="mine", Key="copy", CopySource="mine/output/source") == "AccessDenied"
    assert code_of(s3.head_object, Bucket="mine", Key="copy") == "404"


@pytest.mark.parametrize("state", ["disabled", "removed"])
def test_a_key_that_is_not_in_use_opens_nothing(site: Site, s3: Any, state: str) -> None:
    arn = KEY.replace("1111-1", f"{len(state)}111-1")
    site.store.kms_keys.add(a_key(arn))
    s3.put_object(Bucket="mine", Key=state, Body=b"x", ServerSideEncryption="aws:kms", SSEKMSKeyId=arn)
    if state == "removed":
        site.store.kms_keys.remove(arn)
    else:
        site.store.kms_keys.change(a_key(arn, is_enabled=False))

    expected = {"removed": "KMS.NotFoundException", "disabled": "KMS.DisabledException"}[state]
    assert code_of(s3.get_object, Bucket="mine", Key=state) == expected
    s3.delete_object(Bucket="mine", Key=state)


def test_an_unknown_key_is_refused(s3: Any) -> None:
    named = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "alias/nobodys"}

    assert code_of(s3.put_object, Bucket="mine", Key="x", Body=b"", **named) == "KMS.NotFoundException"


def test_a_copy_stays_encrypted(site: Site, s3: Any) -> None:
    s3.put_object(Bucket="mine", Key="original", Body=b"x" * 1000, Metadata={"a": "b"}, **WITH_KEY)
    copied = s3.copy_object(Bucket="mine", Key="copied", CopySource="mine/original")

    assert (copied["SSEKMSKeyId"], read(s3, "copied")) == (KEY, b"x" * 1000)
    assert copied["CopyObjectResult"]["ETag"] == s3.head_object(Bucket="mine", Key="copied")["ETag"]
    assert s3.head_object(Bucket="mine", Key="copied")["Metadata"] == {"a": "b"}
    assert stored(site, "copied").read_bytes().startswith(MARK)


@pytest.mark.parametrize("extra", [{}, WITH_KEY])
def test_a_copy_may_be_of_another_key(s3: Any, extra: dict[str, str]) -> None:
    s3.put_object(Bucket="mine", Key="from", Body=b"hello", **extra)
    other = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": OTHER_KEY}
    s3.copy_object(Bucket="mine", Key="to", CopySource="mine/from", **other)

    assert (read(s3, "to"), s3.head_object(Bucket="mine", Key="to")["SSEKMSKeyId"]) == (b"hello", OTHER_KEY)


def test_a_copy_may_be_described_anew(s3: Any) -> None:
    s3.put_object(Bucket="mine", Key="self", Body=b"hello", Metadata={"a": "b"}, **WITH_KEY)
    source = {"CopySource": "mine/self", "MetadataDirective": "REPLACE", "Metadata": {"c": "d"}}
    s3.copy_object(Bucket="mine", Key="self", **source)

    assert (read(s3, "self"), s3.head_object(Bucket="mine", Key="self")["Metadata"]) == (b"hello", {"c": "d"})


def test_a_copy_heeds_its_conditions(s3: Any) -> None:
    tag = s3.put_object(Bucket="mine", Key="conditional", Body=b"x", **WITH_KEY)["ETag"]
    asked = {"Bucket": "mine", "Key": "c", "CopySource": "mine/conditional", "CopySourceIfNoneMatch": tag}

    assert code_of(s3.copy_object, **asked) == "PreconditionFailed"


@pytest.mark.parametrize("extra", [{}, WITH_KEY])
def test_parts_can_be_copied(s3: Any, extra: dict[str, str]) -> None:
    s3.put_object(Bucket="mine", Key="whole", Body=bytes(range(256)), **extra)
    asked = {"Bucket": "mine", "Key": "put together"}
    asked["UploadId"] = s3.create_multipart_upload(**asked, **extra)["UploadId"]
    ranges = ["bytes=200-255", "bytes=0-9"]
    parts = [
        s3.upload_part_copy(**asked, PartNumber=number, CopySource="mine/whole", CopySourceRange=each)
        for number, each in enumerate(ranges, start=1)
    ]
    named = [{"PartNumber": n, "ETag": each["CopyPartResult"]["ETag"]} for n, each in enumerate(parts, start=1)]
    s3.complete_multipart_upload(**asked, MultipartUpload={"Parts": named})

    assert read(s3, "put together") == bytes(range(200, 256)) + bytes(range(10))


def test_an_encrypted_part_is_not_copied_into_a_plain_upload(s3: Any) -> None:
    s3.put_object(Bucket="mine", Key="closed", Body=b"secret", **WITH_KEY)
    asked = {"Bucket": "mine", "Key": "open"}
    asked["UploadId"] = s3.create_multipart_upload(**asked)["UploadId"]

    assert code_of(s3.upload_part_copy, **asked, PartNumber=1, CopySource="mine/closed") == "InvalidRequest"


def test_what_is_overwritten_by_something_plain_is_plain(site: Site, s3: Any) -> None:
    s3.put_object(Bucket="mine", Key="over", Body=b"secret", **WITH_KEY)
    length = stored(site, "over").stat().st_size
    s3.put_object(Bucket="mine", Key="over", Body=b"p" * length)

    assert read(s3, "over") == b"p" * length
    assert site.store.sealed_objects.of("mine", ["over"]) == {}


def test_what_is_overwritten_by_hand_is_plain(site: Site, s3: Any) -> None:
    s3.put_object(Bucket="mine", Key="byhand", Body=b"secret", **WITH_KEY)
    stored(site, "byhand").write_bytes(b"plain")

    assert (read(s3, "byhand"), sizes(s3, "byhand")) == (b"plain", {"byhand": 5})


def test_what_is_overwritten_by_ciphertext_is_the_new_one(site: Site, s3: Any) -> None:
    for body in (b"old", b"new!"):
        s3.put_object(Bucket="mine", Key="twice", Body=body, **WITH_KEY)

    assert (read(s3, "twice"), sizes(s3, "twice")) == (b"new!", {"twice": 4})
    assert len(site.store.sealed_objects.of("mine", ["twice"])["twice"]) == 1


def test_what_is_deleted_leaves_no_row(site: Site, s3: Any) -> None:
    for key in ("gone/one", "gone/two"):
        s3.put_object(Bucket="mine", Key=key, Body=b"x", **WITH_KEY)
    s3.delete_object(Bucket="mine", Key="gone/one")
    s3.delete_objects(Bucket="mine", Delete={"Objects": [{"Key": "gone/two"}]})

    assert sizes(s3, "gone/") == {}
    assert site.store.sealed_objects.of("mine", ["gone/one", "gone/two"]) == {}


def test_a_row_whose_object_was_never_stored_changes_nothing(site: Site, s3: Any) -> None:
    """As a server leaves it that is killed between the two; what lay there stays readable, as what it is."""
    s3.put_object(Bucket="mine", Key="killed", Body=b"kept", **WITH_KEY)
    (row,) = site.store.sealed_objects.of("mine", ["killed"])["killed"]
    lost = {"id": "0" * 32, "bucket": "mine", "key": "killed", "kms_key": OTHER_KEY, "created_at": 1.0}
    site.store.sealed_objects.add(type(row)(**lost, parts=row.parts))

    assert (read(s3, "killed"), sizes(s3, "killed")) == (b"kept", {"killed": 4})


def test_an_object_whose_storing_was_never_noted_is_known(site: Site, s3: Any) -> None:
    """As a server leaves it that is killed before it has written down the ETag."""
    s3.put_object(Bucket="mine", Key="unnoted", Body=b"x" * 50, **WITH_KEY)
    (row,) = site.store.sealed_objects.of("mine", ["unnoted"])["unnoted"]
    site.store.sealed_objects.settle(row.id, None)  # type: ignore[arg-type]  # as it was before

    assert (sizes(s3, "unnoted"), read(s3, "unnoted")) == ({"unnoted": 50}, b"x" * 50)


@pytest.mark.parametrize("at", [0, len(MARK) + 3, MARK_BYTES + 1, MARK_BYTES + 60, -20, -1])
def test_a_changed_byte_is_an_error(site: Site, s3: Any, at: int) -> None:
    """In the mark, the id, the message's header, its data key, its only frame: no byte of it is given out."""
    s3.put_object(Bucket="mine", Key="changed", Body=b"x" * 1000, **WITH_KEY)
    content = bytearray(stored(site, "changed").read_bytes())
    content[at] ^= 1
    stored(site, "changed").write_bytes(content)

    assert code_of(s3.get_object, Bucket="mine", Key="changed") == "KMS.InvalidCiphertextException"


@pytest.mark.parametrize("change", ["cut", "longer", "swapped parts"])
def test_what_is_cut_or_put_together_anew_is_an_error(site: Site, s3: Any, long: bytes, change: str) -> None:
    upload(site, "remade", long)
    content = stored(site, "remade").read_bytes()
    second = content.index(MARK, 1)
    third = content.index(MARK, second + 1)
    made = {
        "cut": content[:-1],
        "longer": content + b"\0",
        "swapped parts": content[second:third] + content[:second] + content[third:],
    }
    stored(site, "remade").write_bytes(made[change])

    assert code_of(s3.get_object, Bucket="mine", Key="remade") == "KMS.InvalidCiphertextException"


def test_ciphertext_of_another_object_is_an_error(site: Site, s3: Any) -> None:
    for key in ("mine one", "mine two"):
        s3.put_object(Bucket="mine", Key=key, Body=b"x" * 10, **WITH_KEY)
    stored(site, "mine two").write_bytes(stored(site, "mine one").read_bytes())

    assert code_of(s3.get_object, Bucket="mine", Key="mine two") == "KMS.InvalidCiphertextException"


def test_a_late_changed_byte_breaks_the_answer_off(site: Site, s3: Any) -> None:
    """What came before has been authenticated, and the client gets less than was announced."""
    s3.put_object(Bucket="mine", Key="late", Body=b"x" * (4 * FRAME_BYTES), **WITH_KEY)
    content = bytearray(stored(site, "late").read_bytes())
    content[3 * FRAME_BYTES] ^= 1
    stored(site, "late").write_bytes(content)
    body = s3.get_object(Bucket="mine", Key="late")["Body"]

    with pytest.raises((ResponseStreamingError, HTTPClientError)):
        body.read()


REFUSED: dict[str, dict[str, Any]] = {
    "AES256": {"ServerSideEncryption": "AES256"},
    "aws:kms:dsse": {"ServerSideEncryption": "aws:kms:dsse", "SSEKMSKeyId": KEY},
    "customer-algorithm": {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": "k" * 32},
    "bucket-key-enabled": {**WITH_KEY, "BucketKeyEnabled": True},
    "encryption-context": {**WITH_KEY, "SSEKMSEncryptionContext": "e30="},
    "beside it": {"SSEKMSKeyId": KEY},
}


@pytest.mark.parametrize("named", REFUSED)
def test_other_encryption_is_refused_by_name(site: Site, s3: Any, named: str) -> None:
    with pytest.raises(ClientError, match=named):
        s3.put_object(Bucket="mine", Key="refused", Body=b"x", **REFUSED[named])

    assert not stored(site, "refused").exists()


def test_a_customers_key_is_refused_for_reading_too(s3: Any) -> None:
    s3.put_object(Bucket="mine", Key="customer", Body=b"x")

    with pytest.raises(ClientError, match="501"):
        s3.head_object(Bucket="mine", Key="customer", SSECustomerAlgorithm="AES256", SSECustomerKey="k" * 32)


def test_a_checksum_that_is_wrong_is_refused(site: Site, s3: Any) -> None:
    """The S3 server behind us could not check it: it sees other bytes."""
    asked = {"Bucket": "mine", "Key": "checked", "Body": b"hello", **WITH_KEY}

    assert code_of(s3.put_object, **asked, ChecksumSHA256="AAAA") == "BadDigest"
    assert code_of(s3.put_object, **asked, ContentMD5="AAAAAAAAAAAAAAAAAAAAAA==") in ("BadDigest", "InvalidDigest")
    assert not stored(site, "checked").exists()


@pytest.mark.parametrize("algorithm", ["CRC32", "SHA1", "SHA256"])
def test_a_checksum_that_is_right_is_accepted(s3: Any, algorithm: str) -> None:
    s3.put_object(Bucket="mine", Key="right", Body=b"hello", ChecksumAlgorithm=algorithm, **WITH_KEY)

    assert read(s3, "right") == b"hello"


def test_presigned_addresses_work(site: Site) -> None:
    s3 = site.s3("AKIAOWN", signature_version="s3v4")
    put = s3.generate_presigned_url("put_object", Params={"Bucket": "mine", "Key": "presigned", **WITH_KEY})
    headers = {"x-amz-server-side-encryption": "aws:kms", "x-amz-server-side-encryption-aws-kms-key-id": KEY}
    urlopen(Request(put, b"hello", headers, method="PUT"), timeout=10).close()
    get = s3.generate_presigned_url("get_object", Params={"Bucket": "mine", "Key": "presigned"})

    with urlopen(get, timeout=10) as got:
        assert got.read() == b"hello"
    assert stored(site, "presigned").read_bytes().startswith(MARK)


def test_without_a_name_the_accounts_own_key_is_used(site: Site) -> None:
    """By everybody of the account who may use the object, as with the key that AWS manages; by nobody else."""
    site.s3("AKIANOKMS").put_object(Bucket="mine", Key="output/default", Body=b"x", ServerSideEncryption="aws:kms")
    got = site.s3("AKIAOWN").get_object(Bucket="mine", Key="output/default")

    assert (got["Body"].read(), stored(site, "output/default").read_bytes()[:16]) == (b"x", MARK)
    assert site.store.kms_keys.aliases(got["SSEKMSKeyId"]) == [f"arn:aws:kms:us-east-1:{OWN}:alias/aws/s3"]
    named = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": got["SSEKMSKeyId"]}
    other = site.s3("AKIAOTHER").put_object
    assert code_of(other, Bucket="theirs", Key="x", Body=b"", **named) == "AccessDenied"


def test_equal_objects_have_different_ciphertexts(site: Site, s3: Any) -> None:
    for key in ("equal/one", "equal/two"):
        s3.put_object(Bucket="mine", Key=key, Body=b"x" * 100, **WITH_KEY)
    digests = {hashlib.sha256(stored(site, key).read_bytes()[-100:]).digest() for key in ("equal/one", "equal/two")}

    assert len(digests) == 2


@pytest.mark.slow
def test_a_host_uploads_in_parts_and_nothing_is_held_whole(site: Site, tmp_path: Path) -> None:
    """128 MiB go up and come down again, and this process, which holds client and server, never has much of them."""
    file = tmp_path / "large"
    with file.open("wb") as large:
        for _ in range(128):
            large.write(os.urandom(MIB))
    objects = S3Objects(site.url, "AKIAOWN", "secret", "us-east-1")
    tracemalloc.start()
    with file.open("rb") as body:
        objects.put("s3://mine/large", body, KEY)
    with objects.open("s3://mine/large") as got, file.open("rb") as original:
        same = all(got.read(MIB) == original.read(MIB) for _ in range(128))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert (same, stored(site, "large").read_bytes()[:16]) == (True, MARK)
    assert peak < 64 * MIB  # three parts of the client's, of 16 MiB each, and some frames


def test_what_is_not_modified_is_not_sent(s3: Any) -> None:
    tag = s3.put_object(Bucket="mine", Key="tagged", Body=b"x", **WITH_KEY)["ETag"]

    with pytest.raises(ClientError, match="304"):
        s3.get_object(Bucket="mine", Key="tagged", IfNoneMatch=tag)


def test_a_head_of_a_range_tells_the_range(s3: Any, long: bytes) -> None:
    told = s3.head_object(Bucket="mine", Key="long", Range="bytes=10-19")

    assert (told["ContentLength"], told["ResponseMetadata"]["HTTPStatusCode"]) == (10, 206)


def test_ciphertext_that_is_put_as_it_is_is_read_as_it_is(site: Site, s3: Any) -> None:
    """It is no object of ours at that place, and whoever put it there has it anyway."""
    s3.put_object(Bucket="mine", Key="raw", Body=b"x", **WITH_KEY)
    raw = stored(site, "raw").read_bytes()
    s3.put_object(Bucket="mine", Key="copy of raw", Body=raw)

    assert read(s3, "copy of raw") == raw


@pytest.mark.slow
def test_nobody_reads_ciphertext_while_an_object_is_overwritten(site: Site) -> None:
    """Each body is one byte over and over, so that a mixture, or ciphertext, would be seen."""
    over = Event()

    def write(start: int) -> None:
        s3 = site.s3("AKIAOWN")
        for number in range(start, start + 60):
            body = bytes([number]) * (1000 + number)
            with suppress(ClientError):  # the S3 server behind us gives up now and then
                s3.put_object(Bucket="mine", Key="contested", Body=body, **(WITH_KEY if number % 2 else {}))

    def look() -> set[bytes]:
        s3, seen = site.s3("AKIAOWN", response_checksum_validation="when_required"), set[bytes]()
        while not over.is_set():
            with suppress(ClientError, HTTPClientError):
                seen.add(read(s3, "contested"))
        return seen

    with ThreadPoolExecutor(4) as threads:
        looks = [threads.submit(look) for _ in range(2)]
        for each in [threads.submit(write, start) for start in (1, 100)]:
            each.result()
        over.set()
        seen = looks[0].result() | looks[1].result()

    assert [body[:40] for body in seen if len(set(body)) != 1 or MARK in body] == []
