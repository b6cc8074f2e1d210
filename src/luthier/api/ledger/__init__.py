"""
The ledger: every member of every request, honoured or refused.

A module for each family of operations, `rule` to hold requests against it, `page` to show it to people.
"""

from collections.abc import Mapping

from luthier.api.ledger import identity, training_jobs, tuning_jobs
from luthier.api.ledger.entry import Honoured, Refusal

__all__ = ["HONOURED", "REFUSALS", "SERVICES", "Honoured", "Refusal"]

_FAMILIES = {
    "sagemaker": (tuning_jobs, training_jobs),
    "sts": (identity,),
}

HONOURED: Mapping[str, Mapping[str, Honoured]] = {
    name: members for families in _FAMILIES.values() for each in families for name, members in each.HONOURED.items()
}
"""By operation, then by member path: `[]` stands for the members of a list. Structures are not named, and a member may
be in the table of refusals too, which then says which of its values are honoured."""

REFUSALS: Mapping[str, Mapping[str, Refusal]] = {
    name: members for families in _FAMILIES.values() for each in families for name, members in each.REFUSALS.items()
}
"""By operation, then by member path; a refused member covers everything below it."""

SERVICES: Mapping[str, str] = {
    name: service for service, families in _FAMILIES.items() for each in families for name in each.HONOURED
}
"""botocore's name of the service of each operation."""
