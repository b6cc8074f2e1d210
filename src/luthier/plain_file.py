"""
Opening a file in a folder of an algorithm's, which may put a link, a pipe or a device in its place at any time.

It is opened as what it must be, or not at all: no link is followed, no pipe waited for, and what was opened is looked
at by its descriptor.
"""

import logging
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_HOW = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC

_logger = logging.getLogger(__name__)


@contextmanager
def opened_plain(file: Path | str, folder: int | None = None) -> Iterator[int | None]:
    """
    Open a file for reading, by its path or by its name in an open *folder*, and give its descriptor.

    None for what is not there, may not be read, or is no plain file. Only a path's last part may be an algorithm's.
    """
    try:
        descriptor = os.open(file, _HOW, dir_fd=folder)
    except OSError as error:
        _logger.debug("%r cannot be read: %s", str(file), error)
        yield None
        return
    try:
        yield descriptor if stat.S_ISREG(os.fstat(descriptor).st_mode) else None
    finally:
        os.close(descriptor)
