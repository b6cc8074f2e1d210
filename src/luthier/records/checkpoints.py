"""Where a training job keeps its checkpoints, in S3 and on its hosts."""

from dataclasses import dataclass

LOCAL_PATH = "/opt/ml/checkpoints"  # CheckpointConfig, Amazon SageMaker API Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoints:
    """A folder of the algorithm's, and the place in S3 that it is kept in step with."""

    uri: str  # s3://bucket/prefix, with or without a slash at its end
    local_path: str = LOCAL_PATH  # absolute, as the algorithm sees it
