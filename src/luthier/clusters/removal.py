"""
Deleting a folder that a stranger has filled.

The stranger may have nested folders deeper than a path can name or a program can recurse, locked them, and left links
to what is none of theirs. So no link is followed, and no tree descended: sub-folders are moved up into the heap that
is being deleted, one level at a time, until every folder holds files alone.

    heap/0/a/b/c   ->   heap/0  heap/1 (was a)/b/c   ->   heap/1  heap/2 (was b)/c   ->   ...
"""

import os
from pathlib import Path


def remove_tree(folder: Path) -> None:
    """Delete a folder with all that is in it. Its place may also hold a link or a file, or nothing."""
    heap = _heap_of(folder)
    heap.mkdir(exist_ok=True)
    if not folder.is_symlink() and folder.is_dir():
        folder.chmod(0o700)
        folder.rename(_free_place(heap))
    else:
        folder.unlink(missing_ok=True)
    _clear(heap)


def finish_removal(folder: Path) -> None:
    """Finish a deletion that was broken off; what is in the folder's place now stays."""
    heap = _heap_of(folder)
    if heap.is_dir():
        _clear(heap)


def _heap_of(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.heap")


def _clear(heap: Path) -> None:
    while waiting := [Path(each) for each in os.scandir(heap)]:
        for each in waiting:
            _empty(each, heap)
            each.rmdir()
    heap.rmdir()


def _empty(folder: Path, heap: Path) -> None:
    """Delete a folder's files and move its sub-folders onto the heap."""
    folder.chmod(0o700)
    with os.scandir(folder) as entries:
        for entry in list(entries):
            if entry.is_dir(follow_symlinks=False):
                Path(entry.path).chmod(0o700)  # else its ".." may not be changed
                Path(entry.path).rename(_free_place(heap))
            else:
                Path(entry.path).unlink()


def _free_place(heap: Path) -> Path:
    return heap / os.urandom(8).hex()
