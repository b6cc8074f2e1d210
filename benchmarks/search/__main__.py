"""
The commands of the search benchmark.

    python -m benchmarks.search quick                       luthier, random search and the peers that are installed
    python -m benchmarks.search full --problems held-out    the table that is published
    python -m benchmarks.search latency                     what a proposal costs
    python -m benchmarks.search report                      the report of `full` anew, from what is finished
    python -m benchmarks.search references development held-out
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.search import ledger
from benchmarks.search.availability import Absence, available
from benchmarks.search.catalogue import select
from benchmarks.search.environments import python_of, python_of_problems
from benchmarks.search.latency import COUNTS
from benchmarks.search.lines import ONE_THREAD, ROOT
from benchmarks.search.optimisers import OPTIMISERS, version_of
from benchmarks.search.plot import draw
from benchmarks.search.references import load
from benchmarks.search.report import Results, curves, curves_of_workers, render, unseen
from benchmarks.search.runs import Run
from benchmarks.search.stopwatch import measured, read
from benchmarks.search.tournament import hold, plans_for

BUILD = ROOT / "build/search"
RESULTS = Path(__file__).with_name("results")

DEFAULTS = {  # of the two forms of a tournament
    "quick": {"problems": ["quick"], "seeds": 2, "budget": 20, "parallel": [1], "at": [10, 20], "out": BUILD / "quick"},
    "full": {"problems": ["development"], "seeds": 5, "budget": 40, "parallel": [1, 4], "at": [20, 40], "out": None},
}


def main() -> None:
    """Do what the command line says."""
    options = _parser().parse_args()
    commands = {"quick": _compete, "full": _compete, "latency": _time, "report": _write, "references": _refer}
    commands[options.command](options)


def _compete(options: argparse.Namespace) -> None:
    """Hold the tournament, or what is missing of it, and report."""
    problems, absences = available(select(options.problems), options.data)
    plans = plans_for(
        options.optimisers, problems, seeds=options.seeds, budget=options.budget, parallel=options.parallel
    )
    absences += hold(plans, options.runs, data=options.data, processes=options.processes, limit_s=options.limit_s)
    _write(options, absences)


def _time(options: argparse.Namespace) -> None:
    """Measure the installed optimisers one after another, and keep the figures for the next report."""
    installed = [name for name in options.optimisers if python_of(OPTIMISERS[name].environment) is not None]
    print(measured(installed, options.counts, BUILD / "latency.jsonl"))


def _refer(options: argparse.Namespace) -> None:
    """Work out the references that are missing, where the problems' libraries are."""
    names = select(options.problems)
    module = ["-W", "ignore", "-m", "benchmarks.search.references"]
    command = [str(python_of_problems()), *module, str(options.data or ""), *names]
    sys.exit(subprocess.call(command, cwd=ROOT, env={**os.environ, **ONE_THREAD}))


def _write(options: argparse.Namespace, absences: Sequence[Absence] = ()) -> None:
    """Write the report and the plot from the runs of the optimisers as they are now."""
    out: Path = options.out or RESULTS / time.strftime("%Y-%m-%d", time.gmtime())
    names, references = select(options.problems), load()
    runs = _current(ledger.read(options.runs), names, options.optimisers)
    results = Results(
        title=f"Search benchmark: {', '.join(options.problems)}",
        runs=runs,
        references=references,
        counts=options.at,
        latencies=read(BUILD / "latency.jsonl"),
        absences=[*absences, *unseen(runs, [*options.optimisers, *names], references, known=absences)],
    )
    out.parent.mkdir(parents=True, exist_ok=True)
    out.with_suffix(".md").write_text(render(results))
    _plot(out.with_suffix(".svg"), "one worker", curves(results, range(1, max(options.at) + 1)))
    workers = curves_of_workers(results, range(1, options.budget + 1))
    _plot(out.with_name(f"{out.name}-workers.svg"), "luthier", workers)
    print(f"written: {out.with_suffix('.md')}")


def _plot(path: Path, what: str, lines: Mapping[str, Sequence[float]]) -> None:
    """Draw *lines* from the first evaluation on, if there are any."""
    if lines:
        counts = range(1, len(next(iter(lines.values()))) + 1)
        path.write_text(draw(f"mean score, {what} (0: best known, 1: random search)", counts, lines))


def _current(runs: Sequence[Run], problems: Sequence[str], optimisers: Sequence[str]) -> list[Run]:
    """Leave out the runs of other problems and optimisers, and of luthier as it was."""
    versions = {name: version_of(name) for name in optimisers}
    return [
        run for run in runs if run.plan.problem in problems and versions.get(run.plan.optimiser) == run.plan.version
    ]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__.splitlines()[1])
    commands = parser.add_subparsers(dest="command", required=True)
    for form, defaults in DEFAULTS.items():
        _tournament_options(commands.add_parser(form, help=f"hold the {form} tournament"), form, defaults)
    report = commands.add_parser("report", help="write a tournament's report anew")
    _tournament_options(report, "full", DEFAULTS["full"])
    latency = commands.add_parser("latency", help="what a proposal costs")
    latency.add_argument("--optimisers", nargs="+", default=list(OPTIMISERS), choices=OPTIMISERS)
    latency.add_argument("--counts", nargs="+", type=int, default=list(COUNTS))
    references = commands.add_parser("references", help="work out the references that are missing")
    references.add_argument("problems", nargs="+")
    references.add_argument("--data", type=_folder, help="the folder of the prepared data")
    return parser


def _folder(text: str) -> Path:
    """Give a path that other processes, elsewhere, understand."""
    return Path(text).resolve()


def _tournament_options(parser: argparse.ArgumentParser, form: str, defaults: dict[str, object]) -> None:
    parser.add_argument("--optimisers", nargs="+", default=list(OPTIMISERS), choices=OPTIMISERS)
    parser.add_argument("--problems", nargs="+", help="lists, families or problems")
    parser.add_argument("--seeds", type=int, help="how many")
    parser.add_argument("--budget", type=int, help="evaluations of a run")
    parser.add_argument("--parallel", nargs="+", type=int, help="workers")
    parser.add_argument("--at", nargs="+", type=int, help="numbers of evaluations that are scored")
    parser.add_argument("--data", type=_folder, help="the folder of the prepared data")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--limit-s", type=float, default=7200.0, help="a run that takes longer is given up")
    parser.add_argument("--runs", type=Path, default=BUILD / f"{form}.jsonl", help="where finished runs are kept")
    parser.add_argument("--out", type=Path, help="the report's path, without its suffix")
    parser.set_defaults(**defaults)


if __name__ == "__main__":
    main()
