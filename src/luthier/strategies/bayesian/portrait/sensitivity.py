"""
How much of a function's variation over the cube each of its inputs accounts for: Sobol indices.

With A and B two independent samples of N points, and A_J the points of A with the inputs J from B,

    V_J = mean f(B) (f(A_J) - f(A))          variation by J alone: the first-order index V_j / V, and V_jk for pairs
    T_j = ½ mean (f(A) - f(A_j))²            by j and all that it takes part in: the total index T_j / V

and the interaction of two inputs is V_jk - V_j - V_k. The sample is a Richtmyer sequence, the fractions of i √p over
the primes p: the same every time, and more even than chance.

Sources: Sobol' 2001, "Global sensitivity indices for nonlinear mathematical models"; Saltelli et al. 2010, "Variance
based sensitivity analysis of model output", table 2 (b) and (f); Hutter, Hoos and Leyton-Brown 2014, "An efficient
approach for assessing hyperparameter importance", for the idea to ask a model of the objective; Richtmyer 1951.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from luthier.strategies.encoding import Encoding
from luthier.strategies.scale import Array

POINTS = 1024
PAIRED = 3
"""Interactions are looked for between so many of the most important inputs."""

_FLAT = 1e-12  # a variance of targets, which themselves have 1, that is rounding


@dataclass(frozen=True, slots=True, eq=False)
class Sensitivity:
    """Shares of the variance, from 0 to 1: first-order and total ones (d,), and those of pairs' interactions."""

    alone: Array
    total: Array
    pairs: Mapping[tuple[int, int], float]


def sensitivity(function: Callable[[Array], Array], encoding: Encoding) -> Sensitivity:
    """Measure a function of snapped points (m, d); one that is flat has no variation to share out."""
    d = encoding.dimensions
    sample = richtmyer(POINTS, 2 * d)
    A, B = encoding.snap(sample[:, :d]), encoding.snap(sample[:, d:])
    a, b = function(A), function(B)
    centre = float(np.mean([a.mean(), b.mean()]))
    variance = float(np.mean((np.concatenate([a, b]) - centre) ** 2))
    alone, total = np.zeros(d), np.zeros(d)
    if variance <= _FLAT:
        return Sensitivity(alone, total, {})

    def mixed(*inputs: int) -> Array:
        C = A.copy()
        C[:, inputs] = B[:, inputs]
        return function(C)

    for j in (j for j, size in enumerate(encoding.sizes) if size != 1):
        c = mixed(j)
        alone[j] = np.mean((b - centre) * (c - a)) / variance
        total[j] = np.mean((a - c) ** 2) / (2.0 * variance)
    leading = sorted(np.argsort(-total, kind="stable")[:PAIRED].tolist())
    pairs = {
        (j, k): float(np.mean((b - centre) * (mixed(j, k) - a)) / variance - alone[j] - alone[k])
        for j, k in combinations(leading, 2)
        if total[j] > 0.0 and total[k] > 0.0
    }
    total = np.clip(total, 0.0, 1.0)
    pairs = {(j, k): float(np.clip(share, 0.0, min(total[j], total[k]))) for (j, k), share in pairs.items()}
    return Sensitivity(np.clip(alone, 0.0, total), total, pairs)


def richtmyer(count: int, dimensions: int) -> Array:
    """Give *count* points that fill the unit cube evenly: (count, dimensions)."""
    steps = np.sqrt(np.array(_primes(dimensions), dtype=np.float64)) % 1.0
    return np.asarray((0.5 + np.arange(1, count + 1)[:, None] * steps) % 1.0)


def _primes(count: int) -> list[int]:
    found: list[int] = []
    candidate = 2
    while len(found) < count:
        if all(candidate % prime for prime in found):
            found.append(candidate)
        candidate += 1
    return found
