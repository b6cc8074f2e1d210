"""S3 URIs in requests."""

import re

from luthier.records.call import validation_error

_S3_URI = re.compile(r"s3://[A-Za-z0-9][A-Za-z0-9._-]{1,254}(/.*)?", re.DOTALL)


def parse_s3_uri(uri: str, member: str) -> str:
    """Give the URI; raises ApiError if it is none of S3, naming the member."""
    if not _S3_URI.fullmatch(uri):
        if uri.startswith("s3://"):
            raise validation_error(f"{member} is {uri!r}, and no bucket has such a name; check the part behind s3://.")
        raise validation_error(f"{member} is {uri!r}; write it as s3://bucket/prefix.")
    return uri
