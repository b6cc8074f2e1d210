"""Where a training job's artifacts lie in S3."""

from dataclasses import dataclass

from luthier.records.names import TrainingJobName
from luthier.records.training_job import TrainingDefinition


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """Something that a training job leaves in S3, as one archive or as plain files."""

    archive: str  # the file's name
    folder: str  # of plain files


MODEL = Artifact(archive="model.tar.gz", folder="model/")
OUTPUT = Artifact(archive="output.tar.gz", folder="data/")


def artifact_uri(definition: TrainingDefinition, job: TrainingJobName, artifact: Artifact) -> str:
    """
    Say where an artifact lies: an object's URI, or that of a folder, with a slash at its end, if it is not compressed.

    AWS: OutputDataConfig and ModelArtifacts, Amazon SageMaker API Reference; "Uncompressed model output", Amazon
    SageMaker Developer Guide.
    """
    name = artifact.archive if definition.is_compressed else artifact.folder
    return f"{definition.output_path.rstrip('/')}/{job}/output/{name}"
