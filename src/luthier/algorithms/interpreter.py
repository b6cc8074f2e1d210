"""
Which folders a program needs to see when only the system's own are there.

    /home/me/venv/bin/python  ->  /usr/local/python3.11/bin/python3.11
    the environment: shown        the Python that it was made from: shown, and every link on the way

A folder that holds the user's home is never among them: then just the parts that make up a Python are.
"""

import site
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

SYSTEM = tuple(map(Path, ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc")))
"""Folders that every runtime shows."""


def folders_of(executable: Path) -> tuple[str, ...]:
    """Give the folders that *executable*, an absolute path, and the interpreter named in its first line need."""
    found: list[Path] = []
    waiting, seen = [executable], set[Path]()
    while waiting:
        program = waiting.pop()
        if program in seen or not program.is_file():
            continue
        seen.add(program)
        for hop in _hops(program):
            found += _around(hop)
            waiting += _base_interpreters(hop.parent.parent)
        waiting += _shebang(program)
    return tuple(map(str, outermost(found)))


def own_site() -> tuple[str, ...]:
    """Give the running interpreter's import folders outside its environment: the user's site, where it is in use."""
    folder = Path(site.getusersitepackages())
    return (str(folder),) if site.ENABLE_USER_SITE and folder.is_dir() else ()


def outermost(folders: Iterable[Path]) -> list[Path]:
    """Leave out the system's folders and those that lie in another of *folders*."""
    wanted = [each for each in sorted(set(folders)) if not any(each.is_relative_to(system) for system in SYSTEM)]
    return [each for each in wanted if not any(each != other and each.is_relative_to(other) for other in wanted)]


def is_inside_environment(path: Path) -> bool:
    """Say whether the running interpreter's own folders hold *path*."""
    return any(path.is_relative_to(prefix) for prefix in (sys.prefix, sys.base_prefix))


def _hops(path: Path) -> Iterator[Path]:
    """Give the path and all that it links to, one after the other, up to the file itself."""
    for _ in range(40):  # as many links as Linux follows
        yield path
        if not path.is_symlink():
            break
        path = Path(_normal(path.parent / path.readlink()))
    yield path.resolve()


def _normal(path: Path) -> Path:
    """Take out `..`; the folder's own links are kept, for they are part of how the path is found."""
    parts: list[str] = []
    for part in path.parts:
        if part != "..":
            parts.append(part)
        elif len(parts) > 1:  # the root's parent is the root
            parts.pop()
    return Path(*parts)


def _around(program: Path) -> list[Path]:
    prefix = program.parent.parent
    if program.parent.name == "bin" and _is_python(prefix):
        whole = [prefix] if not _holds_home(prefix) else [prefix / "bin", prefix / "lib"]
        return [*whole, *_linked_packages(prefix)]
    return [program.parent] if not _holds_home(program.parent) else [program]


def _is_python(prefix: Path) -> bool:
    return (prefix / "pyvenv.cfg").is_file() or any(prefix.glob("lib/python3*"))


def _holds_home(folder: Path) -> bool:
    return Path.home().is_relative_to(folder)


def _linked_packages(prefix: Path) -> Iterator[Path]:
    """Give the folders of packages installed as editable: the lines of .pth files that are paths."""
    for file in prefix.glob("lib/python3*/site-packages/*.pth"):
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
            folder = Path(line.strip())
            if folder.is_absolute() and folder.is_dir() and not _holds_home(folder):
                yield folder


def _base_interpreters(prefix: Path) -> list[Path]:
    """Give the Python that a virtual environment was made from."""
    file = prefix / "pyvenv.cfg"
    if not file.is_file():
        return []
    pairs = [line.partition("=") for line in file.read_text(encoding="utf-8", errors="replace").splitlines()]
    return [Path(value.strip()) / "python3" for name, _, value in pairs if name.strip() == "home"]


def _shebang(program: Path) -> list[Path]:
    with program.open("rb") as file:
        first = file.readline(512)
    words = first[2:].split() if first.startswith(b"#!") else []
    interpreter = Path(words[0].decode(errors="replace")) if words else Path()
    return [interpreter] if interpreter.is_absolute() else []
