"""Tests of what curves have in common."""

import numpy as np
import pytest

from luthier.strategies.early_stopping.curves import Curve, curves_of
from luthier.strategies.early_stopping.population import Population, learn
from strategies.learning_curves import cut, earlier, ended, falling, noisy


def learned(*curves: Curve) -> Population:
    """What the values themselves teach."""
    return learn(curves)[0]


def test_starts_and_ends_are_learned() -> None:
    population = learned(*curves_of(earlier(12)))

    start, end = (population.ruler.value(each) for each in population.prior.mean.tolist())
    assert (start, end) == (pytest.approx(1.0, abs=0.05), pytest.approx(0.35, abs=0.05))


def test_the_shape_that_all_curves_have_gets_the_weight() -> None:
    """Sigmoids here: nothing happens in the first third."""
    late = 1.0 / (1.0 + (np.arange(1.0, 41.0) / 16.0) ** 3)
    curves = [ended(noisy((0.2 + (0.6 + 0.02 * place) * late).tolist(), place, 0.003)) for place in range(10)]

    weights = learned(*curves_of(curves)).prior.weights.sum(axis=0)

    assert weights[9] > 0.5  # the sigmoid around 0.4 T


def test_the_best_end_is_without_its_noise() -> None:
    """A value that was lucky at the end does not raise the bar for all others."""
    lucky = [*noisy(falling(0.3), 1)[:-1], 0.27]

    population = learned(*curves_of([*(ended(noisy(falling(0.31), seed)) for seed in range(5)), ended(lucky)]))

    assert population.ruler.value(population.best_end) == pytest.approx(0.3, abs=0.02)


def test_curves_that_were_cut_short_do_not_pass_for_whole_ones() -> None:
    """Stopping bad trials half-way does not make the ends that are expected any better."""
    bad = [cut(noisy(falling(0.8, power=0.8), seed), 10) for seed in range(10)]

    population = learned(*curves_of([*earlier(6), *bad]))

    assert population.ruler.value(float(population.prior.mean[1])) > 0.55


def test_a_shorter_curve_ends_where_it_ended() -> None:
    """Not where it would have, had it been as long as others."""
    short = ended(noisy(falling(0.1, epochs=80)[:20], 3))

    population = learned(*curves_of([*earlier(5), short]))

    assert population.ruler.value(population.best_end) == pytest.approx(short.value, abs=0.05)


def test_forecasts_that_were_wrong_are_widened() -> None:
    """Curves that turn down at the very end were foreseen by nobody."""
    plain = [ended(noisy(falling(0.4, power=0.7), seed)) for seed in range(8)]
    dropping = [
        ended((np.array(trial.curve) - 0.3 * (seed % 2) * (np.arange(40) > 36)).tolist())
        for seed, trial in enumerate(plain)
    ]

    wide = learned(*curves_of(dropping)).calibration.at(20)[1]

    assert wide > 1.5 * learned(*curves_of(plain)).calibration.at(20)[1]


def test_equal_curves_give_an_equal_answer() -> None:
    learn.cache_clear()
    once = learned(*curves_of(earlier()))
    learn.cache_clear()

    assert learned(*curves_of(earlier())).prior.mean.tolist() == once.prior.mean.tolist()
