"""The checkpoints of all hosts of a training job: fetched before the algorithm starts, and kept while it runs."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial

from luthier.clusters.host_folder import HostFolder
from luthier.host.checkpoint_folder import CheckpointFolder
from luthier.host.checkpoints import Keeping, Kept, fetch_checkpoints, kept
from luthier.host.layout import checkpoint_place
from luthier.host.patience import HeedfulStore, persistently
from luthier.objects import ObjectStore
from luthier.records.checkpoints import Checkpoints


def fetch_to(
    hosts: Sequence[HostFolder], wanted: Checkpoints | None, store: ObjectStore, check: Callable[[], None]
) -> None:
    """
    Fill the folders that `lay_out` has made, waiting for a store that is away; None is wanted: nothing is done.

    Raises CheckpointError for what is the caller's to put right, and what *check* raises, which is called meanwhile.
    """
    if wanted is None:
        return
    heedful = HeedfulStore(store, check)
    for host in hosts:
        folder, names = checkpoint_place(host, wanted)
        persistently(partial(fetch_checkpoints, wanted.uri, heedful, folder.joinpath(*names)), check)


@contextmanager
def kept_of(
    hosts: Sequence[HostFolder], wanted: Checkpoints | None, store: ObjectStore, clock: Callable[[], float]
) -> Iterator[Kept]:
    """Keep the checkpoints of hosts for as long as the context lasts (see `checkpoints.kept`)."""
    if wanted is None:
        yield Kept([])
        return
    with ExitStack() as stack:
        places = [checkpoint_place(host, wanted) for host in hosts]
        folders = [stack.enter_context(CheckpointFolder.opened_below(anchor, names)) for anchor, names in places]
        yield stack.enter_context(kept(folders, Keeping(uri=wanted.uri, store=store, clock=clock)))
