"""A training job as a search strategy sees it."""

from dataclasses import dataclass

from luthier.records.search_space import Assignment


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """
    One evaluation of the objective, running or over.

    Values are those that a strategy *minimises*: the sign is already turned for a tuning job that maximises.
    An open trial is still running (its curve may grow). A closed trial without a value has failed.

    An inherited trial was run by an earlier tuning job. With a *task*, it evaluated another objective than the tuning
    job's own, such as the same algorithm on other data: its value compares with those of the same task alone.
    """

    assignment: Assignment
    is_open: bool
    value: float | None = None  # the final objective; finite when there
    curve: tuple[float, ...] = ()  # the objective as reported so far, oldest first
    is_inherited: bool = False
    task: str | None = None  # None: the tuning job's own
    is_cut_short: bool = False  # it was stopped early: its curve, and so its value, ends before its time

    @property
    def is_failed(self) -> bool:
        """Whether the trial ended and left no objective."""
        return not self.is_open and self.value is None
