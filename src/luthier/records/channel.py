"""Where a training job's input comes from."""

from dataclasses import dataclass
from enum import StrEnum


class InputMode(StrEnum):
    """How a channel reaches the algorithm."""

    FILE = "File"


class DataType(StrEnum):
    """What the channel's S3 URI names."""

    S3_PREFIX = "S3Prefix"


class Distribution(StrEnum):
    """Which hosts get which objects."""

    FULLY_REPLICATED = "FullyReplicated"
    SHARDED_BY_S3_KEY = "ShardedByS3Key"


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One named input of a training job."""

    name: str
    uri: str  # s3://bucket/prefix
    data_type: DataType = DataType.S3_PREFIX
    distribution: Distribution = Distribution.FULLY_REPLICATED
    input_mode: InputMode = InputMode.FILE
    content_type: str | None = None
