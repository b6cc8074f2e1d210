"""What the operations stand on."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from luthier.algorithms.catalogue import Catalogue
from luthier.objects import ObjectStore
from luthier.store.engine import Store


def draw_seed() -> int:
    """Draw a seed that nobody can foresee."""
    return secrets.randbits(31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Everything that an operation may use; one per server."""

    store: Store
    catalogue: Callable[[], Catalogue]  # read anew for every tuning job, so that an image can be added at any time
    objects: ObjectStore
    wake: Callable[[], None]  # tells the controllers, after a commit, that there may be work
    draw_seed: Callable[[], int] = draw_seed  # for tuning jobs without a RandomSeed
