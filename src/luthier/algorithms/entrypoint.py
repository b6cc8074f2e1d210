"""A caller's command in the place of an image's own program: ContainerEntrypoint and ContainerArguments."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from luthier.algorithms.entry import CatalogueEntry
from luthier.algorithms.script_mode import program

_SHELL = ("/bin/sh", "-c", 'PATH=$1:$PATH; shift; exec "$@"', "sh")


def with_command(entry: CatalogueEntry, command: Sequence[str]) -> CatalogueEntry:
    """
    Have *command* run amid all that an entry's own program, named by its absolute path, has around it.

    An image that has a Python gives it one that it can install packages into; in any image, the folder of the image's
    own program is the first on the PATH.
    """
    own = Path(entry.command[0])
    place = Path(program.__file__)
    python = _python(own)
    if python is None:
        return replace(entry, command=(*_SHELL, str(own.parent), *command))
    return replace(
        entry,
        command=(str(python), str(place), program.COMMAND, *command),
        folders=(*entry.folders, str(place.parent)),
    )


def _python(own: Path) -> Path | None:
    """Find the image's Python: its own program, or the one beside it, as in a virtual environment."""
    candidates = [own] if own.name.startswith("python") else [own.parent / name for name in ("python3", "python")]
    return next((each for each in candidates if each.is_file()), None)
