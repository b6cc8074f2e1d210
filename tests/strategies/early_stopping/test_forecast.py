"""Tests of where a curve will end."""

import numpy as np
import pytest

from luthier.strategies.early_stopping.curves import curves_of
from luthier.strategies.early_stopping.forecast import Forecast, chance_of_new, foretell, late_start
from luthier.strategies.early_stopping.population import learn
from strategies.learning_curves import ended, falling, noisy


def a_curve(rng: np.random.Generator) -> tuple[float, ...]:
    """One of a family with ends, starts and powers of its own."""
    end, start, power = rng.normal(0.4, 0.1), rng.normal(1.0, 0.1), np.exp(rng.normal(-0.3, 0.5))
    return noisy(falling(end, start, power), int(rng.integers(1 << 30)))


def forecasts(at: int, count: int) -> list[tuple[Forecast, float]]:
    """Forecasts of *count* curves after *at* reports, each with the end that came, in units of the forecast."""
    rng = np.random.default_rng(3)
    population = learn(curves_of([ended(a_curve(rng)) for _ in range(15)]))[0]
    knots = [population.ruler.knots_of(a_curve(rng)) for _ in range(count)]
    return [(foretell(population, each[:at]), float(each[-3:].mean())) for each in knots]


@pytest.mark.parametrize("at", [4, 12, 25])
def test_chances_come_true_about_as_often_as_they_say(at: int) -> None:
    """Of 150 curves that are foretold, about every second ends below the median, and few below the twentieth."""
    chances = np.array([forecast.chance_below(end) for forecast, end in forecasts(at, 150)])

    assert 0.35 < np.mean(chances < 0.5) < 0.65
    assert np.mean(chances < 0.05) < 0.12


def test_the_mean_comes_nearer_to_the_end() -> None:
    off = [np.mean([abs(forecast.mean - end) for forecast, end in forecasts(at, 60)]) for at in (4, 12, 30)]

    assert off == sorted(off, reverse=True)


def test_a_chance_grows_with_what_it_is_the_chance_of() -> None:
    forecast, end = forecasts(12, 1)[0]

    chances = [forecast.chance_below(end + step) for step in (-1e6, -5.0, 0.0, 5.0, 1e6)]

    assert (chances, chances[0], chances[-1]) == (sorted(chances), pytest.approx(0.0), pytest.approx(1.0))


def test_a_new_trial_wins_as_often_as_one_of_those_before() -> None:
    """One in sixteen is the best of 16 that are alike, and every second is as good as the best where all are."""
    alike = [noisy(falling(0.4), seed) for seed in range(15)]

    chance = chance_of_new(learn(curves_of([ended(a_curve(np.random.default_rng(seed))) for seed in range(15)])))
    assert 0.01 < chance < 0.2
    assert 0.2 < chance_of_new(learn(curves_of([ended(curve) for curve in alike]))) < 0.6


def test_a_curve_may_be_where_others_began() -> None:
    """Of whole curves that gain 0.8, 0.4 and less, the first is the only one that would help from its first knot on."""
    population = learn(curves_of([ended(falling(0.2)), *(ended(falling(0.6)) for _ in range(3))]))[0]

    waiting = population.ruler.knots_of((0.95, 0.95))

    assert late_start(population, waiting) == pytest.approx(1 / 8)


def test_a_curve_that_is_far_behind_has_no_late_start() -> None:
    population = learn(curves_of([ended(falling(0.2)), *(ended(falling(0.6)) for _ in range(3))]))[0]

    assert late_start(population, population.ruler.knots_of((3.0, 3.0))) == 0.0
