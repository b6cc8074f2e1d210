"""Results, written by the model."""

import json
from typing import Any

import pytest

from luthier.wire.encode import encode_json
from luthier.wire.encode_xml import encode_xml, printable
from luthier.wire.model import operation

LIST = operation("sagemaker", "ListHyperParameterTuningJobs").output
JOBS = operation("sagemaker", "ListTrainingJobsForHyperParameterTuningJob").output
SUMMARY = {
    "HyperParameterTuningJobName": "a",
    "HyperParameterTuningJobArn": "arn",
    "HyperParameterTuningJobStatus": "InProgress",
    "Strategy": "Bayesian",
    "CreationTime": 1542749284.12345,
    "TrainingJobStatusCounters": {"Completed": 0},
    "ObjectiveStatusCounters": {"Succeeded": 0},
}


def written(summary: dict[str, Any]) -> Any:
    body = encode_json({"HyperParameterTuningJobSummaries": [SUMMARY | summary]}, LIST)
    return json.loads(body)["HyperParameterTuningJobSummaries"][0]


def objective(value: float) -> Any:
    job = {
        "TrainingJobName": "a",
        "TrainingJobArn": "a",
        "CreationTime": 1,
        "TrainingJobStatus": "Completed",
        "TunedHyperParameters": {},
        "FinalHyperParameterTuningJobObjectiveMetric": {"MetricName": "m", "Value": value},
    }
    body = encode_json({"TrainingJobSummaries": [job]}, JOBS)
    return json.loads(body)["TrainingJobSummaries"][0]["FinalHyperParameterTuningJobObjectiveMetric"]["Value"]


def test_a_timestamp_is_a_number_with_three_decimals() -> None:
    """Go and Java clients read nothing else."""
    assert written({})["CreationTime"] == 1542749284.123


def test_a_whole_second_has_no_fraction() -> None:
    """As the real service's lists show."""
    assert b'"CreationTime": 1542749284,' in encode_json(
        {"HyperParameterTuningJobSummaries": [SUMMARY | {"CreationTime": 1542749284.0}]}, LIST
    )


def test_none_is_left_out() -> None:
    """Strict clients stumble over null."""
    assert "HyperParameterTuningEndTime" not in written({"HyperParameterTuningEndTime": None})


def test_a_float_has_single_precision() -> None:
    """Printed as the real service prints it."""
    assert objective(2.91488) == 2.9148800373077393


def test_a_float_too_large_for_single_precision_is_the_largest() -> None:
    """JSON has no infinity."""
    assert objective(1e300) == 3.4028234663852886e38


def test_no_output_is_an_empty_body() -> None:
    """Not even an empty object."""
    assert encode_json(None, None) == b""


@pytest.mark.parametrize(
    "summary",
    [{"Shiny": 1}, {"Strategy": None}, {"Strategy": 5}, {"CreationTime": "now"}, {"CreationTime": float("nan")}],
)
def test_a_result_outside_the_model_is_our_fault(summary: dict[str, Any]) -> None:
    """It rises, and never reaches a client."""
    with pytest.raises(ValueError, match="result"):
        written(summary)


def test_a_query_result_is_wrapped_xml() -> None:
    """The shape of STS."""
    body = encode_xml({"Account": "1", "Arn": "<&>"}, operation("sts", "GetCallerIdentity"), "id")

    assert body.decode() == (
        '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>'
        "<Account>1</Account><Arn>&lt;&amp;&gt;</Arn></GetCallerIdentityResult><ResponseMetadata>"
        "<RequestId>id</RequestId></ResponseMetadata></GetCallerIdentityResponse>"
    )


def test_lists_and_times_are_written_in_xml() -> None:
    """The shape of CloudWatch."""
    result = {"Label": "m", "Datapoints": [{"Timestamp": 1542749284.5, "Average": 0.5}]}
    body = encode_xml(result, operation("cloudwatch", "GetMetricStatistics"), "id")

    assert b"<Datapoints><member><Timestamp>2018-11-20T21:28:04.500Z</Timestamp><Average>0.5</Average></member>" in body


def test_characters_that_xml_cannot_hold_are_replaced() -> None:
    """An error message may quote anything."""
    assert printable("a\x00\x1b\ud800\tb") == "a\ufffd\ufffd\ufffd\tb"
