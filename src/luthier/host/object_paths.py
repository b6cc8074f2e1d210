"""Which object is which file: keys as paths, and paths as keys."""

import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from luthier.objects import ObjectInfo

NAME_BYTES = 255  # of one part of a path
KEY_BYTES = 1024  # of a key: "Naming Amazon S3 objects", Amazon S3 User Guide

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class BadKeyError(Exception):
    """An object's key makes no file; the message names the object and the remedy."""


def paths_of(start: str, objects: Iterable[ObjectInfo]) -> Mapping[PurePosixPath, ObjectInfo]:
    """
    Say which object becomes which file: by what is left of its URI, all of which begin with *start*.

    Raises BadKeyError for keys that are no paths within a folder, or of which one would be another's folder.
    """
    paths = {_path(each.uri, each.uri.removeprefix(start)): each for each in objects}
    for path in paths:
        for parent in path.parents:
            if parent in paths:
                raise BadKeyError(
                    f"{paths[parent].uri} is both an object and a folder of {paths[path].uri}; rename one of them"
                )
    return paths


def trouble_with_key(key: str) -> str | None:
    """
    Say why nothing can be stored under a key; None if it can.

    >>> trouble_with_key("step 5/model.bin")
    >>> trouble_with_key("step\\n5")
    'its name has a control character'
    """
    try:
        length = len(key.encode())
    except UnicodeEncodeError:
        return "its name is not UTF-8"
    if length > KEY_BYTES:
        return f"its key would have {length} bytes, and S3 takes {KEY_BYTES}"
    return "its name has a control character" if _CONTROL.search(key) else None


def _path(uri: str, name: str) -> PurePosixPath:
    parts = name.split("/")
    is_hostile = any(part in ("", ".", "..") or len(part.encode()) > NAME_BYTES for part in parts) or "\0" in name
    if is_hostile:
        raise BadKeyError(f"{uri}: this key makes no file name; rename the object")
    return PurePosixPath(*parts)
