"""Tests of the arithmetic and the report of the comparison end to end, on tuning jobs made by hand."""

from dataclasses import replace

import pytest
from benchmarks.end_to_end.contest import Timed
from benchmarks.end_to_end.figures import mean_incumbents, spent
from benchmarks.end_to_end.report import Account, render
from benchmarks.search.availability import Absence
from benchmarks.search.references import COUNTS, Reference
from benchmarks.search.report import Results
from benchmarks.search.runs import Plan, Run

PROBLEM = "xgboost:wine"
REFERENCES = {PROBLEM: Reference(best=0.0, random=tuple(2.0 for _ in COUNTS))}


def a_run(optimiser: str, *truth: float, seed: int = 0, parallel: int = 1) -> Run:
    plan = Plan(optimiser=optimiser, version="1", problem=PROBLEM, seed=seed, budget=len(truth), parallel=parallel)
    return Run(plan=plan, observed=truth, truth=truth, ask_cpu_s=(), tell_cpu_s=())


def a_tuning(*, parallel: int = 1) -> Timed:
    """Two training jobs of three seconds, the second created a second after the first's end."""
    return Timed(
        run=a_run("luthier", 1.0, 0.5, parallel=parallel),
        wall_s=8.5,
        created_s=(1.0, 5.0),
        ended_s=(4.0, 8.0),
        training_s=(2.5, 2.5),
        alone_s=(2.0,),
    )


def the_report(*runs: Run, tunings: tuple[Timed, ...] = (), absences: tuple[Absence, ...] = ()) -> str:
    results = Results(title="T", runs=runs, references=REFERENCES, counts=[1, 2], latencies={}, absences=absences)
    return render(Account(results=results, tunings=tunings))


def test_the_best_objective_is_averaged_over_runs() -> None:
    """After one training 3 and 1, after two 2 and 1."""
    runs = [a_run("a", 3.0, 2.0), a_run("a", 1.0, 5.0, seed=1)]

    assert mean_incumbents(runs, [1, 2]) == {"a": [2.0, 1.5]}


def test_the_time_from_one_end_to_the_next_has_the_proposal_in_it() -> None:
    """Four seconds, of which one lies between an end and the next creation."""
    (times,) = spent([a_tuning()])

    assert (times.cadence_s, times.gap_s, times.job_s) == (4.0, 1.0, 3.0)


def test_the_overhead_is_what_the_program_does_not_explain() -> None:
    """Four seconds from end to end, in two and a half of which the program ran."""
    (times,) = spent([a_tuning()])

    assert times.overhead_s == pytest.approx(1.5)


def test_the_first_training_jobs_of_several_at_a_time_fill_no_gap() -> None:
    """The third of two at a time takes the place of whichever ended first."""
    timed = replace(a_tuning(parallel=2), created_s=(0.5, 0.5, 4.5), ended_s=(4.0, 6.0, 8.0))
    (times,) = spent([timed])

    assert times.gap_s == pytest.approx(0.5)


def test_times_are_of_one_data_set_and_number_at_a_time() -> None:
    """And their tuning jobs are counted."""
    groups = spent([a_tuning(), a_tuning(), a_tuning(parallel=4)])

    assert [(each.parallel, each.tuning_jobs) for each in groups] == [(1, 2), (4, 1)]


def test_the_report_has_every_optimisers_objectives() -> None:
    """Between the best known and random search's median."""
    report = the_report(a_run("luthier", 1.0, 0.5), a_run("random", 3.0, 1.5))

    assert "| wine | mlogloss | best known |  |  | 0.0000 | 0.0000 |" in report
    assert "| wine | mlogloss | luthier | 1 | 1 | 1.0000 | 0.5000 |" in report
    assert "| wine | mlogloss | random search, median |  |  | 2.0000 | 2.0000 |" in report


def test_the_report_compares_in_units_of_random_search() -> None:
    """0.5 of 2, against 1.5 of 2."""
    report = the_report(a_run("luthier", 1.0, 0.5), a_run("random", 3.0, 1.5))

    assert "| random | 0.250 | 0.750 | 0.33 | -0.500 |" in report


def test_the_report_compares_several_at_a_time_with_one() -> None:
    """Twice what one at a time leaves."""
    report = the_report(a_run("luthier", 1.0, 0.5), a_run("luthier", 1.0, 1.0, parallel=4))

    assert "| luthier | 4 | 2 | 0.500 | 0.250 | 2.00 |" in report


def test_overhead_is_told_of_one_training_job_at_a_time_only() -> None:
    """Of several, the program's seconds overlap."""
    report = the_report(tunings=(a_tuning(), a_tuning(parallel=4)))

    assert "| wine | 1 | 1 | 8 s | 4.00 s | 1.00 s | 3.00 s | 2.50 s | 1.50 s | 2.00 s |" in report
    assert "| 2.50 s | - | 2.00 s |" in report


def test_the_report_names_what_is_left_out() -> None:
    """With the reason."""
    report = the_report(absences=(Absence(what="hebo", why="not installed"),))

    assert "| hebo | not installed |" in report
