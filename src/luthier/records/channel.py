"""Where a training job's input comes from."""

from dataclasses import dataclass
from enum import StrEnum


class InputMode(StrEnum):
    """How a channel reaches the algorithm."""

    FILE = "File"  # as files that are there before it starts
    FAST_FILE = "FastFile"  # likewise: for the algorithm there is no difference
    PIPE = "Pipe"  # through a named pipe for each epoch


class DataType(StrEnum):
    """What the channel's S3 URI names."""

    S3_PREFIX = "S3Prefix"  # every object whose URI begins with it
    MANIFEST_FILE = "ManifestFile"  # an object that lists objects
    AUGMENTED_MANIFEST_FILE = "AugmentedManifestFile"  # an object with attributes in every line


class Distribution(StrEnum):
    """Which hosts get which objects."""

    FULLY_REPLICATED = "FullyReplicated"
    SHARDED_BY_S3_KEY = "ShardedByS3Key"


class Compression(StrEnum):
    """Whether a pipe decompresses what it reads."""

    NONE = "None"
    GZIP = "Gzip"


class RecordWrapper(StrEnum):
    """Whether a pipe frames what it reads."""

    NONE = "None"
    RECORD_IO = "RecordIO"


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One named input of a training job."""

    name: str
    uri: str  # s3://bucket/prefix, or the manifest's
    data_type: DataType = DataType.S3_PREFIX
    distribution: Distribution = Distribution.FULLY_REPLICATED
    input_mode: InputMode = InputMode.FILE
    content_type: str | None = None
    compression: Compression = Compression.NONE
    record_wrapper: RecordWrapper = RecordWrapper.NONE
    attributes: tuple[str, ...] = ()  # of an augmented manifest, in the order in which they are streamed
    shuffle_seed: int | None = None  # signed, 64 bits; None: the order of keys, or of the manifest
