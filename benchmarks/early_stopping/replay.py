"""A tuning job over known curves: training jobs start as others end, and each is stopped when a rule says so."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from luthier.records.trial import Trial

Array = npt.NDArray[np.float64]
Stops = Callable[[Sequence[Trial]], bool]
"""Whether a rule stops the last of some trials, which is open; others may be."""


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


def replay(stops: Stops, curves: Curves, jobs: int, budget: int | None = None, workers: int = 1) -> Played:
    """
    Run *jobs* training jobs, or as many as there are until *budget* reports are spent, *workers* at a time.

    All that run report once in turn; who has just reported is judged.
    """
    reports = curves.observed[:jobs].tolist()
    left = budget if budget is not None else curves.observed.size
    lengths: list[int] = []
    running: list[int] = []
    over: list[Trial] = []
    while left and (running or len(lengths) < len(reports)):
        started = range(len(lengths), min(len(lengths) + workers - len(running), len(reports)))
        running += started
        lengths += [0] * len(started)
        for job in running[:left]:
            lengths[job] += 1
            left -= 1
            others = [_trial(reports[each], lengths[each], is_open=True) for each in running if each != job]
            trial = _trial(reports[job], lengths[job], is_open=True)
            if lengths[job] == len(reports[job]) or (left and stops([*over, *others, trial])):
                running.remove(job)
                over.append(_trial(reports[job], lengths[job], is_open=False))
    return Played(lengths=tuple(length for length in lengths if length))


def _trial(reports: Sequence[float], length: int, *, is_open: bool) -> Trial:
    is_cut_short = not is_open and length < len(reports)
    value = None if is_open else reports[length - 1]
    curve = tuple(reports[:length])
    return Trial(assignment={}, is_open=is_open, curve=curve, value=value, is_cut_short=is_cut_short)
