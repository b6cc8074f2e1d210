"""
The optimisers, each behind the same three verbs, each in a module that imports its library at the top.

All minimise. A module is imported in the interpreter of its environment (`environments.py`), and nowhere else.
"""

import hashlib
import importlib
import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from benchmarks.search.spaces import Point, Space


class Optimiser(Protocol):
    """A search that is asked for a point and told what it was worth."""

    def ask(self) -> tuple[Any, Point]:
        """Give a token and a point to evaluate; more may be asked for before the earlier ones are told."""
        ...

    def tell(self, token: Any, point: Point, value: float) -> None:
        """Learn the value observed for a token, at the legal *point* that was evaluated; NaN: its training failed."""
        ...

    def remember(self, points: Sequence[Point], values: Sequence[float]) -> None:
        """Take past evaluations over, as if they had been asked for and told."""
        ...


class Maker(Protocol):
    """What an optimiser's class is called with."""

    def __call__(self, space: Space, *, seed: int, parallel: int) -> Optimiser:
        """Begin a search of *space*, of which *parallel* evaluations run at a time."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Where an optimiser is, and which environment it lives in."""

    module: str
    name: str
    environment: str  # a folder of `environments.py`; "luthier" is the interpreter that runs the benchmark


OPTIMISERS = {
    "luthier": Entry(module="luthier_bayesian", name="LuthierBayesian", environment="luthier"),
    "random": Entry(module="uniform", name="Uniform", environment="luthier"),
    "hebo": Entry(module="hebo_search", name="Hebo", environment="hebo"),
    "optuna_gp": Entry(module="optuna_samplers", name="OptunaGP", environment="optuna"),
    "optuna_tpe": Entry(module="optuna_samplers", name="OptunaTPE", environment="optuna"),
    "ax": Entry(module="ax_client", name="Ax", environment="ax"),
    "syne_tune_gp": Entry(module="syne_tune_gp", name="SyneTuneGP", environment="syne_tune"),
}


def maker(optimiser: str) -> Maker:
    """Import the class of *optimiser*."""
    entry = OPTIMISERS[optimiser]
    made: Maker = getattr(importlib.import_module(f"benchmarks.search.optimisers.{entry.module}"), entry.name)
    return made


def version_of(optimiser: str) -> str:
    """
    Say which optimiser it is: for luthier, a digest of its strategies as they are now.

    The peers' versions are pinned by their environments.
    """
    if optimiser != "luthier":
        return "pinned"
    found = importlib.util.find_spec("luthier.strategies")
    assert found is not None
    assert found.origin is not None
    return digest_of(Path(found.origin).parent)


def digest_of(folder: Path) -> str:
    """Give a short digest of all modules below *folder*."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
