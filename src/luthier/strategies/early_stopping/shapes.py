"""
The shapes that learning curves are made of: how much of the way from start to end is left at each knot.

    ψ falls from 1 at the first of T knots to 0 at the last; the curve itself is ψ a + (1 - ψ) e, from a to e.

| family      | ψ before it is laid between 1 and 0 | curves that                                         |
|-------------|--------------------------------------|-----------------------------------------------------|
| power       | t^-p                                 | never quite stop improving                          |
| exponential | exp(-t / τ)                          | settle                                              |
| sigmoid     | 1 / (1 + (t / τ)^3)                  | do nothing at first, and then fall                  |
| late        | 1 - x, a half cosine                 | improve to the end, as learning rates are let down  |
| both        | 3/4 power, 1/4 half cosine           | fall at first, and once more at the end             |

with t = 1 ... T and x = (t - 1) / (T - 1).

Source: power, exponential and sigmoid families as in Domhan, Springenberg and Hutter, "Speeding up Automatic
Hyperparameter Optimization of Deep Neural Networks by Extrapolation of Learning Curves", 2015.
"""

import numpy as np

from luthier.strategies.scale import Array

POWERS = (0.02, 0.5, 1.0, 2.0)
DECAYS = (0.05, 0.15, 0.5)  # τ, as a part of T
DELAYS = (0.08, 0.2, 0.4)  # τ of the sigmoids, likewise
STEEPNESS = 3.0
BOTH = (0.5, 2.0)  # powers


def shapes(knots: int) -> Array:
    """Give every ψ at the knots of a whole curve: (T, S), T = *knots* >= 2."""
    t = np.arange(1.0, knots + 1.0)
    x = (t - 1.0) / (knots - 1.0)
    powers = {p: _laid(t**-p) for p in POWERS}
    cosine = 0.5 + 0.5 * np.cos(np.pi * x)
    return np.column_stack(
        [
            *powers.values(),
            *(_laid(np.exp(-(t - 1.0) / (decay * knots))) for decay in DECAYS),
            *(_laid(1.0 / (1.0 + (t / (delay * knots)) ** STEEPNESS)) for delay in DELAYS),
            1.0 - x,
            cosine,
            *(0.75 * powers[p] + 0.25 * cosine for p in BOTH),
        ]
    )


def _laid(falling: Array) -> Array:
    return np.asarray((falling - falling[-1]) / (falling[0] - falling[-1]))
