"""The image catalogue: from a training image's name to a command on this machine."""

import os
import shutil
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path

from luthier.algorithms.entry import CatalogueEntry, CatalogueError
from luthier.algorithms.entrypoint import with_command
from luthier.algorithms.images_file import problem_with_scripts, read_images, write_image
from luthier.algorithms.interpreter import folders_of, outermost, own_site
from luthier.algorithms.shipped import shipped_entries
from luthier.records.algorithm import Algorithm

__all__ = ["Catalogue", "CatalogueEntry", "CatalogueError", "add_image", "add_script_image"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All images that can be run; the first entry that matches is the one that counts."""

    entries: tuple[CatalogueEntry, ...]

    @staticmethod
    def read(path: Path) -> "Catalogue":
        """
        Read the user's file, if there is one, and put the shipped images behind its own.

        An entry that cannot be used does no harm until its image is asked for. Raises CatalogueError if the file
        itself cannot be understood.
        """
        return Catalogue(entries=read_images(path) + shipped_entries())

    def find(self, image: str, hyperparameters: Collection[str] = ()) -> CatalogueEntry | None:
        """
        Give the entry for *image*, its command's first word an absolute path, or None for an image nobody knows.

        Which *hyperparameters* there are may matter: with the name of a script, SageMaker's XGBoost image runs that.
        Raises CatalogueError if the entry has something wrong in it, or names a program or folder that is not there.
        """
        found = next((entry for entry in self.entries if _matches(entry, image, hyperparameters)), None)
        return None if found is None else _checked(found)

    def algorithm(
        self, image: str, hyperparameters: Collection[str] = (), *, instead: Sequence[str] = ()
    ) -> Algorithm | None:
        """
        Give what is run for *image*, as `find` does, with every folder that it needs to see.

        A command given as *instead* runs in the place of the image's own, amid all that the image has.
        """
        entry = self.find(image, hyperparameters)
        if entry is None:
            return None
        programs = [entry.command[0]]
        if instead:
            entry = with_command(entry, instead)
            programs.append(entry.command[0])
        needed = [
            *(each for name in programs for each in folders_of(Path(name))),
            *entry.folders,
            *([entry.code] if entry.code else []),
        ]
        environment = entry.environment
        if entry.command[0] == sys.executable and own_site():
            needed += own_site()
            environment = _importing(environment, own_site())
        return Algorithm(
            image=image,
            command=entry.command,
            folders=tuple(map(str, outermost(map(Path, needed)))),
            working_folder=entry.code,
            environment=environment,
        )


def add_image(path: Path, entry: CatalogueEntry) -> None:
    """
    Write *entry* into the user's file, in place of one with the same pattern; twice is once.

    Raises CatalogueError if what it names is not there, or the file cannot be understood or written.
    """
    if not entry.pattern:
        raise CatalogueError("an image needs a pattern, such as '123456789012.dkr.ecr.*/my-trainer:*'")
    checked = _checked(entry)
    write_image(path, checked if "/" in entry.command[0] else entry)  # a name is looked up anew each time


def add_script_image(path: Path, entry: CatalogueEntry, framework: str) -> None:
    """
    Write an entry whose images run scripts of users with *framework*; its command is an interpreter alone.

    Raises CatalogueError as `add_image` does, and where the entry cannot be such a one.
    """
    problem = problem_with_scripts(entry, framework)
    if problem is not None:
        raise CatalogueError(f"image {entry.pattern}: {problem}")
    checked = _checked(entry)
    write_image(path, checked if "/" in entry.command[0] else entry, framework)


def _matches(entry: CatalogueEntry, image: str, hyperparameters: Collection[str]) -> bool:
    return fnmatchcase(image, entry.pattern) and (entry.only_with is None or entry.only_with in hyperparameters)


def _importing(environment: tuple[tuple[str, str], ...], folders: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Have Python import from *folders* too, after those that the entry names."""
    variables = dict(environment)
    variables["PYTHONPATH"] = os.pathsep.join([*filter(None, [variables.get("PYTHONPATH")]), *folders])
    return tuple(variables.items())


def _checked(entry: CatalogueEntry) -> CatalogueEntry:
    if entry.problem:
        raise CatalogueError(entry.problem)
    if entry.code is not None and not Path(entry.code).is_dir():
        raise CatalogueError(f"image {entry.pattern}: the code folder {entry.code} does not exist")
    missing = [each for each in entry.folders if not Path(each).exists()]
    if missing:
        raise CatalogueError(f"image {entry.pattern}: the folder {missing[0]} does not exist")
    if not entry.command:
        raise CatalogueError(f"image {entry.pattern}: the command is empty; name a program, such as python train.py")
    return replace(entry, command=(_program(entry), *entry.command[1:]))


def _program(entry: CatalogueEntry) -> str:
    """Give the absolute path of what is to be started."""
    name = entry.command[0]
    if name in ("python", "python3"):
        return sys.executable
    if "/" not in name:
        found = shutil.which(name)
        if found is None:
            raise CatalogueError(
                f"image {entry.pattern}: there is no program {name!r} on the PATH; write its whole path"
            )
        return str(Path(found).absolute())
    program = Path(entry.code or Path.cwd(), Path(name).expanduser())
    if not program.is_file() or not os.access(program, os.X_OK):
        raise CatalogueError(f"image {entry.pattern}: {program} is not an executable file; correct the command")
    return str(program)
