"""
Early stopping: which running trials will not win, and where those that were stopped would have ended. Pure.

    views ─ curves ─ shapes ─ extrapolation ─ population ─ forecast ─┬─ prediction_rule ─ verdict
                                                                     └─ outlook
    median_rule ─ verdict

Read the modules in that order. A rule looks at all trials of one objective, in the order in which they began, and
names those that are open and not worth finishing. It remembers nothing: the same trials, the same verdicts.
"""

from collections.abc import Callable, Sequence

from luthier.records.trial import Trial
from luthier.strategies.early_stopping.verdict import Verdict

Rule = Callable[[Sequence[Trial]], Sequence[Verdict]]
"""Names open trials to stop; trials of other tasks, and those without a curve, are looked past."""
