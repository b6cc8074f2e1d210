"""How much of its volume a training job has used."""

import os
import stat
from collections.abc import Iterable
from pathlib import Path


def used_bytes(paths: Iterable[Path]) -> int:
    """
    Add up what files and folders take up; links are not followed, a file with two names counts once.

    A file with holes counts in full, for that is what packing it costs.

    The algorithm may be at work in them: what goes away meanwhile counts nothing, nor does a folder that it has locked
    or nested too deep to be named.
    """
    waiting = [os.fspath(path) for path in paths]
    seen: set[tuple[int, int]] = set()
    total = 0
    while waiting:
        path = waiting.pop()
        try:
            about = os.lstat(path)
            if (about.st_dev, about.st_ino) not in seen:
                total += max(about.st_blocks * 512, about.st_size)
            if about.st_nlink > 1:
                seen.add((about.st_dev, about.st_ino))
            if stat.S_ISDIR(about.st_mode):
                with os.scandir(path) as entries:
                    waiting.extend(entry.path for entry in entries)
        except OSError:
            continue
    return total
