"""
Which parts of a data set a host gets in an epoch, and in which order.

| ShuffleConfig | ShardedByS3Key | host i of n gets                                                            |
|---------------|----------------|-----------------------------------------------------------------------------|
| no            | no             | everything, in the order of keys or of the manifest, in every epoch          |
| seed          | no             | everything, in an order that the seed and the epoch settle                   |
| no            | yes            | every n-th part from the i-th on, the same in every epoch                    |
| seed          | yes            | every n-th part of that order, so the hosts' shares change from epoch to epoch |

AWS: ShuffleConfig and S3DataSource, Amazon SageMaker API Reference.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TypeVar

from luthier.records.channel import Channel, Distribution

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Which of a training job's hosts this one is."""

    host: int = 0  # from 0
    hosts: int = 1


def share_of(parts: Sequence[T], channel: Channel, share: Share, epoch: int = 0) -> list[T]:
    """Give a host its parts of a channel's data set in an epoch, counted from 0."""
    places = range(len(parts))
    order = list(places)
    if channel.shuffle_seed is not None:
        shuffling = import_module("luthier.host.channels.shuffling")  # NumPy, for those alone who shuffle
        order = shuffling.shuffled(len(parts), channel.shuffle_seed, epoch)
    if channel.distribution is Distribution.SHARDED_BY_S3_KEY:
        order = order[share.host :: share.hosts]
    return [parts[place] for place in order]
