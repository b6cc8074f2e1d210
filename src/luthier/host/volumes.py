"""
The volumes of a training job's hosts: an empty folder for each, encrypted if that is wanted.

What an earlier try has left, a volume that nobody has closed among it, is cleared away first.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager

from luthier.clusters.encrypted_volume import encrypted_folder, opened, release
from luthier.clusters.host_folder import HostFolder
from luthier.clusters.removal import remove_tree


@contextmanager
def volumes(hosts: Sequence[HostFolder], draw_key: Callable[[], bytes] | None) -> Iterator[None]:
    """
    Give every host its volume for as long as the context lasts; one that is encrypted is gone with it.

    *draw_key* gives a new key for each of them, of any bytes; None: they are not encrypted. Raises VolumeError where
    that is not possible, and what *draw_key* raises.
    """
    with ExitStack() as stack:
        for host in hosts:
            release(host.folder)
            for folder in (host.folder, encrypted_folder(host.folder)):
                remove_tree(folder)
            host.folder.mkdir(mode=0o700)
            if draw_key is not None:
                stack.enter_context(opened(host.folder, draw_key().hex().encode()))
        yield
