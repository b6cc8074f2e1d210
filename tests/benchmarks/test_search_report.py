"""Tests of the search benchmark's arithmetic, on runs made by hand."""

import math
from collections.abc import Sequence
from xml.etree.ElementTree import fromstring

import pytest
from benchmarks.search.availability import Absence
from benchmarks.search.plot import draw
from benchmarks.search.references import COUNTS, Reference
from benchmarks.search.regret import incumbent, scales, scores
from benchmarks.search.report import Results, curves, curves_of_workers, render, unseen
from benchmarks.search.runs import Plan, Run, from_line, to_line
from benchmarks.search.standings import compare, interval, standings

RANDOM = Reference(best=0.0, random=tuple(2.0 for _ in COUNTS))
REFERENCES = {"p": RANDOM, "q": RANDOM}


def a_run(
    optimiser: str,
    *truth: float,
    problem: str = "p",
    seed: int = 0,
    parallel: int = 1,
    observed: tuple[float, ...] = (),
) -> Run:
    plan = Plan(optimiser=optimiser, version="1", problem=problem, seed=seed, budget=len(truth), parallel=parallel)
    none = tuple(0.0 for _ in truth)
    return Run(plan=plan, observed=observed or truth, truth=truth, ask_cpu_s=none, tell_cpu_s=none)


def results_of(*runs: Run, absences: tuple[Absence, ...] = (), counts: Sequence[int] = (2,)) -> Results:
    return Results(title="T", runs=runs, references=REFERENCES, counts=counts, latencies={}, absences=absences)


def test_the_incumbent_is_chosen_by_what_was_observed() -> None:
    """Its score is by the truth, which may be worse than another's."""
    assert incumbent(a_run("a", 1.0, 3.0, observed=(2.0, 1.5)), 2) == 3.0


def test_a_training_that_failed_is_no_incumbent() -> None:
    """It was observed to be nothing."""
    assert incumbent(a_run("a", 2.0, math.nan), 2) == 2.0


def test_a_run_of_failures_has_the_worst_score() -> None:
    """There is nothing to show for it."""
    run = a_run("a", math.nan, math.nan)

    assert scales(REFERENCES, [run]).regret(run, 2) == 2.0


def test_a_score_is_in_units_of_random_search() -> None:
    """Half of what random search leaves."""
    run = a_run("a", 5.0, 1.0)

    assert scales(REFERENCES, [run]).regret(run, 2) == pytest.approx(0.5)


def test_a_score_above_two_counts_as_two() -> None:
    """One lost run must not outweigh all others."""
    run = a_run("a", 99.0)

    assert scales(REFERENCES, [run]).regret(run, 1) == 2.0


def test_a_run_that_finds_more_lowers_the_best_for_all() -> None:
    """The best known is what any run has found."""
    run, better = a_run("a", 1.0), a_run("b", -2.0)

    assert scales(REFERENCES, [run, better]).regret(run, 1) == pytest.approx(3.0 / 4.0)


def test_only_what_all_have_finished_is_scored() -> None:
    """The second seed lacks an opponent."""
    runs = [a_run("a", 1.0), a_run("a", 0.5, seed=1), a_run("b", 2.0)]

    assert scores(scales(REFERENCES, runs), runs, optimisers=["a", "b"], count=1, parallel=1) == {
        "a": {"p": [0.5]},
        "b": {"p": [1.0]},
    }


def test_a_run_that_is_too_short_is_not_scored() -> None:
    """Its incumbent after two evaluations is not known."""
    runs = [a_run("a", 1.0)]

    assert scores(scales(REFERENCES, runs), runs, optimisers=["a"], count=2, parallel=1) == {"a": {}}


def test_problems_weigh_the_same_whatever_their_seeds() -> None:
    """Means over seeds first: (0 + 1) / 2, not (0 + 0 + 0 + 1) / 4."""
    (standing,) = standings({"a": {"p": [0.0, 0.0, 0.0], "q": [1.0]}})

    assert standing.score == pytest.approx(0.5)


def test_ties_share_the_mean_of_their_places() -> None:
    """First and second: 1.5 each."""
    ranks = {each.optimiser: each.rank for each in standings({"a": {"p": [0.1]}, "b": {"p": [0.1]}, "c": {"p": [0.2]}})}

    assert ranks == {"a": 1.5, "b": 1.5, "c": 3.0}


def test_a_collapse_is_a_problem_on_which_the_mean_is_above_one_and_a_half() -> None:
    """One bad seed of two is none."""
    (standing,) = standings({"a": {"p": [2.0, 0.0], "q": [1.8, 1.4]}})

    assert standing.collapses == ("q",)


