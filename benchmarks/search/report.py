"""The report of a tournament, as Markdown: standings, paired differences, workers against one worker, latency."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from benchmarks.search.availability import Absence
from benchmarks.search.catalogue import family_of
from benchmarks.search.markdown import table
from benchmarks.search.references import Reference
from benchmarks.search.regret import Scales, Scores, scales, scores
from benchmarks.search.runs import Run
from benchmarks.search.standings import COLLAPSE, Difference, Standing, compare, interval, mean, standings

SEQUENTIAL = 1
JUDGED = "luthier"

Latencies = Mapping[str, Mapping[int, Sequence[float]]]
"""For each optimiser and number of known evaluations, the CPU seconds of some proposals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """All that a report tells of."""

    title: str
    runs: Sequence[Run]
    references: Mapping[str, Reference]
    counts: Sequence[int]  # of evaluations at which it is scored
    latencies: Latencies
    absences: Sequence[Absence]

    @property
    def scales(self) -> Scales:
        """The scales of these runs."""
        return scales(self.references, self.runs)

    def workers(self) -> list[int]:
        """Say with how many workers there are runs."""
        return sorted({run.plan.parallel for run in self.runs})

    def optimisers(self, count: int, parallel: int) -> list[str]:
        """Name those that have runs of so many evaluations, or more, with so many workers."""
        long = [run for run in self.runs if len(run.truth) >= count and run.plan.parallel == parallel]
        return sorted({run.plan.optimiser for run in long})

    def prevailing(self, count: int, parallel: int) -> list[str]:
        """Name those of them that have finished at least half as much as any opponent of the judged one."""
        finished = {
            name: sum(map(len, self.scores(count, parallel, (name,))[name].values()))
            for name in self.optimisers(count, parallel)
        }
        most = max((count for name, count in finished.items() if name != JUDGED), default=0)
        return [name for name in finished if 2 * finished[name] >= most]

    def scores(self, count: int, parallel: int, optimisers: Sequence[str] = ()) -> Scores:
        """Score the optimisers, or all there are, on what all of them have finished."""
        chosen = optimisers or self.optimisers(count, parallel)
        return scores(self.scales, self.runs, optimisers=chosen, count=count, parallel=parallel)


def render(results: Results) -> str:
    """Give the whole report."""
    sections = [f"# {results.title}\n", _explanation()]
    for parallel in results.workers():
        for count in results.counts:
            sections += _rankings(results, count, parallel)
            sections += paired(results, count, parallel)
    sections += against_one_worker(results)
    sections += _latency(results.latencies)
    sections += left_out(results.absences)
    return "\n".join(sections)


def _explanation() -> str:
    return (
        "A score is the regret that is left, in units of random search's at the same number: 0 is the best value\n"
        "known, 1 is random search, above 2 counts as 2. Means over seeds, then over problems; only problems and\n"
        "seeds that every optimiser of a table has finished. Intervals hold 90 % (bootstrap of problems and seeds).\n"
    )


def _rankings(results: Results, count: int, parallel: int) -> list[str]:
    """Rank all, and those that have finished most once more without the others, on more problems and seeds."""
    everybody, most = results.optimisers(count, parallel), results.prevailing(count, parallel)
    workers = "one worker" if parallel == SEQUENTIAL else f"{parallel} asynchronous workers"
    sections = _ranking(f"## {count} evaluations, {workers}", results.scores(count, parallel, everybody))
    if 1 < len(most) < len(everybody):
        fewer = ", ".join(name for name in everybody if name not in most)
        sections += _ranking(f"### Without {fewer}", results.scores(count, parallel, most))
    return sections


def _ranking(title: str, found: Scores) -> list[str]:
    problems = next(iter(found.values()), {})
    if not problems:
        return []
    families = sorted({family_of(problem) for problem in problems})
    runs = sum(len(seeds) for seeds in problems.values())
    heads = ["optimiser", "score", "90 %", "rank", f"worse than {COLLAPSE}", *families]
    rows = [[*_cells(each), *_by_family(found[each.optimiser], families)] for each in standings(found)]
    return [f"{title}\n\n{len(problems)} problems, {runs} runs of each.\n", table(heads, rows)]


def _cells(each: Standing) -> list[str]:
    collapses = ", ".join(each.collapses) or "none"
    return [each.optimiser, f"{each.score:.3f}", f"{each.low:.2f} to {each.high:.2f}", f"{each.rank:.2f}", collapses]


def _by_family(of_one: Mapping[str, Sequence[float]], families: Sequence[str]) -> list[str]:
    return [
        f"{mean({name: values for name, values in of_one.items() if family_of(name) == family}):.2f}"
        for family in families
    ]


def paired(results: Results, count: int, parallel: int) -> list[str]:
    """Compare with each other optimiser on all that the two have finished, which may be more than all have."""
    rows = []
    for other in results.optimisers(count, parallel):
        found = results.scores(count, parallel, (JUDGED, other)) if other != JUDGED else {}
        if found.get(JUDGED):
            rows.append(_paired_cells(compare(JUDGED, other, found)))
    heads = ["against", "score", "the other's", "ratio", "difference", "90 %", "better on", "runs of each"]
    return [f"### {JUDGED} against each\n", table(heads, rows)] if rows else []


def _paired_cells(each: Difference) -> list[str]:
    return [
        each.other,
        f"{each.score:.3f}",
        f"{each.score_of_other:.3f}",
        f"{each.ratio:.2f}",
        f"{each.mean:+.3f}",
        f"{each.low:+.3f} to {each.high:+.3f}",
        f"{each.better} of {each.problems}",
        str(each.runs),
    ]


