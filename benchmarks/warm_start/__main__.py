"""
The command of the warm-start benchmark.

    python -m benchmarks.warm_start --data FOLDER                           the table that is published
    python -m benchmarks.warm_start --data FOLDER --set choose --seeds 2    another set of problems, fewer seeds

Problems are evaluated in the same process: the extra `benchmark` has their libraries.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.search.ledger import mend
from benchmarks.search.lines import ROOT
from benchmarks.search.optimisers import version_of
from benchmarks.search.references import load
from benchmarks.search.serving import Serving
from benchmarks.warm_start.cases import KINDS, NONE, SETS, Source, parents_of
from benchmarks.warm_start.figures import Searches, best_known, render
from benchmarks.warm_start.searching import Search, from_line, perform, space_of, to_line

EARLIER = 30
"""Evaluations of each parent."""


def main() -> None:
    """Search what has not been searched yet, and write the table; FileNotFoundError names data that are missing."""
    options = _parser().parse_args()
    played = _Played(options.runs, Serving(options.data), max(options.at), options.set)
    searches = {kind: _searches(played, SETS[options.set], kind, options.seeds) for kind in (NONE, *options.kinds)}
    alone = searches.pop(NONE)
    references = {name: each.best for name, each in load().items() if name in alone}
    best = best_known(references, alone, *searches.values())
    sys.stdout.write(render(searches, alone, best, options.at))


def _searches(played: "_Played", names: Sequence[str], kind: str, seeds: int) -> Searches:
    return {name: [played.search(name, kind, seed) for seed in range(seeds)] for name in names}


class _Played:
    """The searches that are finished, one a line in the file *runs*; the others are performed when asked for."""

    def __init__(self, runs: Path, problems: Serving, budget: int, chosen: str) -> None:
        self._runs, self._problems, self._budget, self._chosen = runs, problems, budget, chosen
        self._version = version_of("luthier")
        runs.parent.mkdir(parents=True, exist_ok=True)
        mend(runs)
        lines = runs.read_text().splitlines() if runs.exists() else []
        self._finished = {line["key"]: from_line(line) for line in map(json.loads, lines)}

    def search(self, name: str, kind: str, seed: int) -> Search:
        """Give the search of problem *name* with parents of a *kind*."""
        parents = parents_of(name, kind, seed, self._chosen)
        return self._search(Source(problem=name, seed=seed), kind, self._budget, parents)

    def _search(self, source: Source, kind: str, budget: int, parents: Sequence[Source] = ()) -> Search:
        key = f"{self._version} {source.problem} {source.seed} {source.sign} {kind} {budget} {self._chosen}"
        if key not in self._finished:
            earlier = [self._search(each, NONE, EARLIER) for each in parents]
            spaces = [space_of(each.problem, self._problems.respond) for each in parents]
            began = time.process_time()
            found = perform(source, budget, list(zip(spaces, earlier, strict=True)), self._problems.respond)
            with self._runs.open("a") as file:
                file.write(json.dumps({"key": key, **to_line(found)}) + "\n")
            self._finished[key] = found
            sys.stderr.write(f"{key}: {time.process_time() - began:.1f} CPU s\n")
        return self._finished[key]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.warm_start", description=__doc__.splitlines()[1])
    parser.add_argument("--data", type=lambda text: Path(text).resolve(), help="the search benchmark's prepared data")
    parser.add_argument("--set", choices=SETS, default="check")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--at", nargs="+", type=int, default=[5, 10, 25], help="numbers of evaluations")
    parser.add_argument("--runs", type=Path, default=ROOT / "build/warm_start/runs.jsonl", help="what is finished")
    return parser


if __name__ == "__main__":
    main()
