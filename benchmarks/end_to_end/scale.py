"""What the trainings are measured against: random search's curve and the best point known, kept beside this module."""

from collections.abc import Iterable
from pathlib import Path

from benchmarks.end_to_end.datasets import DATASETS
from benchmarks.search.catalogue import make
from benchmarks.search.references import LIVE, load, reference, store

PATH = Path(__file__).with_name("references.json")


def work_out(names: Iterable[str], rows: Path, kept: Path = PATH) -> None:
    """Work out the references of the data sets that have none yet: 684 trainings each."""
    for name in names:
        problem = DATASETS[name].problem
        if problem not in load(kept):
            store({**load(kept), problem: reference(make(problem, rows), LIVE)}, kept)
            print(f"reference of {problem}", flush=True)
