"""Tests of the search benchmark's problems that need neither data nor libraries, and of its lists."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from benchmarks.search.catalogue import DEVELOPMENT, DRAWN, HELD_OUT, QUICK, family_of, make, needs_data, select
from benchmarks.search.families.drawn import Drawn
from benchmarks.search.problem import Array, Exact
from benchmarks.search.references import COUNTS, Reference, load, store, work_out
from benchmarks.search.spaces import Choice, Point, Real, Whole, from_json, from_unit, snap, to_json, to_unit

from luthier.strategies.bayesian.kernel import correlation, squared_distances
from luthier.strategies.bayesian.trend import TREND, trend

SYNTHETIC = [name for name in (*DEVELOPMENT, *HELD_OUT) if family_of(name) == "synthetic"] + list(DRAWN[::7])
SPACE = (
    Real(name="rate", low=1e-5, high=1.0, log=True),
    Whole(name="depth", low=1, high=9),
    Whole(name="units", low=1, high=512, log=True),
    Choice(name="kind", choices=("a", "b", "c")),
)


def points_of(name: str, count: int = 5) -> list[dict[str, float | int | str]]:
    space, rng = make(name, None).space, np.random.default_rng(0)
    return [dict(from_unit(space, rng.random(len(space)))) for _ in range(count)]


def test_every_whole_number_has_a_cell_of_the_unit_interval() -> None:
    """From end to end, none left out."""
    found = {from_unit(SPACE, (0.5, u, 0.5, 0.5))["depth"] for u in np.linspace(0, 1, 1001)}

    assert found == set(range(1, 10))


def test_a_point_is_where_its_coordinates_lead_back_to() -> None:
    """There and back again."""
    point = from_unit(SPACE, (0.3, 0.4, 0.5, 0.9))

    assert from_unit(SPACE, to_unit(SPACE, point)) == pytest.approx(point)


def test_a_number_beyond_its_range_is_taken_to_the_end() -> None:
    """What an optimiser rounds wrongly is still a legal point."""
    snapped = snap(SPACE, {"rate": 2.0, "depth": 3.4, "units": 0, "kind": "b"})

    assert snapped == {"rate": 1.0, "depth": 3, "units": 1, "kind": "b"}


def test_a_word_that_is_no_choice_is_refused() -> None:
    """An adapter that makes words up is broken."""
    with pytest.raises(ValueError, match="kind"):
        snap(SPACE, {"rate": 0.1, "depth": 3, "units": 8, "kind": "d"})


def test_a_space_travels_as_json() -> None:
    """The other process sees the same."""
    assert from_json(to_json(SPACE)) == SPACE


@pytest.mark.parametrize("name", SYNTHETIC)
def test_a_problem_is_the_same_each_time(name: str) -> None:
    """Its constants are drawn from its name."""
    points = points_of(name)

    assert make(name, None).truth(points).tolist() == make(name, None).truth(points).tolist()


@pytest.mark.parametrize("name", SYNTHETIC)
def test_no_value_is_below_the_best_known_one(name: str) -> None:
    """The reference holds for random points."""
    truth = make(name, None).truth(points_of(name, 500))

    assert truth.min() >= load()[name].best


def test_a_salt_makes_another_instance() -> None:
    """Other constants, the same space."""
    here, there = make("hpolike1@oak", None), make("hpolike1@elm", None)

    assert here.space == there.space
    assert not np.allclose(here.truth(points_of("hpolike1")), there.truth(points_of("hpolike1")))


def test_the_optimum_of_hartmann_is_the_published_one() -> None:
    """Its known minimiser has its known minimum."""
    minimiser = (0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573)

    (value,) = make("hartmann6", None).truth([{f"x{i}": x for i, x in enumerate(minimiser)}])

    assert value == pytest.approx(-3.32237, abs=1e-4)


def test_drawn_functions_vary_together_as_the_search_believes_before_it_has_seen_anything() -> None:
    """Over many of them the product of two values is what the kernel and the trend say, so the model is right there."""
    dimensions, instances, is_category = 2, 3000, np.zeros(2, dtype=bool)
    U, V = np.array([[0.3, 0.9]]), np.array([[0.45, 0.7], [0.3, 0.9], [0.8, 0.1]])
    points: list[Point] = [{"x0": float(a), "x1": float(b)} for a, b in (*U, *V)]
    off = []
    for instance in range(instances):
        function = Drawn(dimensions, instance, is_noisy=False)
        first, *others = function.truth(points)
        kernel = correlation(squared_distances(U, V, is_category, function.length_scales))
        off.append(first * np.array(others) - kernel[0] - trend(U, V, is_category, TREND / dimensions)[0])

    assert np.abs(np.mean(off, axis=0)).max() < 4.0 * np.std(off, axis=0).max() / np.sqrt(instances)


def test_a_drawn_function_is_the_same_with_noise_and_without() -> None:
    """What they differ by is the observation."""
    quiet, noisy, points = make("drawn:d3_i1", None), make("drawn:d3_i1_noisy", None), points_of("drawn:d3_i1")
    rng = np.random.default_rng(0)

    assert quiet.truth(points).tolist() == noisy.truth(points).tolist()
    assert quiet.observe(points[0], rng) == pytest.approx(quiet.truth(points)[0], abs=1e-12)
    assert noisy.observe(points[0], rng) != pytest.approx(quiet.truth(points)[0], abs=1e-12)


@pytest.mark.parametrize("name", ["drawn:d3_i1_noise", "drawn:d0_i1", "drawn:d3", "drawn:i1_d3"])
def test_a_drawn_function_whose_name_is_misspelt_is_refused(name: str) -> None:
    """Rather than taken for another one."""
    with pytest.raises(KeyError, match="DIMENSIONS"):
        make(name, None)


def test_noise_is_drawn_from_the_generator_alone() -> None:
    """Equal generators, equal observations."""
    problem, (point,) = make("hpolike2", None), points_of("hpolike2", 1)
    observed = [problem.observe(point, np.random.default_rng(seed)) for seed in (1, 1, 2)]

    assert observed[0] == observed[1] != observed[2]


def test_the_two_lists_share_no_problem() -> None:
    """What is judged was never looked at."""
    assert set(DEVELOPMENT) & set(HELD_OUT) == set()


def test_both_lists_have_every_family() -> None:
    """The held-out problems are of the same kinds."""
    assert {family_of(name) for name in DEVELOPMENT} == {family_of(name) for name in HELD_OUT}


def test_every_problem_without_data_has_a_reference() -> None:
    """Scores need a scale."""
    wanted = {name for name in (*DEVELOPMENT, *HELD_OUT, *DRAWN) if not needs_data(name)}

    assert wanted - load().keys() == set()


def test_no_problem_of_the_lists_is_too_coarse() -> None:
    """More than an example or two must lie between random search and the best known value."""
    references = load()

    assert [name for name in (*DEVELOPMENT, *HELD_OUT) if name in references and references[name].is_too_coarse] == []


@pytest.mark.parametrize(("steps", "is_too_coarse"), [(3, True), (4, False)])
def test_a_step_may_be_a_quarter_of_what_random_search_leaves(steps: int, is_too_coarse: bool) -> None:
    """Of 450 examples, so many are misclassified by random search alone."""
    reference = Reference(best=14 / 450, random=tuple((14 + steps) / 450 for _ in COUNTS), step=1 / 450)

    assert reference.is_too_coarse == is_too_coarse


def test_a_loss_is_never_too_coarse() -> None:
    """However close random search comes: it has no steps."""
    assert not Reference(best=1.0, random=tuple(1.0 for _ in COUNTS)).is_too_coarse


class Counted(Exact):
    """A share of errors that is 0 in one half of the range and *step* in the other."""

    space = (Real(name="x", low=0.0, high=1.0),)
    optimum: float | None = 0.0

    def __init__(self, step: float) -> None:
        self.step: float | None = step

    def truth(self, points: Sequence[Point]) -> Array:
        """Give the shares (n,)."""
        assert self.step is not None
        return np.array([self.step * (float(point["x"]) > 0.5) for point in points])


def test_a_problem_that_is_too_coarse_gets_no_reference(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It is named instead."""
    monkeypatch.setattr("benchmarks.search.references.make", lambda name, data: Counted(0.01))

    assert work_out(["live:coarse"], None, tmp_path / "references.json") == ["live:coarse"]
    assert load(tmp_path / "references.json") == {}


