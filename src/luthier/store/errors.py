"""What the store says when it cannot do as asked."""

from luthier.records.correctable import CorrectableError


class NameTaken(Exception):  # noqa: N818  # it states a fact, not a fault
    """A job of this ARN is stored already; the message is the ARN."""


class InUse(Exception):  # noqa: N818  # it states a fact, not a fault
    """What should go is still needed; the message is the ARN of what needs it."""


class StoreError(CorrectableError):
    """The database cannot be used as it is; the message names it and says what to do."""
