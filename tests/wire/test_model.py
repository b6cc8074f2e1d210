"""botocore's models, as the front door sees them."""

import pytest

from luthier.wire.model import operation, service


def test_sagemaker_is_told_by_its_target() -> None:
    """And its operations are botocore's."""
    described = service("sagemaker")

    assert (described.signing_name, described.target_prefix, described.json_version) == (
        "sagemaker",
        "SageMaker",
        "1.1",
    )
    assert "CreateHyperParameterTuningJob" in described.operations


def test_cloudwatch_is_signed_as_monitoring() -> None:
    """Names in scopes are not botocore's names."""
    assert service("cloudwatch").signing_name == "monitoring"


def test_an_unknown_operation_is_a_key_error() -> None:
    """The front door turns it into an answer."""
    with pytest.raises(KeyError):
        operation("sagemaker", "Tune")
