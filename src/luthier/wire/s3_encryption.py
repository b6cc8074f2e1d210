"""
What S3 requests say of encryption, to a server that would not see it: `rclone serve s3` keeps such headers as words.

| header x-amz-server-side-encryption...        | here                                              |
|-----------------------------------------------|---------------------------------------------------|
| `: aws:kms` with `-aws-kms-key-id`            | the object is encrypted with this key             |
| `: aws:kms` alone                             | with the account's own, `alias/aws/s3`            |
| `-bucket-key-enabled: false`                  | what happens anyway                               |
| anything else, and with any other request     | refused by name                                   |

Source: "Specifying server-side encryption with AWS KMS", Amazon S3 User Guide.
"""

from dataclasses import replace

from luthier.records.call import ApiError
from luthier.records.kms_key import DEFAULT_ALIAS
from luthier.wire.request import HttpRequest
from luthier.wire.s3_subresources import not_implemented

ENCRYPTION = "x-amz-server-side-encryption"
KEY = f"{ENCRYPTION}-aws-kms-key-id"
KMS = "aws:kms"
_BUCKET_KEY = f"{ENCRYPTION}-bucket-key-enabled"
_PREFIXES = (ENCRYPTION, f"x-amz-copy-source{ENCRYPTION.removeprefix('x-amz')}")
_OF_THE_PLAIN_BODY = ("content-md5", "x-amz-sdk-checksum-algorithm")


def wanted_key(request: HttpRequest, *, has_key: bool) -> str | None:
    """
    Give the name of the KMS key that an object is to be encrypted with; None where nothing is said of encryption.

    Raises ApiError for what is not done here.
    """
    given = dict[str, str]()
    for name, value in (*request.headers, *request.parameters):
        name = name.lower()
        if name.startswith(_PREFIXES):
            given[name] = f"{given[name]},{value}" if name in given else value
    if given.get(_BUCKET_KEY, "").lower() == "false":
        del given[_BUCKET_KEY]
    if not given:
        return None
    if odd := sorted(given.keys() - {ENCRYPTION, KEY}):
        raise not_implemented(odd[0])
    if given.get(ENCRYPTION, KMS) != KMS:
        raise not_implemented(f"{ENCRYPTION}: {given[ENCRYPTION]:.100}; use {KMS}, with {KEY}")
    if not (has_key and _makes_object(request)):
        raise ApiError("InvalidArgument", f"{min(given)} does not belong to this request; leave it out.")
    if ENCRYPTION not in given:
        raise ApiError("InvalidArgument", f"{KEY} needs {ENCRYPTION}: {KMS} beside it.")
    return given.get(KEY) or DEFAULT_ALIAS


def without_encryption(request: HttpRequest) -> HttpRequest:
    """Leave out what is said of encryption, and of the checksums of a body that is sent on encrypted."""
    query = [raw for (name, _), raw in zip(request.parameters, request.raw_parameters(), strict=True) if _stays(name)]
    return replace(
        request,
        headers=tuple(pair for pair in request.headers if _stays(pair[0])),
        query="&".join("".join(each) for each in query),
    )


def _makes_object(request: HttpRequest) -> bool:
    names = {name for name, _ in request.parameters}
    return (request.method == "PUT" and "uploadId" not in names) or (request.method == "POST" and "uploads" in names)


def _stays(name: str) -> bool:
    name = name.lower()
    return not name.startswith((*_PREFIXES, "x-amz-checksum-")) and name not in _OF_THE_PLAIN_BODY
