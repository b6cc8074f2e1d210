"""Whether a tuning job's input is there at all."""

import logging

from luthier.objects import ObjectError, ObjectStore
from luthier.records.call import ApiError, validation_error
from luthier.records.channel import Channel
from luthier.records.training_job import TrainingDefinition

log = logging.getLogger(__name__)


def check_inputs(objects: ObjectStore, definition: TrainingDefinition) -> None:
    """
    Refuse a channel under whose S3 prefix the definition's role, as which *objects* looks, finds no object.

    Where the object store cannot be reached nothing is refused: the training job will say what is missing.
    """
    for channel in definition.channels:
        try:
            found = next(objects.list(channel.uri), None)
        except ObjectError as error:
            raise _missing(channel, definition.role, f" ({error})") from error
        except OSError as error:
            log.warning("channel %r was not looked for under %s: %s", channel.name, channel.uri, error)
            return
        if found is None:
            raise _missing(channel, definition.role)


def _missing(channel: Channel, role: str, detail: str = "") -> ApiError:
    return validation_error(
        f'No S3 objects found under S3 URL "{channel.uri}" given in input data source{detail}. '
        f'Please ensure that the bucket exists, that objects exist under that S3 prefix, and that the role "{role}" '
        f'has "s3:ListBucket" permissions on the bucket: it is the channel {channel.name!r}.'
    )
