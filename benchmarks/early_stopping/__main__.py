"""
The commands of the early-stopping benchmark.

    python -m benchmarks.early_stopping live                                 real trainings, a minute
    python -m benchmarks.early_stopping recorded --data FOLDER --sets check  recorded ones
"""

import argparse
import sys
from collections.abc import Iterable, Iterator
from dataclasses import astuple
from functools import partial
from pathlib import Path

import numpy as np
from benchmarks.early_stopping.measures import Measures, mean, measure
from benchmarks.early_stopping.replay import Curves
from benchmarks.early_stopping.rules import RULES

HEAD = "| curves | rule | epochs | lost | kept | equal |\n|---|---|---|---|---|---|\n"


def main() -> None:
    """Do what the command line says, and write a table."""
    options = _parser().parse_args()
    sys.stdout.write(HEAD)
    together: dict[str, list[Measures]] = {}
    for name, curves in _curves(options):
        for rule, measures in _judged(options, curves).items():
            together.setdefault(rule, []).extend(measures)
            _write(name, rule, measures)
    for rule, measures in together.items():
        _write("all", rule, measures)


def _curves(options: argparse.Namespace) -> Iterator[tuple[str, Iterable[Curves]]]:
    if options.command == "live":
        from benchmarks.early_stopping.live import NAMES, live  # noqa: PLC0415  # needs more than the other command

        yield from ((name, live(name, options.seeds)) for name in NAMES)
        return
    from benchmarks.early_stopping import recorded  # noqa: PLC0415  # likewise

    sets = {"choose": recorded.CHOOSE, "check": recorded.CHECK, "held-out": recorded.HELD_OUT}[options.sets]
    yield from ((task, recorded.recorded(options.data, task, options.jobs, options.seeds)) for task in sets)


def _judged(options: argparse.Namespace, curves: Iterable[Curves]) -> dict[str, list[Measures]]:
    judged: dict[str, list[Measures]] = {rule: [] for rule in options.rules}
    for seed, each in enumerate(curves):
        for rule in options.rules:
            stops = RULES[rule](each.observed.shape[1])
            judged[rule].append(measure(stops, each, options.jobs, np.random.default_rng(seed), options.workers))
    return judged


def _write(name: str, rule: str, measures: list[Measures]) -> None:
    figures = " | ".join(f"{figure:.3f}" for figure in astuple(mean(measures)))
    sys.stdout.write(f"| {name} | {rule} | {figures} |\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks.early_stopping")
    parser.add_argument("command", choices=("live", "recorded"))
    parser.add_argument("--data", type=Path, help="the prepared data of the search benchmark")
    parser.add_argument("--sets", choices=("choose", "check", "held-out"), default="check")
    parser.add_argument("--rules", type=partial(str.split, sep=","), default=list(RULES))
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--jobs", type=int, default=60)
    parser.add_argument("--workers", type=int, default=1, help="training jobs at a time")
    return parser


if __name__ == "__main__":
    main()
