"""
The commands of the comparison through the whole service.

    python -m benchmarks.end_to_end              everything below, in turn; what is finished is not run again
    python -m benchmarks.end_to_end references   what random search and the best known point have
    python -m benchmarks.end_to_end peers        the other optimisers drive the training program
    python -m benchmarks.end_to_end luthier      tuning jobs, on a server that is started for them
    python -m benchmarks.end_to_end report       the report, from what is finished
"""

import argparse
import gzip
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.end_to_end import contest, datasets, scale
from benchmarks.end_to_end.datasets import DATASETS
from benchmarks.end_to_end.report import Account, render
from benchmarks.search import ledger
from benchmarks.search.availability import Absence
from benchmarks.search.environments import python_of
from benchmarks.search.lines import ROOT
from benchmarks.search.optimisers import OPTIMISERS, version_of
from benchmarks.search.plot import draw
from benchmarks.search.references import load
from benchmarks.search.report import JUDGED, Results, curves, unseen
from benchmarks.search.runs import Run
from benchmarks.search.tournament import hold, plans_for

BUILD = ROOT / "build/end-to-end"
RESULTS = ROOT / "benchmarks/search/results"
COUNTS = (10, 20, 40)
PEERS = tuple(name for name in OPTIMISERS if name != JUDGED)


def main() -> None:
    """Do what the command line says."""
    options = _parser().parse_args()
    rows = options.build / "datasets"
    datasets.write(rows)
    steps = {"references": _refer, "peers": _compete, "luthier": _tune, "report": _write}
    for command in steps if options.command == "all" else [options.command]:
        steps[command](options, rows)


def _refer(options: argparse.Namespace, rows: Path) -> None:
    """Work out the references that are missing."""
    scale.work_out(options.datasets, rows)


def _compete(options: argparse.Namespace, rows: Path) -> None:
    """Have the peers drive the program, which runs in luthier's own interpreter."""
    peers = [name for name in options.optimisers if name != JUDGED]
    plans = plans_for(peers, _problems(options), seeds=options.seeds, budget=options.budget, parallel=[1])
    absences = hold(
        plans,
        options.build / "peers.jsonl",
        data=rows.resolve(),
        processes=options.processes,
        limit_s=options.limit_s,
        python=Path(sys.executable),
    )
    for each in absences:
        print(f"left out: {each.what}: {each.why}")


def _tune(options: argparse.Namespace, rows: Path) -> None:
    """Run luthier's tuning jobs."""
    plans = plans_for(
        [JUDGED], _problems(options), seeds=options.seeds, budget=options.budget, parallel=options.parallel
    )
    contest.hold(plans, options.build / "luthier.jsonl", rows.resolve())


def _write(options: argparse.Namespace, rows: Path) -> None:  # noqa: ARG001  # every step's
    """Write the report, its plot and the runs themselves, packed."""
    version = version_of(JUDGED)
    tunings = [each for each in contest.read(options.build / "luthier.jsonl") if each.run.plan.version == version]
    runs = [*ledger.read(options.build / "peers.jsonl"), *(each.run for each in tunings)]
    results = _results(options, runs)
    out: Path = options.out or RESULTS / f"{time.strftime('%Y-%m-%d', time.gmtime())}-end-to-end"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.with_suffix(".md").write_text(render(Account(results=results, tunings=tunings)))
    counts = range(1, max(options.at) + 1)
    lines = curves(results, counts)
    if lines:
        title = "mean score by training jobs (0: best known, 1: random search)"
        out.with_suffix(".svg").write_text(draw(title, counts, lines))
    _pack([options.build / "peers.jsonl", options.build / "luthier.jsonl"], out.with_suffix(".jsonl.gz"))
    print(f"written: {out.with_suffix('.md')}")


def _results(options: argparse.Namespace, runs: Sequence[Run]) -> Results:
    """Give what was asked for of *runs*."""
    names, references = _problems(options), load(scale.PATH)
    chosen = [run for run in runs if run.plan.problem in names and run.plan.optimiser in options.optimisers]
    uninstalled = [
        Absence(what=name, why=f"not installed: python -m benchmarks.search.environments {entry.environment}")
        for name, entry in OPTIMISERS.items()
        if name in options.optimisers and python_of(entry.environment) is None
    ]
    return Results(
        title=f"XGBoost through the whole service: {options.budget} training jobs",
        runs=chosen,
        references=references,
        counts=options.at,
        latencies={},
        absences=[*uninstalled, *unseen(chosen, [*options.optimisers, *names], references, known=uninstalled)],
    )


def _pack(files: Sequence[Path], packed: Path) -> None:
    """Put the lines of *files* into one, the same for the same lines."""
    lines = b"".join(each.read_bytes() for each in files if each.exists())
    packed.write_bytes(gzip.compress(lines, mtime=0))


def _problems(options: argparse.Namespace) -> list[str]:
    return [DATASETS[name].problem for name in options.datasets]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.end_to_end", description=__doc__.splitlines()[1])
    parser.add_argument(
        "command", nargs="?", default="all", choices=["all", "references", "peers", "luthier", "report"]
    )
    parser.add_argument("--optimisers", nargs="+", default=[JUDGED, *PEERS], choices=[JUDGED, *PEERS])
    parser.add_argument("--datasets", nargs="+", default=list(DATASETS), choices=list(DATASETS))
    parser.add_argument("--seeds", type=int, default=3, help="how many")
    parser.add_argument("--budget", type=int, default=COUNTS[-1], help="training jobs of a run")
    parser.add_argument("--parallel", nargs="+", type=int, default=[1, 4], help="luthier's MaxParallelTrainingJobs")
    parser.add_argument("--at", nargs="+", type=int, default=list(COUNTS), help="numbers of trainings that are scored")
    parser.add_argument("--processes", type=int, default=1, help="of the peers")
    parser.add_argument("--limit-s", type=float, default=7200.0, help="a peer's run that takes longer is given up")
    parser.add_argument("--build", type=Path, default=BUILD, help="where rows and finished runs are kept")
    parser.add_argument("--out", type=Path, help="the report's path, without its suffix")
    return parser


if __name__ == "__main__":
    main()
