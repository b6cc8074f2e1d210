"""
What a VpcConfig stands for here: networks of the container engine, as the user's `networks.toml` maps them.

    [subnets]                              # what training jobs in a subnet join
    subnet-0a1b2c3d = "training"

    [security_groups]                      # what they join besides
    sg-0e4f5a6b = ["databases", "cache"]
    sg-0c7d8e9f = []                       # nothing more
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from luthier.records.correctable import CorrectableError
from luthier.toml_file import replace_text

SUBNETS, SECURITY_GROUPS = "subnets", "security_groups"


class VpcError(CorrectableError):
    """The file cannot be understood or written; the message names it and says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vpc:
    """The networks of subnets and security groups, by their ids."""

    subnets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    security_groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def read_vpc(path: Path) -> Vpc:
    """Read the file; no file maps nothing. Raises VpcError for one that cannot be understood."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Vpc()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise VpcError(f"{path}: cannot be read: {error}; correct it") from error
    strange = sorted(document.keys() - {SUBNETS, SECURITY_GROUPS})
    if strange:
        raise VpcError(f"{path}: there is no table {strange[0]!r}; there are {SUBNETS} and {SECURITY_GROUPS}")
    return Vpc(
        subnets=_table(path, document, SUBNETS, least=1),
        security_groups=_table(path, document, SECURITY_GROUPS, least=0),
    )


def map_to_networks(path: Path, identifier: str, networks: tuple[str, ...]) -> None:
    """
    Write down what a subnet (subnet-...) or security group (sg-...) stands for, in place of what it stood for.

    The rest of the file stays as it is. Raises VpcError for an id that is neither, a subnet without a network, or a
    file that cannot be understood or written.
    """
    table = _table_of(identifier)
    if table == SUBNETS and not networks:
        raise VpcError(f"{identifier}: name the network that stands for this subnet")
    read_vpc(path)
    try:
        document = tomlkit.parse(path.read_text(encoding="utf-8")) if path.exists() else tomlkit.document()
        document.setdefault(table, tomlkit.table())[identifier] = list(networks)
        replace_text(path, tomlkit.dumps(document))
    except (TOMLKitError, OSError) as error:
        raise VpcError(f"{path}: cannot be changed: {error}") from error


def _table_of(identifier: str) -> str:
    if identifier.startswith("subnet-"):
        return SUBNETS
    if identifier.startswith("sg-"):
        return SECURITY_GROUPS
    raise VpcError(f"{identifier!r} is neither a subnet's id (subnet-...) nor a security group's (sg-...)")


def _table(path: Path, document: Mapping[str, object], name: str, *, least: int) -> Mapping[str, tuple[str, ...]]:
    table = document.get(name, {})
    if not isinstance(table, dict):
        raise VpcError(f'{path}: {name} must be a table, as in [{name}] and id = "network"')
    return {identifier: _networks(path, identifier, value, least) for identifier, value in table.items()}


def _networks(path: Path, identifier: str, value: object, least: int) -> tuple[str, ...]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or len(names) < least or not all(isinstance(each, str) and each for each in names):
        raise VpcError(f'{path}: {identifier} must be the name of a network, or a list of names, as in ["training"]')
    return tuple(names)
