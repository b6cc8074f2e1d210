"""What the hosts of a training job have at hand, whatever it is."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from luthier.algorithms.catalogue import Catalogue
from luthier.clusters.workspace import Workspace
from luthier.host.channels.cache import InputCache
from luthier.host.journal import Journal
from luthier.host.patience import StoppedError
from luthier.host.supervise import GRACE_S
from luthier.objects import ObjectStore
from luthier.runtimes import Runtime


@dataclass(frozen=True, slots=True, kw_only=True)
class Equipment:
    """What the hosts of a training job have at hand. *clock* gives seconds since the epoch."""

    workspace: Workspace
    store: ObjectStore
    runtime: Runtime
    catalogue: Catalogue
    endpoint: str  # URL of the front door, for the algorithm's AWS clients
    cache: InputCache  # where input is kept for the next training job
    hidden: tuple[Path, ...]  # what the algorithm must never see
    is_stop_requested: Callable[[], bool]
    is_evicted: Callable[[], bool] = lambda: False  # it is to stop because of the machine, which nobody asked for
    clock: Callable[[], float]
    obtain_image: Callable[
        [str, Callable[[], None], Callable[[], None]], str
    ]  # announces a fetch, and checks meanwhile
    draw_key: Callable[[str], bytes]  # a new data key of the KMS key of an ARN; raises as `ObjectStore`'s verbs do
    grace_s: float = GRACE_S

    @property
    def journal(self) -> Journal:
        """Where all of it is reported."""
        return Journal(self.workspace, self.clock)

    def check_stop(self) -> None:
        """Raise StoppedError if the training job is to stop."""
        if self.is_stop_requested():
            raise StoppedError
