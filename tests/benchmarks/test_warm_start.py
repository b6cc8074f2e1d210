"""Tests of the warm-start benchmark's cases and figures."""

import pytest
from benchmarks.search.spaces import Choice, Real, Whole
from benchmarks.warm_start import cases, figures
from benchmarks.warm_start.cases import CHECK, CHOOSE, parents_of
from benchmarks.warm_start.searching import Search, from_line, perform, to_line

SPACE = (Real(name="rate", low=1e-3, high=1.0, log=True), Whole(name="depth", low=1, high=8))
OTHER = (Real(name="share", low=0.0, high=1.0), Choice(name="kind", choices=("a", "b")))


def a_search(*truth: float, observed: tuple[float, ...] | None = None) -> Search:
    return Search(points=({},) * len(truth), observed=observed or truth, truth=truth)


def evaluate(message: dict[str, object]) -> dict[str, object]:
    """A problem that is best at depth 8."""
    if "open" in message:
        return {"space": [{"kind": type(each).__name__, **_fields(each)} for each in SPACE]}
    point = message["evaluate"]
    assert isinstance(point, dict)
    return {"observed": -float(point["depth"]), "truth": -float(point["depth"])}


def _fields(each: Real | Whole) -> dict[str, object]:
    return {"name": each.name, "low": each.low, "high": each.high, "log": each.log}


def test_no_data_set_is_in_both_sets() -> None:
    assert not set(CHOOSE) & set(CHECK)


@pytest.mark.parametrize("kind", cases.KINDS)
@pytest.mark.parametrize("chosen", cases.SETS)
def test_every_search_has_three_parents_with_seeds_that_no_child_has(kind: str, chosen: str) -> None:
    for name in cases.SETS[chosen]:
        parents = parents_of(name, kind, 1, chosen)

        assert len(set(parents)) == cases.PARENTS
        assert min(parent.seed for parent in parents) >= cases.FIRST_SEED


def test_kin_are_other_data_sets_of_the_family() -> None:
    parents = parents_of("lcbench:167083", "kin", 0, "check")

    assert "lcbench:167083" not in [parent.problem for parent in parents]
    assert {parent.problem.partition(":")[0] for parent in parents} == {"lcbench"}


def test_reversed_parents_search_the_child_s_problem_for_its_worst() -> None:
    parents = parents_of("lcbench:167083", "reversed", 0, "check")

    assert {(parent.problem, parent.sign) for parent in parents} == {("lcbench:167083", -1)}


def test_foreign_parents_are_of_other_families() -> None:
    families = {parent.problem.partition(":")[0] for parent in parents_of("lcbench:167083", "foreign", 0, "check")}

    assert "lcbench" not in families


def test_a_child_begins_with_what_was_best_in_its_parent() -> None:
    source = cases.Source(problem="made", seed=0)
    parent = Search(points=({"rate": 0.1, "depth": 2}, {"rate": 0.2, "depth": 8}), observed=(-2.0, -8.0), truth=())

    found = perform(source, 1, [(SPACE, parent)], evaluate)

    assert found.points[0]["depth"] == 8


def test_a_parent_of_another_space_is_taken_place_by_place() -> None:
    """The share of 0.75 for the rate, the second of two kinds, hence 0.75 too, for the depth."""
    parent = Search(points=({"share": 0.75, "kind": "b"},), observed=(1.0,), truth=())

    found = perform(cases.Source(problem="made", seed=0), 1, [(OTHER, parent)], evaluate)

    assert found.points[0] == {"rate": pytest.approx(10**-0.75), "depth": 6}


def test_what_is_searched_for_its_worst_is_turned() -> None:
    found = perform(cases.Source(problem="made", seed=0, sign=-1), 2, [], evaluate)

    assert found.truth == tuple(float(point["depth"]) for point in found.points)


def test_a_search_is_read_as_it_was_written() -> None:
    search = perform(cases.Source(problem="made", seed=0), 2, [], evaluate)

    assert from_line(to_line(search)) == search


def test_the_incumbent_is_the_truth_of_what_was_observed_to_be_best() -> None:
    assert a_search(1.0, 2.0, 0.0, observed=(3.0, 1.0, 0.5)).incumbent(2) == 2.0


def test_a_ratio_is_of_regrets() -> None:
    """Over both seeds, 1 and 3 are left of 4 and 4."""
    alone, helped = {"a:b": [a_search(5.0), a_search(5.0)]}, {"a:b": [a_search(2.0), a_search(4.0)]}

    assert figures.ratios(alone, helped, {"a:b": 1.0}, 1) == {"a:b": 0.5}


def test_no_ratio_is_above_three() -> None:
    assert figures.ratios({"a:b": [a_search(1.0)]}, {"a:b": [a_search(9.0)]}, {"a:b": 0.0}, 1) == {"a:b": 3.0}


def test_the_best_known_is_lowered_by_what_is_found() -> None:
    assert figures.best_known({"a:b": 1.0}, {"a:b": [a_search(2.0, 0.5)]}) == {"a:b": 0.5}


def test_a_family_s_figure_is_the_mean_of_its_problems() -> None:
    figure = figures.by_family({"a:b": 1.0, "a:c": 0.5, "d:e": 0.0})

    assert figure == {"all": pytest.approx(0.5), "a": pytest.approx(0.75), "d": 0.0}


def test_the_table_has_a_row_for_each_kind_and_count() -> None:
    alone, helped = {"a:b": [a_search(2.0, 1.0)]}, {"a:b": [a_search(1.0, 0.5)]}

    table = figures.render({"kin": helped}, alone, {"a:b": 0.0}, [1, 2])

    assert table.splitlines()[2:] == ["| kin | 1 | 0.50 | 0.50 |", "| kin | 2 | 0.50 | 0.50 |"]
