"""
What an S3 request reads and writes: buckets and keys, exactly as the S3 server behind us will understand them.

| request                               | action, on                                   |
|---------------------------------------|----------------------------------------------|
| GET, HEAD of a key                    | s3:GetObject, the key                        |
| PUT, POST of a key                    | s3:PutObject, the key; a copy reads, too     |
| DELETE of a key                       | s3:DeleteObject, the key                     |
| GET, HEAD of a bucket                 | s3:ListBucket, the prefix that is listed     |
| PUT, DELETE of a bucket               | s3:CreateBucket, s3:DeleteBucket, all of it  |
| POST of a bucket, and its properties  | s3:PutObject, all of it                      |
| GET of nothing                        | s3:ListAllMyBuckets                          |

What could be understood in two ways is refused. Source: "Actions, resources, and condition keys for Amazon S3", AWS
Service Authorization Reference.
"""

from collections.abc import Collection
from dataclasses import dataclass

from luthier.records.call import ApiError
from luthier.wire.request import HttpRequest, plain
from luthier.wire.s3_request import object_path

LIST_BUCKETS, CREATE_BUCKET, DELETE_BUCKET = "s3:ListAllMyBuckets", "s3:CreateBucket", "s3:DeleteBucket"
_COPY_SOURCE = "x-amz-copy-source"


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Access:
    """One thing that a request does with one place."""

    action: str
    bucket: str  # empty for ListAllMyBuckets
    key: str = ""  # a key, or the prefix of several
    writes: bool = False
    expected_owner: str | None = None  # the account that the sender takes for the bucket's owner

    @property
    def place(self) -> str:
        """The place as a URI."""
        return f"s3://{self.bucket}/{self.key}"


def accesses(request: HttpRequest, host_suffixes: Collection[str]) -> list[S3Access]:
    """Say all that a request does; raises ApiError for a path that could be understood in two ways."""
    bucket, key = _taken_apart(object_path(request, host_suffixes).removeprefix("/"))
    owner = request.header("x-amz-expected-bucket-owner")
    if not bucket:
        return [S3Access(action=LIST_BUCKETS, bucket="")]
    if not key:
        return [_of_bucket(request, bucket, owner)]
    reads = request.method in ("GET", "HEAD")
    action = "s3:GetObject" if reads else "s3:DeleteObject" if request.method == "DELETE" else "s3:PutObject"
    own = S3Access(action=action, bucket=bucket, key=key, writes=not reads, expected_owner=owner)
    return [own, *_copied(request)]


def _of_bucket(request: HttpRequest, bucket: str, owner: str | None) -> S3Access:
    if request.method in ("GET", "HEAD"):
        prefix = request.parameter("prefix") or ""
        return S3Access(action="s3:ListBucket", bucket=bucket, key=prefix, expected_owner=owner)
    has_properties = any(name for name, _ in request.parameters if not name.lower().startswith("x-"))
    plain_actions = {"PUT": CREATE_BUCKET, "DELETE": DELETE_BUCKET}
    action = "s3:PutObject" if has_properties else plain_actions.get(request.method, "s3:PutObject")
    return S3Access(action=action, bucket=bucket, writes=True, expected_owner=owner)


def _copied(request: HttpRequest) -> list[S3Access]:
    """Give what a copy reads, wherever the request says it: presigning moves headers into the query."""
    sources = [value for name, value in (*request.headers, *request.parameters) if name.lower() == _COPY_SOURCE]
    if len(sources) > 1:
        raise ApiError("InvalidArgument", f"{_COPY_SOURCE} is given more than once.")
    if not sources:
        return []
    bucket, key = _taken_apart(sources[0].partition("?versionId=")[0].removeprefix("/"))
    if not bucket or not key or bucket.startswith("arn:"):
        raise ApiError("InvalidArgument", f"{_COPY_SOURCE} must be /bucket/key; access points are not supported.")
    owner = request.header("x-amz-source-expected-bucket-owner")
    return [S3Access(action="s3:GetObject", bucket=bucket, key=key, expected_owner=owner)]


def _taken_apart(path: str) -> tuple[str, str]:
    bucket, slash, key = path.partition("/")
    bucket, key = plain(bucket), plain(key)
    is_odd = "/" in bucket or bucket in (".", "..") or (slash and not bucket) or "\0" in bucket + key
    if is_odd or {".", ".."} & set(key.split("/")):
        raise ApiError("InvalidArgument", "The path names no bucket and key that can be told for certain; rename them.")
    return bucket, key