def against_one_worker(results: Results) -> list[str]:
    """Compare each optimiser with itself when it has to propose before it knows, and when it has that much less."""
    rows = []
    for parallel in results.workers():
        for optimiser in results.optimisers(1, parallel) if parallel != SEQUENTIAL else []:
            rows += [_ratio_row(results, optimiser, count, parallel) for count in results.counts]
    heads = ["optimiser", "workers", "evaluations", "score", "with one worker", "ratio", "90 %", "in flight", "runs"]
    filled = [row for row in rows if row]
    return ["## Parallel against sequential\n", _IN_FLIGHT, table(heads, filled)] if filled else []


_IN_FLIGHT = (
    "*In flight* is the ratio for one worker alone, of what it has as many evaluations earlier as others are running\n"
    "with several: what the last proposal could know.\n"
)


def _ratio_row(results: Results, optimiser: str, count: int, parallel: int) -> list[str]:
    runs = [run for run in results.runs if run.plan.optimiser == optimiser and len(run.truth) >= count]
    finished = {
        workers: {(run.plan.problem, run.plan.seed) for run in runs if run.plan.parallel == workers}
        for workers in (parallel, SEQUENTIAL)
    }
    shared = finished[parallel] & finished[SEQUENTIAL]
    paired = [run for run in runs if (run.plan.problem, run.plan.seed) in shared]
    running = min(parallel, count) - 1
    many, one, earlier = (
        scores(results.scales, paired, optimisers=[optimiser], count=count, parallel=workers, lag=lag)[optimiser]
        for workers, lag in ((parallel, 0), (SEQUENTIAL, 0), (SEQUENTIAL, running))
    )
    if not many:
        return []
    score, alone = mean(many), mean(one)
    ratios = ["-", "-", "-"]
    if alone:
        low, high = interval({name: np.subtract(many[name], one[name]).tolist() for name in many})
        range_ = f"{1 + low / alone:.2f} to {1 + high / alone:.2f}"
        ratios = [f"{score / alone:.2f}", range_, f"{mean(earlier) / alone:.2f}"]
    return [
        optimiser,
        str(parallel),
        str(count),
        f"{score:.3f}",
        f"{alone:.3f}",
        *ratios,
        str(sum(map(len, many.values()))),
    ]


def _latency(latencies: Latencies) -> list[str]:
    counts = sorted({count for each in latencies.values() for count in each})
    if not counts:
        return []
    medians = {name: {n: statistics.median(cpu) for n, cpu in each.items()} for name, each in latencies.items()}
    rows = [
        [name, *(f"{1000 * each[count]:.1f}" if count in each else "-" for count in counts)]
        for name, each in sorted(medians.items(), key=lambda item: min(item[1].values()))
    ]
    return [
        "## Latency\n\n"
        "Median CPU milliseconds of one tell and ask, one thread, 10 mixed dimensions, n evaluations known.\n",
        table(["optimiser", *(f"n={count}" for count in counts)], rows),
    ]


def unseen(
    runs: Sequence[Run], wanted: Sequence[str], references: Mapping[str, Reference], *, known: Sequence[Absence]
) -> list[Absence]:
    """Say which optimisers and problems a report was asked for and cannot show, *known* absences apart."""
    seen = {name for run in runs for name in (run.plan.optimiser, run.plan.problem)} | {each.what for each in known}
    without_run = [Absence(what=name, why="no run is finished") for name in wanted if name not in seen]
    problems = sorted({run.plan.problem for run in runs} - references.keys())
    return [*without_run, *(Absence(what=name, why="has no reference yet: command `references`") for name in problems)]


def left_out(absences: Sequence[Absence]) -> list[str]:
    """Tell what a report cannot show, and why."""
    rows = [[each.what, each.why.replace("|", "/")] for each in absences]
    return ["## Left out\n", table(["what", "why"], rows)] if rows else []


def curves(results: Results, counts: Sequence[int]) -> dict[str, list[float]]:
    """
    Give each optimiser's mean score with one worker for each of *counts*, for a plot; the judged one is the first.

    Of all, where every problem is left on which those compare that have finished most, or else of these, on what they
    all have finished; the curves end where the first of them has no longer runs.
    """
    everybody, most = results.optimisers(1, SEQUENTIAL), results.prevailing(1, SEQUENTIAL)
    shown = everybody if _problems(results, everybody) == _problems(results, most) else most
    by_count = [results.scores(count, SEQUENTIAL, shown) for count in counts]
    filled = [found for found in by_count if any(found.values())]
    names = sorted(shown, key=lambda name: (name != JUDGED, name))
    return {name: [mean(found[name]) for found in filled] for name in names if filled}


def curves_of_workers(results: Results, counts: Sequence[int]) -> dict[str, list[float]]:
    """
    Give the judged one's mean score for each of *counts* with each number of workers, the smallest first, for a plot.

    On the problems and seeds that all of them have finished, as far as these have references; it is empty where there
    is only one number of workers.
    """
    judged = [run for run in results.runs if run.plan.optimiser == JUDGED and run.plan.problem in results.references]
    of_one = [run for run in judged if len(run.truth) >= max(counts)]
    workers = sorted({run.plan.parallel for run in of_one})
    finished = [{(run.plan.problem, run.plan.seed) for run in of_one if run.plan.parallel == each} for each in workers]
    shared = set.intersection(*finished) if len(finished) > 1 else set()
    runs = [run for run in of_one if (run.plan.problem, run.plan.seed) in shared]
    return {
        f"{each} at a time": [
            mean(scores(results.scales, runs, optimisers=[JUDGED], count=count, parallel=each)[JUDGED])
            for count in counts
        ]
        for each in workers
        if shared
    }


def _problems(results: Results, optimisers: Sequence[str]) -> set[str]:
    """Name the problems on which *optimisers* compare."""
    return {problem for found in results.scores(1, SEQUENTIAL, optimisers).values() for problem in found}
