"""
Artifacts that are not compressed: what the algorithm has left in a folder of each host, one object for each file.

What is no file, such as a link, and what no key can be made of is left out, which the log says.
"""

import logging
import stat
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from luthier.host.leftovers import Left, left_in
from luthier.host.object_paths import trouble_with_key
from luthier.host.patience import persistently
from luthier.objects import ObjectStore

_MOST_WARNINGS = 100

_logger = logging.getLogger(__name__)


def upload_plain(folders: Sequence[Path], prefix: str, store: ObjectStore, encryption: str | None = None) -> None:
    """
    Store every file at *prefix*, a URI that ends with a slash, and its path, encrypted with the KMS key *encryption*.

    A store that is away is waited for. Raises ObjectError when it refuses.
    """
    warnings = 0
    for each in left_in(folders):
        mode = each.look().st_mode
        if stat.S_ISDIR(mode):
            continue
        name = prefix.removeprefix("s3://").partition("/")[2] + each.path
        why = trouble_with_key(name) if stat.S_ISREG(mode) else "it is no file"
        if why is None:
            persistently(partial(_put, each, prefix + each.path, store, encryption), _keep_on)
        elif warnings < _MOST_WARNINGS:
            warnings += 1
            _logger.warning("%r is not stored below %s: %s", each.path, prefix, why)


def _put(left: Left, uri: str, store: ObjectStore, encryption: str | None) -> None:
    with left.opened() as body:
        store.put(uri, body, encryption)


def _keep_on() -> None:
    """An upload is never given up: without it the training was for nothing."""
