"""The user's part of the image catalogue: `images.toml`, read with care and changed without loss."""

import math
import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

import regex
import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Table

from luthier.algorithms.entry import CatalogueEntry, CatalogueError
from luthier.algorithms.script_mode.program import FRAMEWORKS
from luthier.algorithms.shipped import in_script_mode
from luthier.records.algorithm import MetricDefinition
from luthier.toml_file import replace_text

KEYS = (
    "pattern",
    "container",
    "command",
    "script_mode",
    "code",
    "folders",
    "environment",
    "metric_definitions",
    "defaults",
)


def read_images(path: Path) -> tuple[CatalogueEntry, ...]:
    """
    Read the file's entries in their order; no file is no entry.

    An entry with something wrong in it is given with its *problem*, so that it spoils no other. Raises CatalogueError
    where not even that can be done: no TOML, or an entry without a pattern.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise CatalogueError(f"{path}: cannot be read: {error}; correct it") from error
    strange = sorted(document.keys() - {"image"})
    images = document.get("image", [])
    if strange or not isinstance(images, list):
        raise CatalogueError(f"{path}: it holds [[image]] tables only, not {', '.join(strange) or 'one [image]'}")
    return tuple(_entry(path, number, image) for number, image in enumerate(images, 1))


def write_image(path: Path, entry: CatalogueEntry, framework: str | None = None) -> None:
    """
    Add *entry* at the end, or in the place of the one with the same pattern; the rest of the file stays as it is.

    With a *framework*, its command is an interpreter that runs scripts of users with that. The file changes as a whole
    or not at all. Raises CatalogueError if it cannot be understood or written.
    """
    read_images(path)
    try:
        path = path.resolve()  # a link stays a link
        document = tomlkit.parse(path.read_text(encoding="utf-8")) if path.exists() else tomlkit.document()
        images = document.setdefault("image", tomlkit.aot())
        if not isinstance(images, AoT):
            raise CatalogueError(f"{path}: write the images as [[image]] tables to have others added")
        same = [index for index, image in enumerate(images) if image["pattern"] == entry.pattern]
        if same:
            images[same[0]] = _table(entry, framework)
        else:
            images.append(_table(entry, framework))
        replace_text(path, tomlkit.dumps(document))
    except (TOMLKitError, OSError) as error:
        raise CatalogueError(f"{path}: cannot be changed: {error}") from error


class _EntryError(Exception):
    """What is wrong with one entry."""


def _entry(path: Path, number: int, image: object) -> CatalogueEntry:
    pattern = image.get("pattern") if isinstance(image, dict) else None
    if not isinstance(image, dict) or not isinstance(pattern, str) or not pattern:
        raise CatalogueError(f'{path}: image {number} has no pattern; add pattern = "..."')
    try:
        return _parsed(path.parent, pattern, image)
    except _EntryError as wrong:
        return CatalogueEntry(pattern=pattern, command=(), problem=f"{path}: image {number} ({pattern}): {wrong}")


def _parsed(base: Path, pattern: str, image: Mapping[str, object]) -> CatalogueEntry:
    strange = sorted(image.keys() - set(KEYS))
    if strange:
        raise _EntryError(f"there is no key {strange[0]!r}; there are {', '.join(KEYS)}")
    if "container" in image:
        return _contained(pattern, image)
    command = _texts(image, "command") or (("python",) if "script_mode" in image else ())
    if not command or not command[0]:
        raise _EntryError('command is missing; add command = ["python", "train.py"], or container = "my-trainer:1"')
    code = image.get("code")
    if code is not None and not isinstance(code, str):
        raise _EntryError("code must be the path of a folder")
    entry = CatalogueEntry(
        pattern=pattern,
        command=(_program(base, code, command[0]), *command[1:]),
        code=None if code is None else _absolute(base, code),
        folders=tuple(_absolute(base, each) for each in _texts(image, "folders")),
        environment=_environment(image.get("environment", {})),
        metric_definitions=_metric_definitions(image.get("metric_definitions", [])),
        defaults=_defaults(image.get("defaults", {})),
    )
    return entry if "script_mode" not in image else _with_scripts(entry, image["script_mode"])


def _contained(pattern: str, image: Mapping[str, object]) -> CatalogueEntry:
    container = image["container"]
    if not isinstance(container, str) or not container:
        raise _EntryError('container must be the name of an image, such as container = "my-trainer:1"')
    idle = [key for key in ("command", "script_mode", "code", "folders") if key in image]
    if idle:
        raise _EntryError(f"with container, there is no {idle[0]}: the image brings its own")
    return CatalogueEntry(
        pattern=pattern,
        container=container,
        environment=_environment(image.get("environment", {})),
        metric_definitions=_metric_definitions(image.get("metric_definitions", [])),
        defaults=_defaults(image.get("defaults", {})),
    )


def _with_scripts(entry: CatalogueEntry, framework: object) -> CatalogueEntry:
    problem = problem_with_scripts(entry, framework)
    if problem is not None or not isinstance(framework, str):
        raise _EntryError(problem)
    return in_script_mode(entry, framework)


def problem_with_scripts(entry: CatalogueEntry, framework: object) -> str | None:
    """Say why an entry cannot run scripts of users with *framework*; None if it can."""
    if framework not in FRAMEWORKS:
        return f"script_mode must be one of {', '.join(FRAMEWORKS)}"
    if len(entry.command) > 1 or entry.code is not None:
        return "with script_mode, command is the interpreter alone, and there is no code: scripts bring it"
    return None


def _program(base: Path, code: str | None, word: str) -> str:
    """Give the program's absolute path: below the code folder if it is there, else below the file's; or its name."""
    if "/" not in word:
        return word
    places = ([_absolute(base, code)] if code else []) + [str(base)]
    candidates = [_absolute(Path(place), word) for place in places]
    return next((each for each in candidates if Path(each).is_file()), candidates[-1])


def _absolute(base: Path, text: str) -> str:
    try:
        return os.path.normpath(base.absolute() / Path(text).expanduser())
    except RuntimeError:
        raise _EntryError(f"{text!r}: there is no such user's home") from None


def _texts(image: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = image.get(key, [])
    if not isinstance(value, list) or not all(isinstance(each, str) and "\0" not in each for each in value):
        raise _EntryError(f"{key} must be a list of strings")
    return tuple(value)


def _environment(value: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, dict) or not all(isinstance(each, str) and "\0" not in each for each in value.values()):
        raise _EntryError('environment must be a table of strings, as in { OMP_NUM_THREADS = "1" }')
    strange = [name for name in value if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name)]
    if strange:
        raise _EntryError(f"environment: {strange[0]!r} is not the name of a variable")
    return tuple(value.items())


def _defaults(value: object) -> tuple[tuple[str, str], ...]:
    """Read defaults as text, as hyperparameters are: a string is one already, a number is written as one."""
    if not isinstance(value, dict):
        raise _EntryError('defaults must be a table, as in { learning_rate = 0.1, optimizer = "adam" }')
    for name, each in value.items():
        is_number = type(each) in (int, float) and math.isfinite(each)
        if not (is_number or (isinstance(each, str) and "\0" not in each)):
            raise _EntryError(f"defaults: {name} is {each!r}; write a string or a number")
    return tuple((name, each if isinstance(each, str) else repr(each)) for name, each in value.items())


def _metric_definitions(value: object) -> tuple[MetricDefinition, ...]:
    if not isinstance(value, list):
        raise _EntryError('metric_definitions must be a list of { name = "...", regex = "..." }')
    return tuple(_metric_definition(each) for each in value)


def _metric_definition(value: object) -> MetricDefinition:
    pair = (value.get("name"), value.get("regex")) if isinstance(value, dict) and len(value) == 2 else (None, None)
    match pair:
        case (str(name), str(pattern)) if name:
            pass
        case _:
            raise _EntryError("metric_definitions: each needs exactly a name and a regex")
    try:
        groups = regex.compile(pattern).groups
    except regex.error as error:
        raise _EntryError(f"metric_definitions: {name}: {pattern!r} is not a regular expression: {error}") from None
    if groups < 1:
        raise _EntryError(f"metric_definitions: {name}: put the number in a group, as in loss=([0-9.]+)")
    return MetricDefinition(name=name, regex=pattern)


def _table(entry: CatalogueEntry, framework: str | None) -> Table:
    table = tomlkit.table()
    table.add("pattern", entry.pattern)
    if entry.container is not None:
        table.add("container", entry.container)
    else:
        table.add("command", list(entry.command))
    if framework is not None:
        table.add("script_mode", framework)
    if entry.code is not None:
        table.add("code", entry.code)
    if entry.folders:
        table.add("folders", list(entry.folders))
    if entry.environment:
        table.add("environment", _inline(entry.environment))
    if entry.metric_definitions:
        definitions = [_inline([("name", each.name), ("regex", each.regex)]) for each in entry.metric_definitions]
        table.add("metric_definitions", definitions)
    if entry.defaults:
        table.add("defaults", _inline(entry.defaults))
    return table


def _inline(pairs: Sequence[tuple[str, str]]) -> tomlkit.items.InlineTable:
    table = tomlkit.inline_table()
    table.update(dict(pairs))
    return table
