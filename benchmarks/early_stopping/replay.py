"""A tuning job over curves that are known: one training job after the other, each stopped when a rule says so."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from luthier.records.trial import Trial

Array = npt.NDArray[np.float64]
Stops = Callable[[Sequence[Trial]], bool]
"""Whether a rule stops the last of some trials, the only one that is open."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Curves:
    """Whole curves, lower being better, in the order in which training jobs are started: (n, T) each."""

    truth: Array  # without noise, where that is known
    observed: Array
    in_percent: bool = False  # they are error rates


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """How many reports each training job made before it was stopped, or had ended; T of them: it was not stopped."""

    lengths: tuple[int, ...]

    @property
    def spent(self) -> int:
        """Give the reports of all training jobs together."""
        return sum(self.lengths)


def replay(stops: Stops, curves: Curves, jobs: int, budget: int | None = None) -> Played:
    """Run *jobs* training jobs, or as many as there are until *budget* reports are spent."""
    trials: list[Trial] = []
    left = budget if budget is not None else curves.observed.size
    for reports in curves.observed[:jobs].tolist():
        length = _length(stops, trials, tuple(reports[: max(left, 0)]))
        if not length:
            break
        left -= length
        trials.append(_over(reports[:length], is_cut_short=length < len(reports)))
    return Played(lengths=tuple(len(trial.curve) for trial in trials))


def _length(stops: Stops, trials: Sequence[Trial], reports: tuple[float, ...]) -> int:
    for length in range(1, len(reports)):
        if stops([*trials, Trial(assignment={}, is_open=True, curve=reports[:length])]):
            return length
    return len(reports)


def _over(reports: Sequence[float], *, is_cut_short: bool) -> Trial:
    return Trial(assignment={}, is_open=False, curve=tuple(reports), value=reports[-1], is_cut_short=is_cut_short)
