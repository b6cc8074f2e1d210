"""What a portrait says of objectives whose truth is known."""

import itertools
import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luthier.records.portrait import NotEnough, Portrait
from luthier.records.search_space import (
    Assignment,
    CategoricalRange,
    ContinuousRange,
    IntegerRange,
    ScalingType,
    SearchSpace,
)
from luthier.records.trial import Trial
from luthier.strategies.bayesian.portrait import LEAST, portray
from luthier.strategies.random import Random
from strategies.spaces import MIXED, mixed, over, running, spaces

SPACE = SearchSpace(
    ranges=(
        ContinuousRange(name="rate", low=1e-5, high=1.0, scaling=ScalingType.LOGARITHMIC),
        IntegerRange(name="depth", low=1, high=12),
        CategoricalRange(name="booster", choices=("tree", "dart", "linear")),
    )
)


def tried(
    objective: Callable[[Assignment], float | None], count: int = 40, space: SearchSpace = SPACE, noise: float = 0.0
) -> list[Trial]:
    """Trials at random points of *space*."""
    rng = np.random.default_rng(3)
    trials: list[Trial] = []
    for point in Random().propose(space, [], count, rng):
        value = objective(point)
        trials.append(over(point, None if value is None else value + noise * rng.normal()))
    return trials


def drawn(trials: list[Trial], space: SearchSpace = SPACE, sign: float = 1.0) -> Portrait:
    found = portray(space, trials, sign)
    assert isinstance(found, Portrait)
    return found


def of_rate(point: Assignment) -> float:
    return (math.log10(float(point["rate"])) + 2.0) ** 2


def of_booster(point: Assignment) -> float:
    return {"tree": 0.0, "dart": 1.0, "linear": 3.0}[str(point["booster"])]


def test_what_matters_alone_has_all_of_the_variation() -> None:
    influence = drawn(tried(of_rate)).influences[0]

    assert influence.name == "rate"
    assert influence.alone > 0.95


def test_what_does_not_matter_has_next_to_none_of_the_variation() -> None:
    influences = {each.name: each for each in drawn(tried(of_rate)).influences}

    assert influences["depth"].total < 0.02
    assert influences["booster"].total < 0.02


def test_a_category_that_matters_alone_has_all_of_the_variation() -> None:
    assert drawn(tried(of_booster)).influences[0].name == "booster"
    assert drawn(tried(of_booster)).influences[0].alone > 0.9


def test_two_that_matter_only_together_show_an_interaction() -> None:
    def together(point: Assignment) -> float:
        return (math.log10(float(point["rate"])) + 2.5) * (float(point["depth"]) - 6.5)

    portrait = drawn(tried(together, count=60))

    assert set(portrait.interactions[0].names) == {"rate", "depth"}
    assert portrait.interactions[0].share > 0.4


def test_influences_come_with_the_most_important_first_and_slices_likewise() -> None:
    portrait = drawn(tried(mixed, count=60, space=MIXED), MIXED)

    totals = [each.total for each in portrait.influences]
    assert totals == sorted(totals, reverse=True)
    assert [each.name for each in portrait.slices] == [each.name for each in portrait.influences]


def test_no_share_is_beyond_0_and_1_and_none_alone_beyond_its_total() -> None:
    portrait = drawn(tried(mixed, count=30, space=MIXED), MIXED)

    assert all(0.0 <= each.alone <= each.total <= 1.0 for each in portrait.influences)


def test_a_slice_passes_near_what_was_observed() -> None:
    portrait = drawn(tried(of_rate))

    rates = next(each for each in portrait.slices if each.name == "rate")
    for place in rates.places[3:-3]:  # at the ends there is nothing to hold it
        assert place.estimate.value == pytest.approx(of_rate({"rate": place.value}), rel=0.1, abs=0.35)


def test_a_slice_holds_the_best_point_on_its_own_scale() -> None:
    portrait = drawn(tried(mixed, count=40, space=MIXED), MIXED)

    best = dict(portrait.best)
    for each in portrait.slices:
        value = each.places[each.best].value
        assert (
            value == pytest.approx(best[each.name], rel=1e-9) if isinstance(value, float) else value == best[each.name]
        )


def test_a_slice_is_drawn_on_the_scale_that_was_learned() -> None:
    """The rule on the ends says linear; the objective is a parabola in the logarithm."""
    space = SearchSpace(ranges=(ContinuousRange(name="rate", low=0.02, high=1.0),))

    (rates,) = drawn(tried(of_rate, space=space), space).slices

    ratios = [b.value / a.value for a, b in itertools.pairwise(rates.places) if b.at - a.at > 0.03]
    assert ratios == pytest.approx([50 ** (1 / 32)] * len(ratios), rel=1e-6)


def test_categories_are_told_by_name_and_whole_numbers_whole() -> None:
    slices = {each.name: [place.value for place in each.places] for each in drawn(tried(of_rate)).slices}

    assert slices["booster"] == ["tree", "dart", "linear"]
    assert slices["depth"] == list(range(1, 13))


def test_the_best_point_is_one_that_was_tried_with_an_estimate_near_its_value() -> None:
    trials = tried(of_rate)

    portrait = drawn(trials)

    lowest = min(trials, key=lambda trial: trial.value or 0.0)
    assert dict(portrait.best) == lowest.assignment
    assert portrait.estimate.low <= portrait.estimate.value <= portrait.estimate.high
    assert portrait.estimate.value == pytest.approx(lowest.value, abs=0.1)