def test_the_best_comes_first() -> None:
    """Sorted by score."""
    assert [each.optimiser for each in standings({"a": {"p": [0.9]}, "b": {"p": [0.1]}})] == ["b", "a"]


def test_a_difference_is_paired() -> None:
    """A steady lead has a narrow interval however much the problems differ."""
    found = compare("a", "b", {"a": {"p": [0.1], "q": [1.1]}, "b": {"p": [0.3], "q": [1.3]}})

    assert (found.mean, found.low, found.high) == pytest.approx((-0.2, -0.2, -0.2))
    assert (found.better, found.problems, found.ratio) == (2, 2, pytest.approx(0.6 / 0.8))


def test_an_interval_widens_with_the_spread_of_the_problems() -> None:
    """It covers new problems, not only new seeds."""
    low, high = interval({"p": [0.0, 0.0], "q": [1.0, 1.0]})

    assert (low, high) == (0.0, 1.0)


def test_a_run_is_read_as_it_was_written() -> None:
    """One line of JSON holds all of it."""
    run = a_run("a", 1.0, 0.5)

    assert from_line(to_line(run)) == run


def test_the_report_compares_workers_with_one_worker() -> None:
    """Twice the regret."""
    report = render(results_of(a_run("luthier", 1.0, 1.0), a_run("luthier", 2.0, 2.0, parallel=4)))

    assert "| luthier | 4 | 2 | 1.000 | 0.500 | 2.00 |" in report


def test_the_report_says_what_one_worker_lacked_as_many_evaluations_ago_as_others_are_running() -> None:
    """With two workers the last proposal knows one result less; it did better here than that explains."""
    one, two = a_run("luthier", 2.0, 1.0), a_run("luthier", 3.0, 1.6, parallel=2)

    assert "| luthier | 2 | 2 | 0.800 | 0.500 | 1.60 | 1.60 to 1.60 | 2.00 | 1 |" in render(results_of(one, two))


def test_the_report_compares_workers_on_the_seeds_that_both_have() -> None:
    """A seed that one of them has not finished counts for neither."""
    runs = [a_run("luthier", 1.0, 1.0), a_run("luthier", 4.0, 4.0, seed=1), a_run("luthier", 2.0, 2.0, parallel=4)]

    assert "| luthier | 4 | 2 | 1.000 | 0.500 | 2.00 |" in render(results_of(*runs))


def test_the_report_pairs_luthier_with_each_other() -> None:
    """Also where a third has not finished."""
    runs = [a_run("luthier", 1.0, 1.0), a_run("b", 2.0, 2.0), a_run("c", 2.0, 2.0, problem="q")]

    assert "| b | 0.500 | 1.000 | 0.50 | -0.500 | -0.500 to -0.500 | 1 of 1 | 1 |" in render(results_of(*runs))


def test_the_report_counts_the_pairs_that_two_have() -> None:
    """More seeds than the third has, and all of them count."""
    runs = [*(a_run(name, 1.0, 1.0, seed=seed) for name in ("luthier", "b") for seed in (0, 1)), a_run("c", 1.0, 1.0)]
    report = render(results_of(*runs))

    assert "1 problems, 1 runs of each." in report
    assert "| b | 0.500 | 0.500 | 1.00 | +0.000 | +0.000 to +0.000 | 0 of 1 | 2 |" in report
    assert "| c | 0.500 | 0.500 | 1.00 | +0.000 | +0.000 to +0.000 | 0 of 1 | 1 |" in report


def test_the_report_ranks_once_more_without_peers_that_have_finished_little() -> None:
    """A slow peer does not hide what the others have done."""
    many = [a_run(name, 1.0, 1.0, seed=seed) for name in ("a", "b") for seed in range(3)]
    report = render(results_of(*many, a_run("slow", 2.0, 2.0)))

    assert "1 problems, 1 runs of each." in report
    assert "### Without slow\n\n1 problems, 3 runs of each." in report


def test_the_judged_one_is_not_ranked_alone_for_having_finished_more() -> None:
    many = [a_run("luthier", 1.0, 1.0, seed=seed) for seed in range(5)]

    assert "Without" not in render(results_of(*many, a_run("b", 2.0, 2.0), a_run("b", 2.0, 2.0, seed=1)))


def test_a_peer_with_short_runs_does_not_empty_the_table_of_long_ones() -> None:
    """It is in the tables that its runs reach."""
    runs = [a_run("luthier", 1.0, 1.0, 0.5), a_run("b", 2.0, 2.0)]
    report = render(results_of(*runs, counts=[2, 3]))

    assert report.count("| luthier | 0.") == 2
    assert report.count("| b | 1.0") == 1


