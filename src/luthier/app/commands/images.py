"""The commands `luthier images`: which local command or image stands for which training image."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from luthier.algorithms.catalogue import Catalogue, CatalogueEntry, CatalogueError, add_image, add_script_image
from luthier.app.commands.answer import AsJson, answer
from luthier.app.commands.options import DataFolder
from luthier.app.containers import names_in_engine
from luthier.settings import Settings, read_settings

app = typer.Typer(
    help="The image catalogue: what stands on this machine for which training image.", no_args_is_help=True
)


@app.command("list")
def list_images(as_json: AsJson = False, data_folder: DataFolder = None) -> None:
    """Show which images are known, and what runs for each; the first that matches counts."""
    settings = read_settings(data_folder=data_folder)
    entries = Catalogue.read(settings.catalogue).entries
    found = [_document(entry) for entry in entries]
    found += [_document(CatalogueEntry(pattern=name, container=name)) for name in names_in_engine(settings)]
    answer(found, [_line(each) for each in found], as_json=as_json)


@app.command("add", context_settings={"ignore_unknown_options": True})
def add(
    pattern: Annotated[str, typer.Argument(help="The image, or a pattern of images with * in it.")],
    command: Annotated[
        list[str] | None,
        typer.Argument(help="What runs for it, such as: python train.py; with --script-mode a Python."),
    ] = None,
    code: Annotated[Path | None, typer.Option(help="Folder of the program: its working folder, read-only.")] = None,
    script_mode: Annotated[
        str | None, typer.Option(help="Run scripts of users with: scikit-learn, pytorch, tensorflow, xgboost.")
    ] = None,
    container: Annotated[
        str | None, typer.Option(help="Instead of a command: an image of Docker's or Podman's, run as a container.")
    ] = None,
    default: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUE", help="A hyperparameter's default, with which a search begins; any number of."
        ),
    ] = None,
    as_json: AsJson = False,
    data_folder: DataFolder = None,
) -> None:
    """Have a local command or image stand for a training image; it is used from the next training job on."""
    settings = read_settings(data_folder=data_folder)
    settings.data_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if container is not None and (command or code or script_mode):
        raise CatalogueError("--container: the image brings its own command and code; leave these out")
    entry = CatalogueEntry(
        pattern=pattern, command=tuple(command or ()), container=container, defaults=_defaults(default or [])
    )
    if code is not None:
        entry = replace(entry, code=str(code.absolute()))
    if script_mode is not None:
        entry = replace(entry, command=entry.command or ("python",))
    added = _added(settings, entry, script_mode)
    answer(_document(entry), [f"{settings.catalogue}: {added}"], as_json=as_json)


def _document(entry: CatalogueEntry) -> dict[str, Any]:
    return {
        "pattern": entry.pattern,
        "only_with": entry.only_with,
        "command": list(entry.command),
        "container": entry.container,
        "problem": entry.problem,
    }


def _line(entry: Mapping[str, Any]) -> str:
    condition = f" with {entry['only_with']}" if entry["only_with"] else ""
    runs = f"container {entry['container']}" if entry["container"] else " ".join(entry["command"])
    return f"{entry['pattern']}{condition}\t{entry['problem'] or runs}"


def _added(settings: Settings, entry: CatalogueEntry, script_mode: str | None) -> str:
    if script_mode is None:
        add_image(settings.catalogue, entry)
        return f"{entry.pattern} runs {f'container {entry.container}' if entry.container else ' '.join(entry.command)}"
    add_script_image(settings.catalogue, entry, script_mode)
    return f"{entry.pattern} runs scripts with {script_mode} of {entry.command[0]}"


def _defaults(given: Sequence[str]) -> tuple[tuple[str, str], ...]:
    pairs = {}
    for each in given:
        name, is_there, value = each.partition("=")
        if not (name and is_there) or name in pairs:
            raise CatalogueError(f"--default {each!r}: write NAME=VALUE, each name once, as in --default eta=0.3")
        pairs[name] = value
    return tuple(pairs.items())
