"""
Where checkpoints are kept: CheckpointConfig, read and checked.

LocalPath is a folder that the algorithm gets to itself, so it cannot be one that holds something else:

| LocalPath                                             |                                                   |
|-------------------------------------------------------|---------------------------------------------------|
| /opt/ml/checkpoints, or any other below /opt/ml       | fine                                              |
| /opt/ml/input, model, output, code, and below them    | refused: they have another purpose                |
| /data/run, /tmp/run, and others of the kind           | fine                                              |
| /, /opt, /opt/ml, /tmp                                | refused: they hold more than checkpoints          |
| /usr, /etc, /dev and others of the system             | refused: they are the image's or the system's own |
| run, /data/../x, /data//x                             | refused: they are no absolute and plain paths     |
"""

import re

from luthier.api.members import text
from luthier.api.s3_uris import parse_s3_uri
from luthier.records.call import ApiError, validation_error
from luthier.records.checkpoints import LOCAL_PATH, Checkpoints
from luthier.records.json_value import JsonObject

MEMBER = "CheckpointConfig"

_WHOLE = ("/", "/opt", "/opt/ml", "/tmp")  # noqa: S108  # as the algorithm sees it
_OTHER_PURPOSE = ("/opt/ml/input", "/opt/ml/model", "/opt/ml/output", "/opt/ml/code")
_SYSTEM = ("bin", "boot", "dev", "etc", "lib", "lib32", "lib64", "libx32", "proc", "run", "sbin", "sys", "usr", "var")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NAME_BYTES, _PATH_BYTES = 255, 4000  # of Linux's 255 and 4,096: something must find room within


def completed_checkpoints(given: JsonObject) -> JsonObject:
    """Fill in LocalPath."""
    return {"LocalPath": LOCAL_PATH, **{name: value for name, value in given.items() if value != ""}}


def parse_checkpoints(given: JsonObject) -> Checkpoints:
    """Read a whole CheckpointConfig; raises ApiError for an S3Uri or a LocalPath that cannot be."""
    path = text(given, "LocalPath")
    return Checkpoints(uri=parse_s3_uri(text(given, "S3Uri"), f"{MEMBER}.S3Uri"), local_path=_checked(path))


def _checked(path: str) -> str:
    """Give the path without a slash at its end."""
    plain = path.removesuffix("/") or "/"
    parts = plain.split("/")[1:]
    if not plain.startswith("/") or plain in _WHOLE:
        raise _refusal(path, "it must be an absolute path of a folder for checkpoints alone")
    if any(part in ("", ".", "..") for part in parts) or _CONTROL.search(path):
        raise _refusal(path, "it must be a plain path, without '.', '..', '//' and control characters")
    if any(plain == each or plain.startswith(f"{each}/") for each in _OTHER_PURPOSE):
        raise _refusal(path, "this folder has another purpose")
    if parts[0] in _SYSTEM:
        raise _refusal(path, f"/{parts[0]} belongs to the system")
    names = [part.encode("utf-8", "surrogatepass") for part in parts]
    if max(map(len, names)) > _NAME_BYTES or sum(map(len, names)) + len(names) > _PATH_BYTES:
        raise _refusal(path[:100], "it is too long")
    return plain


def _refusal(path: str, why: str) -> ApiError:
    return validation_error(f"{MEMBER}.LocalPath: {path!r} cannot be used: {why}. Leave it out for {LOCAL_PATH}.")
