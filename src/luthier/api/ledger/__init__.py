"""
The ledger: every member of every request, honoured, refused or, if it means nothing here and is sent unasked, echoed.

A module for each family of operations, `rule` to hold requests against it, `page` to show it to people.
"""

from collections.abc import Mapping

from luthier.api.ledger import algorithms, iam, kms, logs, metrics, search, sts, tags, training_jobs, tuning_jobs
from luthier.api.ledger.entry import Echoed, Honoured, Refusal

__all__ = ["ECHOED", "HONOURED", "REFUSALS", "SERVICES", "Echoed", "Honoured", "Refusal"]

_FAMILIES = {
    "sagemaker": (tuning_jobs, training_jobs, algorithms, tags, search),
    "sts": (sts,),
    "iam": (iam,),
    "kms": (kms,),
    "logs": (logs,),
    "cloudwatch": (metrics,),
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

ECHOED: Mapping[str, Mapping[str, Echoed]] = {**training_jobs.ECHOED, **algorithms.ECHOED}
"""By operation, then by member path: members that are shown again and have no effect."""

SERVICES: Mapping[str, str] = {
    name: service for service, families in _FAMILIES.items() for each in families for name in each.HONOURED
}
"""botocore's name of the service of each operation."""
