"""What the operations stand on."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from luthier.algorithms.catalogue import Catalogue
from luthier.api.limits import Limits
from luthier.clusters.capacity import Capacity
from luthier.clusters.logs import TrainingLogs
from luthier.identity.sessions import Sessions
from luthier.objects import ObjectStore
from luthier.objects.vault import Vault
from luthier.runtimes.vpc_file import Vpc
from luthier.store.engine import Store


def draw_seed() -> int:
    """Draw a seed that nobody can foresee."""
    return secrets.randbits(31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Everything that an operation may use; one per server."""

    store: Store
    catalogue: Callable[[], Catalogue]  # read anew for every tuning job, so that an image can be added at any time
    objects: Callable[[str], ObjectStore]  # as the role of an ARN sees it
    sessions: Sessions  # mints temporary credentials
    logs: TrainingLogs
    vault: Vault  # where KMS keys are
    wake: Callable[[], None]  # tells the controllers, after a commit, that there may be work
    volume_trouble: Callable[[], str | None]  # why volumes cannot be encrypted there; None: they can
    capacity: Capacity  # of the machines on which training jobs run
    vpc: Callable[[], Vpc] = Vpc  # what a VpcConfig stands for, read anew for every job
    limits: Limits = Limits()  # noqa: RUF009  # frozen
    draw_seed: Callable[[], int] = draw_seed  # for tuning jobs without a RandomSeed
    declared_roles_only: bool = False  # the setting of that name