def test_an_objective_to_maximise_comes_out_with_its_own_sign() -> None:
    turned = drawn(tried(lambda point: 5.0 + of_rate(point)), sign=-1.0)

    assert turned.estimate.value == pytest.approx(-5.0, abs=0.2)
    assert turned.estimate.low <= turned.estimate.value <= turned.estimate.high


def test_the_sign_changes_nothing_but_the_signs() -> None:
    one, other = drawn(tried(of_rate)), drawn(tried(of_rate), sign=-1.0)

    assert other.influences == one.influences
    assert other.noise == one.noise
    assert other.estimate.high == -one.estimate.low


@pytest.mark.parametrize("factor", [1e-9, 1e9])
def test_everything_follows_the_units_of_the_objective(factor: float) -> None:
    plain = drawn(tried(of_rate, noise=0.1))

    scaled = drawn([replace(trial, value=(trial.value or 0.0) * factor) for trial in tried(of_rate, noise=0.1)])

    assert scaled.noise == pytest.approx(plain.noise * factor, rel=1e-2)
    assert scaled.estimate.value == pytest.approx(plain.estimate.value * factor, rel=1e-2, abs=1e-3 * factor)


@pytest.mark.parametrize("noise", [0.1, 0.4])
def test_noise_is_told_as_it_is(noise: float) -> None:
    assert drawn(tried(of_rate, count=80, noise=noise)).noise == pytest.approx(noise, rel=0.5)


def test_a_model_that_predicts_well_says_so() -> None:
    assert (drawn(tried(of_rate)).fidelity or 0.0) > 0.9


def test_a_model_of_chance_alone_does_not_claim_to_predict() -> None:
    assert (drawn(tried(lambda _: 0.0, noise=1.0)).fidelity or 0.0) < 0.4


def test_failed_trials_are_counted_and_keep_away_from_the_best_point() -> None:
    trials = tried(lambda point: None if point["booster"] == "dart" else of_rate(point))

    portrait = drawn(trials)

    assert portrait.failed == sum(trial.is_failed for trial in trials) > 0
    assert dict(portrait.best)["booster"] != "dart"


def test_a_belief_beyond_all_that_was_seen_says_so_and_stays_finite() -> None:
    portrait = drawn(tried(of_rate))

    worst = max(trial.value or 0.0 for trial in tried(of_rate))
    beyond = [place.estimate for each in portrait.slices for place in each.places if place.estimate.high >= worst]
    assert all(each.is_beyond and each.high == pytest.approx(worst) for each in beyond)


def test_open_trials_change_nothing() -> None:
    trials = tried(of_rate)

    assert portray(SPACE, [*trials, running(trials[0].assignment)]) == portray(SPACE, trials)


def test_of_many_trials_the_noise_and_the_best_are_told_as_of_few() -> None:
    def bowl(point: Assignment) -> float:
        return abs(math.log10(float(point["rate"])) + 2.0)

    few, many = (drawn(tried(bowl, count, noise=0.1)) for count in (300, 2500))

    assert many.noise == pytest.approx(0.1, rel=0.3)
    assert dict(many.best)["rate"] == pytest.approx(dict(few.best)["rate"], rel=0.6)
    assert many.observed == 2500


def test_trials_of_other_tasks_are_not_counted() -> None:
    trials = tried(of_rate, count=20)
    others = [replace(trial, is_inherited=True, task="other") for trial in tried(of_rate, count=30)]

    assert drawn([*others, *trials]).observed == 20


def test_the_same_trials_give_the_same_portrait() -> None:
    trials = tried(mixed, count=25, space=MIXED)

    assert portray(MIXED, trials) == portray(MIXED, trials)


@pytest.mark.parametrize(
    ("trials", "reason"),
    [
        ([], "0 training jobs have an objective"),
        (tried(of_rate, count=1), "1 training job has an objective"),
        (tried(lambda _: 0.5), "the same objective"),
        (tried(lambda _: None), "0 training jobs have an objective"),
        (tried(of_rate, count=LEAST - 1), f"{LEAST} are needed"),
    ],
)
def test_too_little_to_tell_is_said_with_the_reason(trials: list[Trial], reason: str) -> None:
    found = portray(SPACE, trials)

    assert isinstance(found, NotEnough)
    assert reason in found.reason


def test_a_space_of_one_point_has_nothing_to_tell() -> None:
    space = SearchSpace(ranges=(CategoricalRange(name="booster", choices=("tree",)),))

    found = portray(space, [over({"booster": "tree"}, value) for value in (1.0, 2.0, 3.0, 4.0, 5.0, 6.0)])

    assert found == NotEnough(observed=6, reason="No hyperparameter has more than one value.")


@settings(deadline=None, max_examples=30)
@given(spaces(), st.lists(st.none() | st.floats(allow_nan=False, allow_infinity=False), max_size=12))
def test_a_portrait_of_anything_is_finite(space: SearchSpace, values: list[float | None]) -> None:
    points = Random().propose(space, [], len(values), np.random.default_rng(0))

    found = portray(space, [over(point, value) for point, value in zip(points, values, strict=False)])

    if isinstance(found, Portrait):
        estimates = [found.estimate, *(place.estimate for each in found.slices for place in each.places)]
        assert all(math.isfinite(number) for each in estimates for number in (each.low, each.value, each.high))
        assert all(each.low <= each.value <= each.high for each in estimates)
        assert math.isfinite(found.noise)
