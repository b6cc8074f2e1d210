"""The image catalogue: from a training image's name to a command on this machine, or to a container."""

import os
import shutil
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Protocol

from luthier.algorithms.entry import CatalogueEntry, CatalogueError
from luthier.algorithms.entrypoint import with_command
from luthier.algorithms.images_file import problem_with_scripts, read_images, write_image
from luthier.algorithms.interpreter import folders_of, outermost, own_site
from luthier.algorithms.shipped import shipped_entries
from luthier.records.algorithm import Algorithm

__all__ = ["Catalogue", "CatalogueEntry", "CatalogueError", "ContainerImages", "add_image", "add_script_image"]


class ContainerImages(Protocol):
    """What there is to know of this machine's container engine."""

    def absence(self) -> str | None:
        """Say why there is no engine; None if one answers."""
        ...

    def problem(self, image: str) -> str | None:
        """Say why no container of an image can be started; None if nothing is known to be in the way."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All images that can be run; the first entry that matches is the one that counts."""

    entries: tuple[CatalogueEntry, ...]
    has_commands: bool = True  # else entries with commands do not count
    containers: ContainerImages | None = None  # where images may be run as containers, and so without an entry

    @staticmethod
    def read(path: Path, *, has_commands: bool = True, containers: ContainerImages | None = None) -> "Catalogue":
        """
        Read the user's file, if there is one, and put the shipped images behind its own.

        An entry that cannot be used does no harm until its image is asked for. Raises CatalogueError if the file
        itself cannot be understood.
        """
        entries = read_images(path) + shipped_entries()
        return Catalogue(entries=entries, has_commands=has_commands, containers=containers)

    def find(self, image: str, hyperparameters: Collection[str] = ()) -> CatalogueEntry | None:
        """
        Give the entry for *image*, its command's first word an absolute path, or None for an image nobody knows.

        Where a container engine answers, an image that no entry matches stands for itself.

        Which *hyperparameters* there are may matter: with the name of a script, SageMaker's XGBoost image runs that.
        Raises CatalogueError if the entry has something wrong in it, or names a program, folder or container that
        cannot be had.
        """
        counting = (each for each in self.entries if self.has_commands or each.container is not None)
        found = next((each for each in counting if _matches(each, image, hyperparameters)), None)
        if found is None and self.containers is not None and (not self.has_commands or not self.containers.absence()):
            found = CatalogueEntry(pattern=image, container=image)
        if found is None:
            return None
        return _checked(found) if found.container is None else self._contained(found, found.container)

    def algorithm(
        self,
        image: str,
        hyperparameters: Collection[str] = (),
        *,
        instead: Sequence[str] = (),
        arguments: Sequence[str] = (),
    ) -> Algorithm | None:
        """
        Give what is run for *image*, as `find` does, with every folder that it needs to see.

        A command given as *instead* runs in the place of the image's own, amid all that the image has. A container's
        own gets the *arguments*.
        """
        entry = self.find(image, hyperparameters)
        if entry is None:
            return None
        if entry.container is not None:
            return Algorithm(
                image=image,
                command=tuple(instead),
                arguments=tuple(arguments),
                container=entry.container,
                environment=entry.environment,
            )
        return _of_command(image, entry, instead)

    def _contained(self, entry: CatalogueEntry, container: str) -> CatalogueEntry:
        if entry.problem:
            raise CatalogueError(entry.problem)
        if self.containers is None:
            raise CatalogueError(
                f"image {entry.pattern} runs as a container; set runtime = auto or runtime = container"
            )
        problem = self.containers.absence() or self.containers.problem(container)
        if problem is not None:
            raise CatalogueError(f"image {entry.pattern} runs as a container: {problem}")
        return entry


def _of_command(image: str, entry: CatalogueEntry, instead: Sequence[str]) -> Algorithm:
    """Give what is run for an entry with a command, or for another command amid what the entry has."""
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
    if entry.container is not None:
        write_image(path, entry)
        return
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
