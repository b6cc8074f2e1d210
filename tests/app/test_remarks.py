"""What the terminal remarks on patterns, and on objectives that are not found."""

from typing import Any

import pytest

from luthier.app.remarks import alarm, doubts


def a_definition(regex: str) -> dict[str, Any]:
    return {"AlgorithmSpecification": {"MetricDefinitions": [{"Name": "loss", "Regex": regex}]}}


JOB = {"HyperParameterTuningJobConfig": {"HyperParameterTuningJobObjective": {"MetricName": "loss"}}}


def remark(regex: str, *lines: str, status: str = "Completed", **changes: Any) -> str | None:
    child = {"TrainingJobName": "t-001", "TrainingJobStatus": status, **a_definition(regex), **changes}
    return alarm(JOB, child, lines)


@pytest.mark.parametrize(
    "asked",
    [
        {"TrainingJobDefinition": a_definition("loss=(.*?)")},
        {"TrainingJobDefinitions": [a_definition("loss=(.*?)"), a_definition("loss=(.*?)")]},
        a_definition("loss=(.*?)"),
    ],
    ids=["one definition", "several", "a training job"],
)
def test_a_pattern_that_looks_wrong_is_warned_of_once(asked: dict[str, Any]) -> None:
    (warning,) = doubts(asked)

    assert warning.startswith("Warning: loss by loss=(.*?): of '0.25' its group catches nothing")


def test_no_other_pattern_is_warned_of() -> None:
    assert doubts({"TrainingJobDefinition": a_definition(r"loss=(\S+)")}) == []
    assert doubts({"TrainingJobDefinition": {"AlgorithmSpecification": {"AlgorithmName": "mine"}}}) == []


def test_a_line_that_holds_the_objective_under_another_name_makes_a_pattern() -> None:
    told = remark(r"\bloss=(\S+)", "epoch 1 val_loss: 2.5e-05")

    assert told is not None
    assert told.startswith(
        r"loss is not found in the log of t-001: \bloss=(\S+) finds no number in it; this would find"
    )
    assert r"\bval_loss:" in told


def test_what_is_no_number_is_told() -> None:
    told = remark(r"loss=(\S+)", "loss=nan")

    assert told is not None
    assert r"loss=(\S+) catches 'nan', which is no finite number" in told


def test_a_pattern_that_takes_too_long_is_told_of() -> None:
    """Such as looks ahead and refers back, which RE2 has no word for."""
    told = remark(r"(?=(a+))(a|aa)+\1c", "a" * 5000 + "!")

    assert told is not None
    assert "cannot be used: it takes too long" in told


def test_where_no_line_helps_a_command_does() -> None:
    told = remark(r"loss=(\S+)", "nothing here")

    assert told is not None
    assert told.endswith(r"try others with: luthier logs t-001 | luthier metrics try 'loss=(\S+)' --metric loss")


def test_an_empty_log_is_told_of_what_is_over() -> None:
    assert remark(r"loss=(\S+)") == "t-001 has printed nothing: have it print loss"
    assert remark(r"loss=(\S+)", status="InProgress") is None


def test_one_that_goes_on_may_still_tell_its_objective() -> None:
    assert remark(r"loss=(\S+)", "reading the data", status="InProgress") is None
    assert remark(r"loss=(\S+)", "val_loss: 0.5", status="InProgress") is not None


def test_what_is_found_is_not_remarked_on() -> None:
    assert remark(r"loss=(\S+)", "loss=0.5") is None
    assert remark(r"loss=(\S+)", "val_loss: 1", FinalMetricDataList=[{"MetricName": "loss", "Value": 1.0}]) is None


def test_each_definition_has_an_objective_of_its_own() -> None:
    job = {"TrainingJobDefinitions": [{"DefinitionName": "own", "TuningObjective": {"MetricName": "loss"}}]}
    child = {"TrainingJobName": "t-001", "TrainingJobStatus": "Completed", **a_definition("loss=(.+)")}

    told = alarm(job, {**child, "TrainingJobDefinitionName": "own"}, ["\x1b[1mloss=\x1b[2Jbad"])

    assert told is not None
    assert "\x1b" not in told
