"""Learning curves that the tests of early stopping share: they fall from a start to an end by a power of time."""

from collections.abc import Sequence

import numpy as np

from luthier.records.trial import Trial

EPOCHS = 40


def falling(end: float, start: float = 1.0, power: float = 1.0, epochs: int = EPOCHS) -> tuple[float, ...]:
    """A curve without noise that is at *end* after *epochs*."""
    left = np.arange(1.0, epochs + 1.0) ** -power
    left = (left - left[-1]) / (1.0 - left[-1])
    return tuple((end + (start - end) * left).tolist())


def noisy(curve: Sequence[float], seed: int, noise: float = 0.01) -> tuple[float, ...]:
    """The same with noise of that deviation."""
    return tuple((np.array(curve) + noise * np.random.default_rng(seed).normal(size=len(curve))).tolist())


def ended(curve: Sequence[float]) -> Trial:
    """A trial that ran to its end."""
    return Trial(assignment={}, is_open=False, curve=tuple(curve), value=curve[-1])


def cut(curve: Sequence[float], reports: int) -> Trial:
    """A trial that was stopped early, after so many reports."""
    return Trial(
        assignment={}, is_open=False, curve=tuple(curve[:reports]), value=curve[reports - 1], is_cut_short=True
    )


def going(curve: Sequence[float], reports: int) -> Trial:
    """A trial that runs, and has reported so often."""
    return Trial(assignment={}, is_open=True, curve=tuple(curve[:reports]))


def earlier(count: int = 6, epochs: int = EPOCHS) -> list[Trial]:
    """Trials that ran to ends between 0.2 and 0.5, with a little noise."""
    ends = np.linspace(0.2, 0.5, count)
    return [
        ended(noisy(falling(end, power=0.6 + 0.2 * (place % 3), epochs=epochs), place))
        for place, end in enumerate(ends.tolist())
    ]