def test_the_longest_run_of_a_pair_counts() -> None:
    """In whatever order they were finished."""
    runs = [a_run("a", 0.5, 0.5, 0.5), a_run("a", 1.0, 1.0)]

    assert scores(scales(REFERENCES, runs), runs, optimisers=["a"], count=2, parallel=1) == {"a": {"p": [0.25]}}


def test_curves_end_where_the_first_optimiser_has_no_runs() -> None:
    """Beyond, they would be of other problems."""
    runs = [a_run("a", 2.0, 1.0, 1.0), a_run("b", 2.0, 2.0)]

    assert curves(results_of(*runs), [1, 2, 3]) == {"a": [1.0, 0.5], "b": [1.0, 1.0]}


def test_a_curve_for_each_number_of_workers_is_of_the_seeds_that_all_have() -> None:
    """In rising order, and of the judged one alone."""
    one, more = a_run("luthier", 2.0, 1.0), a_run("luthier", 4.0, 4.0, seed=1)
    runs = [a_run("luthier", 3.0, 2.0, parallel=10), one, more, a_run("luthier", 2.0, 1.6, parallel=4), a_run("a", 1.0)]

    found = curves_of_workers(results_of(*runs), [1, 2])

    assert found == {"1 at a time": [1.0, 0.5], "4 at a time": [1.0, 0.8], "10 at a time": [1.5, 1.0]}


def test_one_worker_alone_is_no_comparison_of_workers() -> None:
    """There is nothing to draw."""
    assert curves_of_workers(results_of(a_run("luthier", 2.0, 1.0)), [1, 2]) == {}


def test_a_problem_without_a_reference_is_in_no_curve_of_workers() -> None:
    """It has no scale, and is named among what was left out."""
    known = [a_run("luthier", 2.0, parallel=workers) for workers in (1, 4)]
    unknown = [a_run("luthier", 1.0, problem="new", parallel=workers) for workers in (1, 4)]

    assert curves_of_workers(results_of(*unknown), [1]) == {}
    assert curves_of_workers(results_of(*known, *unknown), [1]) == {"1 at a time": [1.0], "4 at a time": [1.0]}


def test_a_slow_optimiser_is_drawn_where_it_has_finished_every_problem() -> None:
    """With fewer seeds than others; the judged one comes first, and is drawn by that."""
    runs = [a_run(name, 2.0, 1.0, seed=seed) for name in ("a", "luthier") for seed in range(3)]

    assert list(curves(results_of(*runs, a_run("slow", 2.0, 1.0)), [1, 2])) == ["luthier", "a", "slow"]


def test_a_slow_optimiser_that_lacks_problems_is_not_drawn() -> None:
    """It would take them from the others."""
    runs = [a_run("a", 2.0, problem=problem, seed=seed) for problem in ("p", "q") for seed in range(2)]

    assert list(curves(results_of(*runs, a_run("slow", 2.0)), [1])) == ["a"]


def test_the_report_says_what_was_left_out() -> None:
    """With the reason."""
    report = render(results_of(absences=(Absence(what="hebo", why="not installed"),)))

    assert "| hebo | not installed |" in report


def test_what_was_asked_for_and_has_no_run_is_named() -> None:
    """Nothing is silently missing."""
    found = unseen([a_run("a", 1.0)], ["a", "b", "p", "q"], REFERENCES, known=[Absence(what="q", why="no data")])

    assert [each.what for each in found] == ["b"]


def test_a_problem_without_a_reference_is_named() -> None:
    """Its runs cannot be scored."""
    found = unseen([a_run("a", 1.0, problem="new")], [], REFERENCES, known=[])

    assert [each.what for each in found] == ["new"]


def test_latencies_are_medians_in_milliseconds() -> None:
    """One slow proposal does not count."""
    results = Results(
        title="T", runs=[], references={}, counts=[], latencies={"a": {20: [0.01, 0.02, 9.0]}}, absences=[]
    )

    assert "| a | 20.0 |" in render(results)


def test_a_curve_has_a_score_for_each_number_of_evaluations() -> None:
    """For the plot."""
    assert curves(results_of(a_run("a", 2.0, 1.0)), [1, 2]) == {"a": [1.0, 0.5]}


def test_the_plot_names_its_lines() -> None:
    """Whatever their names are, it is well-formed."""
    plot = fromstring(draw("scores", [1, 2], {"a<b": [1.0, 0.5]}))

    assert "a<b" in [text.text for text in plot.iter("{http://www.w3.org/2000/svg}text")]
