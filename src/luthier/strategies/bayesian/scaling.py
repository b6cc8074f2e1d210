"""
Which scale each `Auto` range is searched on, as the trials tell it.

A range whose ends do not say it is *open*: a positive one stretches by high / low under the logarithm, one just below 1
by (1 - low) / (1 - high) under the reverse logarithm, and only where a stretch is `STRETCH` or more does the scale
matter. The rule on the ends (`rule`) stands until the model finds the targets likelier on another scale: with f the
least minus log evidence of a Gaussian process (see `evidence`), and U' the points with one axis on another scale,

    f(U) - f(U') >= MARGIN        log of how many times likelier; targets are the same, so no Jacobian comes in

The targets are not the search's own (`targets`): ranks depend on where the trials were, hence on the scale by which
they were placed, and speak for that one. With y the distances from the best value and q their upper quartile,

    z = arsinh(y / q), standardised        straight for the better three quarters, and a logarithm for what diverged

One axis after another is judged, those the model calls most important first, each with the scales settled before it.
The length scales start where the rule's own fit ended, which leans towards the rule. An axis with a length scale above
`FLAT` has shown no effect, hence no scale.

Source: Snoek, Swersky, Zemel and Adams, "Input Warping for Bayesian Optimization of Non-Stationary Functions", ICML
2014, with a choice of three warps in the place of a family.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import fmin_l_bfgs_b

from luthier.records.search_space import (
    Assignment,
    CategoricalRange,
    ContinuousRange,
    ParameterRange,
    ScalingType,
    SearchSpace,
)
from luthier.records.trial import Trial
from luthier.strategies.bayesian.evidence import Evidence, fit, telling
from luthier.strategies.encoding import Encoding
from luthier.strategies.scale import Array, rule

ENOUGH = 8
"""Own trials that are over, and not all alike, from which on they are asked."""

LOOKED_AT = 40
"""No more trials than this are looked at: the better ones, and a sample of the others."""

OPEN = 4
"""No more axes than this are asked about in one go."""

STRETCH = 5.0
FLAT = 3.0
MARGIN = 3.0
_LEAST_SPREAD = 1e-12  # of the worst distance, where three quarters of the trials are as good as the best
STEPS, REACH = 6, 2.0  # of a fit that starts at the end of another: how many, and how far in each of θ


def settle(space: SearchSpace, trials: Sequence[Trial]) -> SearchSpace:
    """
    Give *space* with a scale of its own for every numeric `Auto` range; nothing else is changed.

    A pure function: the same trials, in the same order, settle the same scales. Trials of other tasks and open ones
    are not looked at.
    """
    ruled = replace(space, ranges=tuple(map(_ruled, space.ranges)))
    alternatives = {j: found for j, each in enumerate(space.ranges) if (found := _alternatives(each))}
    over = [trial for trial in trials if not trial.is_open and trial.task is None]
    if not alternatives or len(over) < ENOUGH:
        return ruled
    z = compressed([trial.value for trial in over])
    if z is None:
        return ruled
    chosen = telling(z, LOOKED_AT)
    return _judged(ruled, alternatives, _Seen([over[place].assignment for place in chosen], z[chosen]))


def compressed(values: Sequence[float | None]) -> Array | None:
    """
    Give targets z (n,) of *values* (n; lower is better; None has failed, like the worst); None if all are alike.

    Where they are among each other counts, and nothing else: neither a unit nor an offset changes them.
    """
    y = np.array([np.nan if value is None else value for value in values], dtype=np.float64) / 2.0
    seen = np.isfinite(y)
    if not seen.any():
        return None
    y = np.where(seen, y, y[seen].max()) - y[seen].min()  # halves of finite numbers: no difference overflows
    spread = max(float(np.quantile(y, 0.75)), _LEAST_SPREAD * float(y.max()))
    z = np.arcsinh(y / spread) if spread > 0.0 else y
    deviation = float(z.std())
    return (z - z.mean()) / deviation if deviation > 0.0 else None


def _ruled(each: ParameterRange) -> ParameterRange:
    if isinstance(each, CategoricalRange) or each.scaling is not ScalingType.AUTO:
        return each
    return replace(each, scaling=rule(each))


def _alternatives(each: ParameterRange) -> list[ScalingType]:
    """Name the scales that an open range may have instead of its rule's; none of any other range."""
    if isinstance(each, CategoricalRange) or each.scaling is not ScalingType.AUTO:
        return []
    found = []
    if each.low > 0 and each.high / each.low >= STRETCH:
        found.append(ScalingType.LOGARITHMIC)
    is_share = isinstance(each, ContinuousRange) and 0 <= each.low <= each.high < 1
    if is_share and (1 - each.low) / (1 - each.high) >= STRETCH:
        found.append(ScalingType.REVERSE_LOGARITHMIC)
    return [scaling for scaling in (ScalingType.LINEAR, *found) if scaling is not rule(each)] if found else []


def _judged(space: SearchSpace, alternatives: Mapping[int, Sequence[ScalingType]], seen: "_Seen") -> SearchSpace:
    """Go through the axes that have alternatives, and leave a scale where the trials clearly speak against it."""
    misfit, theta = seen.fitted(space)
    asked = [j for j in np.argsort(theta[:-2], kind="stable").tolist() if j in alternatives and theta[j] < np.log(FLAT)]
    for j in asked[:OPEN]:
        rivals = [_with(space, j, scaling) for scaling in alternatives[j]]
        fits = [seen.fitted(rival, theta) for rival in rivals]
        best = min(range(len(fits)), key=lambda place: fits[place][0])
        if misfit - fits[best][0] >= MARGIN:
            (misfit, theta), space = fits[best], rivals[best]
    return space


def _with(space: SearchSpace, axis: int, scaling: ScalingType) -> SearchSpace:
    return replace(space, ranges=(*space.ranges[:axis], _on(scaling, space.ranges[axis]), *space.ranges[axis + 1 :]))


def _on(scaling: ScalingType, each: ParameterRange) -> ParameterRange:
    return each if isinstance(each, CategoricalRange) else replace(each, scaling=scaling)


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """Trials that are over and their targets z (n,): all that depends on how the model is fitted."""

    assignments: Sequence[Assignment]
    z: Array

    def fitted(self, space: SearchSpace, start: Array | None = None) -> tuple[float, Array]:
        """Give the least minus log evidence f, and θ (d + 2,) there; a *start* makes it a matter of a few steps."""
        encoding = Encoding(space)
        U = encoding.encode(self.assignments)
        f = Evidence(U, self.z, encoding.is_category)
        if start is None:
            found = fit(U, self.z, encoding.is_category)
            start = np.append(np.log(found.length_scales), np.log([found.amplitude, found.noise]))
            return f(start)[0], start
        near = list(zip(start - REACH, start + REACH, strict=True))
        theta, misfit, _ = fmin_l_bfgs_b(f, start, bounds=near, maxiter=STEPS, maxfun=2 * STEPS)
        return float(misfit), theta
