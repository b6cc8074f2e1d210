"""Where a training job's artifacts lie."""

import pytest

from luthier.records.artifacts import MODEL, OUTPUT, Artifact, artifact_uri
from luthier.records.names import TrainingJobName
from things import a_definition


@pytest.mark.parametrize("path", ["s3://models/churn", "s3://models/churn/"])
def test_a_model_lies_below_the_output_path_with_one_slash_between(path: str) -> None:
    definition = a_definition(output_path=path)

    assert (
        artifact_uri(definition, TrainingJobName("Churn-1"), MODEL) == "s3://models/churn/Churn-1/output/model.tar.gz"
    )


@pytest.mark.parametrize(("artifact", "folder"), [(MODEL, "model/"), (OUTPUT, "data/")])
def test_what_is_not_compressed_lies_in_a_folder(artifact: Artifact, folder: str) -> None:
    definition = a_definition(is_compressed=False)

    assert artifact_uri(definition, TrainingJobName("Churn-1"), artifact) == f"s3://data/output/Churn-1/output/{folder}"
