"""Security Token Service, and Identity and Access Management."""

from collections.abc import Mapping

from luthier.api.ledger.entry import Honoured, Refusal

HONOURED: Mapping[str, Mapping[str, Honoured]] = {
    "GetCallerIdentity": {},
}

REFUSALS: Mapping[str, Mapping[str, Refusal]] = {}
