"""The report of the comparison through the service, as Markdown: objectives, scores, workers, and times."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan, nan

from benchmarks.end_to_end.contest import Timed
from benchmarks.end_to_end.datasets import DATASETS
from benchmarks.end_to_end.figures import Spent, mean_incumbents, spent
from benchmarks.search.markdown import table
from benchmarks.search.report import SEQUENTIAL, Results, against_one_worker, left_out, paired
from benchmarks.search.runs import Run
from benchmarks.search.standings import Standing, mean, standings

EXPLANATION = """\
Luthier's runs are tuning jobs through the whole service: boto3, S3, and training jobs of the XGBoost image in a
sandbox. The peers drive the same training program, on the same rows, without the service. Each of luthier's training
jobs was run again that way and had the same objective to the last of its five decimals; a tuning job of which one
differs does not count. A training has one seed and one thread, so a point has one value. All search the same ranges.

A score is the regret that is left, in units of random search's at the same number: 0 is the best value known, 1 is
random search, above 2 counts as 2. Means over seeds, then over data sets, of what every optimiser of a table has
finished. Intervals hold 90 % (bootstrap of data sets and seeds).
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """All that the report tells of."""

    results: Results
    tunings: Sequence[Timed]


def render(account: Account) -> str:
    """Give the whole report."""
    results = account.results
    sections = [f"# {results.title}\n", EXPLANATION, *_objectives(results)]
    for count in results.counts:
        sections += [*_ranking(results, count), *paired(results, count, SEQUENTIAL)]
    sections += against_one_worker(results)
    sections += [*_times(spent(account.tunings)), *_proposals(results.runs), *left_out(results.absences)]
    return "\n".join(sections)


def _objectives(results: Results) -> list[str]:
    rows = [row for name in DATASETS for row in _objective_rows(results, name)]
    heads = ["data set", "metric", "optimiser", "at a time", "runs", *(f"after {count}" for count in results.counts)]
    return ["## Best objective, mean over seeds\n", table(heads, rows)] if rows else []


def _objective_rows(results: Results, name: str) -> list[list[str]]:
    """Give the rows of one data set, the best last column first, between what is known of it."""
    problem, metric = DATASETS[name].problem, DATASETS[name].metric
    if problem not in results.references:
        return []
    rows = []
    for parallel in results.workers():
        runs = [run for run in results.runs if (run.plan.problem, run.plan.parallel) == (problem, parallel)]
        own = [run for run in runs if len(run.truth) >= max(results.counts)]
        for optimiser, values in mean_incumbents(own, results.counts).items():
            count = sum(run.plan.optimiser == optimiser for run in own)
            rows.append((values[-1], [optimiser, str(parallel), str(count), *_decimals(values)]))
    reference = results.references[problem]
    medians = _decimals([reference.random_at(count) for count in results.counts])
    best = _decimals([results.scales.best[problem]] * len(results.counts))
    told = [
        ["best known", "", "", *best],
        *(row for _, row in sorted(rows)),
        ["random search, median", "", "", *medians],
    ]
    return [[name, metric, *row] for row in told]


def _decimals(values: Sequence[float]) -> list[str]:
    return [f"{value:.4f}" for value in values]


def _ranking(results: Results, count: int) -> list[str]:
    found = results.scores(count, SEQUENTIAL)
    problems = next(iter(found.values()), {})
    if not problems:
        return []
    seeds = " and ".join(sorted({str(len(each)) for each in problems.values()}))
    heads = ["optimiser", "score", "90 %", "rank", *(name.partition(":")[2] for name in problems)]
    rows = [[*_cells(each), *_by_problem(found[each.optimiser])] for each in standings(found)]
    return [f"## {count} training jobs, one at a time\n\n{seeds} seeds of each.\n", table(heads, rows)]


def _cells(each: Standing) -> list[str]:
    return [each.optimiser, f"{each.score:.3f}", f"{each.low:.2f} to {each.high:.2f}", f"{each.rank:.2f}"]


def _by_problem(of_one: Mapping[str, Sequence[float]]) -> list[str]:
    return [f"{mean({problem: values}):.2f}" for problem, values in of_one.items()]


def _times(groups: Sequence[Spent]) -> list[str]:
    heads = [
        *("data set", "at a time", "tuning jobs", "wall time", "from one end to the next", "from end to creation"),
        *("from creation to end", "of that, Training", "overhead", "the program alone"),
    ]
    rows = [_time_cells(each) for each in groups]
    text = (
        "## Times of luthier's training jobs\n\n"
        "Wall time is a whole tuning job's, mean; the others are medians of one training job. A proposal lies between\n"
        "an end and the next creation. Training is the phase in which the program ran; the overhead is the rest of\n"
        "the time from one end to the next. The program alone is the same training as a process without the service,\n"
        "timed after the tuning job, when the machine may have had other work.\n"
    )
    return [text, table(heads, rows)] if rows else []


def _time_cells(each: Spent) -> list[str]:
    overhead_s = each.overhead_s if each.parallel == SEQUENTIAL else nan
    times = [each.cadence_s, each.gap_s, each.job_s, each.training_s, overhead_s, each.alone_s]
    return [
        *(each.problem.partition(":")[2], str(each.parallel), str(each.tuning_jobs), f"{each.wall_s:.0f} s"),
        *("-" if isnan(value) else f"{value:.2f} s" for value in times),
    ]


def _proposals(runs: Sequence[Run]) -> list[str]:
    """Say what the peers' proposals cost; luthier's are made by the server, and are in its times."""
    cpu: dict[str, list[float]] = {}
    for run in runs:
        if run.ask_cpu_s:
            cpu.setdefault(run.plan.optimiser, []).append(
                (sum(run.ask_cpu_s) + sum(run.tell_cpu_s)) / len(run.ask_cpu_s)
            )
    rows = [[name, f"{sum(values) / len(values):.3f} s"] for name, values in sorted(cpu.items())]
    return ["## CPU time of the peers' proposals\n", table(["optimiser", "one proposal, mean"], rows)] if rows else []