def test_a_reference_keeps_its_step(tmp_path: Path) -> None:
    """As written, so read."""
    kept = {"a": Reference(best=0.0, random=(1.0,), step=0.01), "b": Reference(best=0.0, random=(1.0,))}
    store(kept, tmp_path / "references.json")

    assert load(tmp_path / "references.json") == kept


def test_random_search_gets_better_with_more_evaluations() -> None:
    """The median incumbent of every reference, apart from the noise of choosing."""
    falling = {name: each.random[-1] < each.random[0] and each.best <= each.random[-1] for name, each in load().items()}

    assert {name for name, is_falling in falling.items() if not is_falling} == set()


def test_random_search_is_not_known_beyond_its_curve() -> None:
    """Rather than a number that would be made up."""
    with pytest.raises(ValueError, match="1 to 200"):
        load()["hartmann6"].random_at(201)


def test_a_family_names_its_development_problems() -> None:
    """`--problems mixint` is short for all of them."""
    assert all(name in DEVELOPMENT and name.startswith("mixint:") for name in select(["mixint"]))


def test_the_quick_problems_are_of_the_development_list() -> None:
    """A smoke test must not look at what is held out."""
    assert set(QUICK) <= set(DEVELOPMENT)


def test_a_problem_without_its_data_says_how_to_get_it(tmp_path: Path) -> None:
    """By the option's name."""
    with pytest.raises(FileNotFoundError, match="--data"):
        make("hpobench:car", tmp_path)
