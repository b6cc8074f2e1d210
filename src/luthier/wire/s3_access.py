"""
What an S3 request reads and writes: buckets and keys, exactly as the S3 server behind us will understand them.

| request                               | action, on                                      |
|---------------------------------------|-------------------------------------------------|
| GET, HEAD of a key                    | s3:GetObject, the key                           |
| PUT, POST of a key                    | s3:PutObject, the key; a copy reads, too        |
| DELETE of a key                       | s3:DeleteObject, the key                        |
| GET, HEAD of a bucket                 | s3:ListBucket, the prefix that is listed        |
| PUT, DELETE of a bucket               | s3:CreateBucket, s3:DeleteBucket, all of it     |
| POST ?delete of a bucket              | s3:DeleteObject, each key (see `s3_deletion`)   |
| a bucket's properties                 | s3:ListBucket, or s3:PutObject, all of it       |
| GET of nothing                        | s3:ListAllMyBuckets                             |

What could be understood in two ways is refused. Source: "Actions, resources, and condition keys for Amazon S3", AWS
Service Authorization Reference.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from luthier.records.call import ApiError
from luthier.wire.request import HttpRequest, plain
from luthier.wire.s3_request import object_path
from luthier.wire.s3_subresources import not_implemented, subresources

LIST_BUCKETS, CREATE_BUCKET, DELETE_BUCKET = "s3:ListAllMyBuckets", "s3:CreateBucket", "s3:DeleteBucket"
DELETE_OBJECT = "s3:DeleteObject"
_METHODS = ("DELETE", "GET", "HEAD", "POST", "PUT")
_COPY_SOURCE = "x-amz-copy-source"
_VERSION = "?versionId="
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")  # rclone writes such a file, and does not find it again
_DOTS = frozenset((".", ".."))


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Access:
    """One thing that a request does with one place."""

    action: str
    bucket: str  # empty for ListAllMyBuckets
    key: str = ""  # a key, or the prefix of several
    writes: bool = False
    expected_owner: str | None = None  # the account that the sender takes for the bucket's owner
    has_more: bool = False  # its keys stand in the body, and are judged one by one

    @property
    def place(self) -> str:
        """The place as a URI."""
        return f"s3://{self.bucket}/{self.key}"


def accesses(request: HttpRequest, host_suffixes: Collection[str], *, is_plain: bool = False) -> list[S3Access]:
    """
    Say all that a request does, its own place first, to a server that *is_plain* or a whole one.

    Raises ApiError for a path that could be understood in two ways, and for what the server does not have.
    """
    bucket, key = _taken_apart(object_path(request, host_suffixes).removeprefix("/"))
    if request.method not in (_METHODS if bucket else ("GET",)):
        raise ApiError(
            "MethodNotAllowed", "The specified method is not allowed against this resource.", http_status=405
        )
    if not bucket:
        return [S3Access(action=LIST_BUCKETS, bucket="")]
    asked = subresources(request, has_key=bool(key), is_plain=is_plain)
    owner = request.header("x-amz-expected-bucket-owner")
    if not key:
        return [_of_bucket(request, bucket, owner, asked)]
    reads = request.method in ("GET", "HEAD")
    if is_plain and request.method in ("PUT", "POST") and _CONTROL.search(key):
        raise ApiError("InvalidArgument", "The embedded S3 server keeps no key with a control character; rename it.")
    action = "s3:GetObject" if reads else DELETE_OBJECT if request.method == "DELETE" else "s3:PutObject"
    own = S3Access(action=action, bucket=bucket, key=key, writes=not reads, expected_owner=owner)
    return [own, *_copied(request, is_plain=is_plain)]


def is_certain(key: str) -> bool:
    """Say whether every store understands *key* alike: one of files may follow dots between slashes."""
    return "\0" not in key and not _DOTS & set(key.split("/")) and _is_text(key)


def _of_bucket(request: HttpRequest, bucket: str, owner: str | None, asked: Collection[str]) -> S3Access:
    if request.method in ("GET", "HEAD"):
        is_listing = not set(asked) - {"uploads", "versions"}
        prefix = _prefix(request) if is_listing else ""
        return S3Access(action="s3:ListBucket", bucket=bucket, key=prefix, expected_owner=owner)
    if "delete" in asked:
        return S3Access(action=DELETE_OBJECT, bucket=bucket, writes=True, expected_owner=owner, has_more=True)
    plain_actions = {"PUT": CREATE_BUCKET, "DELETE": DELETE_BUCKET}
    action = "s3:PutObject" if asked else plain_actions.get(request.method, "s3:PutObject")
    return S3Access(action=action, bucket=bucket, writes=True, expected_owner=owner)


def _prefix(request: HttpRequest) -> str:
    """Give the prefix that is listed: all of the bucket where none is given, or more than one."""
    prefix = request.parameter("prefix") or ""
    folder, slash, _ = prefix.rpartition("/")
    if slash and not is_certain(folder):
        raise _uncertain()
    return prefix


def _copied(request: HttpRequest, *, is_plain: bool) -> list[S3Access]:
    """Give what a copy reads, wherever the request says it: presigning moves headers into the query."""
    sources = [value for name, value in (*request.headers, *request.parameters) if name.lower() == _COPY_SOURCE]
    if len(sources) > 1:
        raise ApiError("InvalidArgument", f"{_COPY_SOURCE} is given more than once.")
    if not sources:
        return []
    path, of_version, version = sources[0].partition(_VERSION)
    if is_plain and of_version and version != "null":
        raise not_implemented("versionId of a copy's source")
    if "?" in path or "+" in path:  # servers do not agree where such a key ends, and whether a plus sign is a space
        raise ApiError("InvalidArgument", f"{_COPY_SOURCE} must be URL-encoded: write %3F for ? and %2B for +.")
    bucket, key = _taken_apart(path.removeprefix("/"))
    if not bucket or not key or bucket.startswith("arn:"):
        raise ApiError("InvalidArgument", f"{_COPY_SOURCE} must be /bucket/key; access points are not supported.")
    owner = request.header("x-amz-source-expected-bucket-owner")
    return [S3Access(action="s3:GetObject", bucket=bucket, key=key, expected_owner=owner)]


def _taken_apart(path: str) -> tuple[str, str]:
    bucket, slash, key = path.partition("/")
    bucket, key = plain(bucket), plain(key)
    if "/" in bucket or (slash and not bucket) or not is_certain(bucket) or not is_certain(key):
        raise _uncertain()
    return bucket, key


def _uncertain() -> ApiError:
    return ApiError("InvalidArgument", "The path names no bucket and key that can be told for certain; rename them.")


def _is_text(name: str) -> bool:
    """Say whether the bytes of a name are UTF-8, as S3's are."""
    return not any("\ud800" <= each <= "\udfff" for each in name)
