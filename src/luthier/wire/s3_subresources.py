"""
What an S3 request asks for beside an object or a bucket as a whole: `?tagging`, `?uploads` and so on.

What is not in these tables is refused. A server that has not heard of a sub-resource does not see it: `rclone serve s3`
deletes the object where its tags are to be deleted, and overwrites it where they are to be written. And some would
write into another bucket than the one that is named and judged: logging, replication, inventory, restore. Source: the
operations of the Amazon S3 API Reference.
"""

from collections.abc import Mapping

from luthier.records.call import ApiError
from luthier.wire import sigv2
from luthier.wire.request import HttpRequest

Asked = tuple[str, bool]  # the method, and whether a key is named

_READING = frozenset(("GET", "HEAD"))
_EVERYWHERE: Mapping[Asked, frozenset[str]] = {
    ("GET", False): frozenset(("location", "uploads", "versioning", "versions")),
    ("POST", False): frozenset(("delete",)),
    ("GET", True): frozenset(("partNumber", "uploadId")),
    ("HEAD", True): frozenset(("partNumber",)),
    ("PUT", True): frozenset(("partNumber", "uploadId")),
    ("POST", True): frozenset(("uploadId", "uploads")),
    ("DELETE", True): frozenset(("uploadId",)),
}
_SETTINGS = frozenset(("cors", "encryption", "lifecycle", "object-lock", "ownershipControls", "tagging"))
_OF_OBJECTS = frozenset(("legal-hold", "retention", "tagging"))
_ON_WHOLE_SERVERS: Mapping[Asked, frozenset[str]] = {
    ("GET", False): _SETTINGS | {"accelerate", "acl", "policy", "policyStatus", "publicAccessBlock", "requestPayment"},
    ("PUT", False): _SETTINGS | {"versioning"},
    ("DELETE", False): _SETTINGS - {"object-lock"},
    ("GET", True): _OF_OBJECTS | {"acl", "attributes", "versionId"},
    ("HEAD", True): frozenset(("versionId",)),
    ("PUT", True): _OF_OBJECTS | {"versionId"},
    ("DELETE", True): frozenset(("tagging", "versionId")),
}
_HARMLESS = frozenset(
    ("bucket-region", "continuation-token", "delimiter", "encoding-type", "fetch-owner", "key-marker", "list-type")
) | {"marker", "max-buckets", "max-keys", "max-parts", "max-uploads", "part-number-marker", "prefix", "start-after"}
_HARMLESS |= {"upload-id-marker", "version-id-marker", "content-md5", "content-type", *sigv2.MEMBERS}


def subresources(request: HttpRequest, *, has_key: bool, is_plain: bool) -> frozenset[str]:
    """
    Give the sub-resources that a request asks for.

    To a server that *is_plain* goes only what it knows. Raises ApiError for everything else, and for a form that is
    posted, which names its key in its body.
    """
    asked = (request.method, has_key)
    known = _EVERYWHERE.get(asked, frozenset())
    if not is_plain:
        known |= _ON_WHOLE_SERVERS.get(asked, frozenset())
    found = frozenset(name for name, _ in request.parameters if not _is_harmless(name, request.method))
    if odd := sorted(found - known):
        raise not_implemented(f"{request.method} of {odd[0]!r}")
    if request.method == "POST" and not found:
        raise not_implemented("POST of a form")
    if request.method == "PUT" and len(found & {"partNumber", "uploadId"}) == 1:
        raise ApiError("InvalidArgument", "A part is put with both partNumber and uploadId.")
    return found


def not_implemented(what: str) -> ApiError:
    """The error for *what* is asked of a server that does not have it."""
    return ApiError(
        "NotImplemented",
        f"A header or query you provided implies functionality that is not implemented: {what}.",
        http_status=501,
    )


def _is_harmless(name: str, method: str) -> bool:
    if name.lower().startswith("x-") or name in _HARMLESS:
        return True
    return name.startswith("response-") and method in _READING
