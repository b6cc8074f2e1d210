"""
Who is told what a server does: each request, pass and proposal, as it happens.

Those who do it know the Protocol alone. Whether anybody counts, draws traces or writes log lines, `app` decides.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from enum import StrEnum
from typing import Protocol

Facts = dict[str, str]
"""What there is to know of a deed. Who does it adds to them until it is over; the values may be hostile text."""


class Deed(StrEnum):
    """
    What is done.

    | deed     | facts                                                                                     |
    |----------|-------------------------------------------------------------------------------------------|
    | request  | request (its id), method, traceparent, then service, operation, code (of an error), status |
    | pass     | lane, job (an ARN), then outcome: changed, idle or failed                                  |
    | proposal | job (the tuning job's ARN), strategy, count                                                |
    """

    REQUEST = "request"
    PASS = "pass"  # noqa: S105  # of a controller over a job
    PROPOSAL = "proposal"


class Witness(Protocol):
    """Sees what is done, from any thread, and never gets in its way: no verb raises or waits."""

    def watch(self, deed: Deed, facts: Facts) -> AbstractContextManager[object]:
        """Be there while a deed is done, which is over at the end of the block; said twice, it is two deeds."""
        ...

    def count(self, what: str, number: int) -> None:
        """Add up what there is more of: journal_lines, metric_points; said twice, it is twice as much."""
        ...


class Nobody:
    """Sees nothing, at no cost."""

    def watch(self, deed: Deed, facts: Facts) -> AbstractContextManager[object]:  # noqa: ARG002  # the Protocol's
        """See `Witness.watch`."""
        return nullcontext()

    def count(self, what: str, number: int) -> None:
        """See `Witness.count`."""


class Everybody:
    """Several witnesses as one."""

    def __init__(self, witnesses: Sequence[Witness]) -> None:
        self._witnesses = tuple(witnesses)

    def watch(self, deed: Deed, facts: Facts) -> AbstractContextManager[object]:
        """See `Witness.watch`."""
        stack = ExitStack()
        for each in self._witnesses:
            stack.enter_context(each.watch(deed, facts))
        return stack

    def count(self, what: str, number: int) -> None:
        """See `Witness.count`."""
        for each in self._witnesses:
            each.count(what, number)
