"""Whether a tuning job's input is there at all."""

import logging
from collections.abc import Sequence

from luthier.objects import ObjectError, ObjectStore
from luthier.records.call import ApiError, validation_error
from luthier.records.channel import Channel

log = logging.getLogger(__name__)


def check_inputs(objects: ObjectStore, channels: Sequence[Channel]) -> None:
    """
    Refuse a channel whose S3 prefix names no object.

    Where the object store cannot be reached nothing is refused: the training job will say what is missing.
    """
    for channel in channels:
        try:
            found = next(objects.list(channel.uri), None)
        except ObjectError as error:
            raise _missing(channel, f" ({error})") from error
        except OSError as error:
            log.warning("channel %r was not looked for under %s: %s", channel.name, channel.uri, error)
            return
        if found is None:
            raise _missing(channel)


def _missing(channel: Channel, detail: str = "") -> ApiError:
    return validation_error(
        f'No S3 objects found under S3 URL "{channel.uri}" given in input data source{detail}. '
        f"Check that the bucket exists and that objects exist under that prefix: it is the channel {channel.name!r}."
    )
