"""
The input of a training job's hosts: what they find as files, and what is to go through their pipes.

A data set lies in the machine's cache once, and every host sees it in a layer of its own: it reads what is in the
cache, and what it writes, or changes, goes into a folder of its own above that. So a host is set up in the same time
whatever the size of the data, and takes up no room for them. Where the runtime has no layers, or the cache no room,
the host gets copies.

    /opt/ml/input/data/train    algo-1/layers/0/above    what the algorithm has written
                                cache/<digest>           what S3 holds: read-only, shared by all
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from luthier.clusters.host_folder import HostFolder
from luthier.host.channels.cache import InputCache
from luthier.host.channels.data_set import Part, parts_of
from luthier.host.channels.file_mode import fill, hold
from luthier.host.channels.order import Share
from luthier.host.layout import ANYONE, channel_folder
from luthier.host.patience import HeedfulStore, persistently
from luthier.objects import ObjectStore
from luthier.records.channel import Channel, InputMode
from luthier.runtimes import Layer

SEEN_AS = "/opt/ml/input/data"


@dataclass(frozen=True, slots=True, kw_only=True)
class HostInput:
    """What one host has of its channels in File mode beside its own folders."""

    layers: Mapping[str, Layer]  # by the path that the algorithm sees
    shared_bytes: int  # of the data below those layers, which count towards the host's volume


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """All input of a training job."""

    files: Sequence[HostInput]  # by host
    piped: Sequence[tuple[Channel, Sequence[Part]]]  # the channels in Pipe mode, with what each is made of


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where input comes from, and how it may be given to hosts."""

    store: ObjectStore
    cache: InputCache
    can_layer: bool  # the runtime shows layers
    check: Callable[[], None]  # called again and again meanwhile; may raise

    def obtain(self, channels: Sequence[Channel], hosts: Sequence[HostFolder], keep: ExitStack) -> Input:
        """
        Give every host its share of each channel; what lies in the cache stays there for as long as *keep* lasts.

        Raises ChannelError or ObjectError for what is the caller's to put right, and what *check* raises.
        """
        store = HeedfulStore(self.store, self.check)
        files = [each for each in channels if each.input_mode is not InputMode.PIPE]
        given = [
            self._files(files, host, Share(host=place, hosts=len(hosts)), store, keep)
            for place, host in enumerate(hosts)
        ]
        pipes = [each for each in channels if each.input_mode is InputMode.PIPE]
        piped = [(each, persistently(partial(parts_of, each, store), self.check)) for each in pipes]
        return Input(files=given, piped=piped)

    def _files(
        self, channels: Sequence[Channel], host: HostFolder, share: Share, store: ObjectStore, keep: ExitStack
    ) -> HostInput:
        layers, shared_bytes = dict[str, Layer](), 0
        for number, channel in enumerate(channels):
            if self.can_layer:
                held = persistently(partial(hold, channel, store, self.cache, share, keep), self.check)
                if held is not None:
                    layers[f"{SEEN_AS}/{channel.name}"] = _layer(host, number, held.folder)
                    shared_bytes += held.size
                    continue
            target = channel_folder(host, channel.name)
            persistently(partial(fill, channel, store, target, self.cache, share), self.check)
        return HostInput(layers=layers, shared_bytes=shared_bytes)


def _layer(host: HostFolder, number: int, below: Path) -> Layer:
    place = host.layers / str(number)
    layer = Layer(below=below, above=place / "above", scratch=place / "scratch")
    for folder in (layer.above, layer.scratch):
        folder.mkdir(parents=True)
    layer.above.chmod(ANYONE)  # the mode of what is seen
    return layer
