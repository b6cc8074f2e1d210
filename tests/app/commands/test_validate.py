"""The command `luthier validate`, as people run it."""

import json
import socket
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from answering import rows
from luthier.cli import app
from luthier.store.engine import Store
from luthier_server import a_luthier
from sample import a_create_request


def run(folder: Path, request: Any, *options: str, port: int | None = None) -> Result:
    """Run the command with a request; without a *port*, one where nobody answers."""
    file = folder / "request.json"
    file.write_text(request if isinstance(request, str) else json.dumps(request), encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as free:
        nobody = free.getsockname()[1]
    arguments = ["validate", str(file), "--data-folder", str(folder / "data"), "--port", str(port or nobody)]
    return CliRunner().invoke(app, [*arguments, *options])


def test_a_good_request_is_accepted_without_a_server(tmp_path: Path) -> None:
    result = run(tmp_path, a_create_request())

    assert (result.exit_code, result.output.splitlines()[0]) == (
        0,
        "CreateHyperParameterTuningJob would be accepted.",
    )


def test_what_was_not_looked_for_is_said(tmp_path: Path) -> None:
    output = run(tmp_path, a_create_request()).output

    assert "S3 input was not looked for: no server of this data folder answers at http://127.0.0.1:" in output
    assert f"Names were not looked for: {tmp_path / 'data'} has no database yet." in output


def test_the_most_that_it_can_cost_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prices = tmp_path / "prices.toml"
    prices.write_text('currency = "USD"\nml.c4.2xlarge = 0.5\n', encoding="utf-8")
    monkeypatch.setenv("LUTHIER_PRICES", str(prices))

    [line] = [each for each in run(tmp_path, a_create_request()).output.splitlines() if each.startswith("At most")]

    assert line.endswith("USD on AWS")


def test_nothing_is_made(tmp_path: Path) -> None:
    run(tmp_path, a_create_request())

    assert not (tmp_path / "data").exists()


def test_a_wrong_request_is_refused_in_the_words_of_aws(tmp_path: Path) -> None:
    result = run(tmp_path, a_create_request("under_score"))

    assert result.exit_code == 1
    assert result.output.splitlines()[:2] == [
        "CreateHyperParameterTuningJob would be refused.",
        "  ValidationException (by the service): 1 validation error detected: Value 'under_score' at "
        "'hyperParameterTuningJobName' failed to satisfy constraint: Member must satisfy regular expression pattern: "
        "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,31}",
    ]


def test_a_terminal_is_not_told_what_it_would_obey(tmp_path: Path) -> None:
    output = run(tmp_path, a_create_request("a\x1b[31mred\u202e")).output

    assert r"Value 'a\x1b[31mred\u202e' at" in output


def test_json_says_the_same(tmp_path: Path) -> None:
    result = run(tmp_path, a_create_request("under_score"), "--json")

    said = json.loads(result.output)
    assert (result.exit_code, said["operation"], said["is_accepted"]) == (1, "CreateHyperParameterTuningJob", False)
    assert [(each["by"], each["code"]) for each in said["findings"]] == [("service", "ValidationException")]
    assert len(said["notes"]) == 2


def test_a_pattern_that_looks_wrong_is_no_reason_to_refuse(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/images.toml").write_text('[[image]]\npattern = "own:1"\ncommand = ["true"]\n')
    own = {
        "TrainingImage": "own:1",
        "TrainingInputMode": "File",
        "MetricDefinitions": [{"Name": "loss", "Regex": "loss=(.*?)"}],
    }
    changes = {
        "TrainingJobDefinition__AlgorithmSpecification": own,
        "HyperParameterTuningJobConfig__HyperParameterTuningJobObjective__MetricName": "loss",
    }

    result = run(tmp_path, a_create_request(**changes))

    assert "Warning: loss by loss=(.*?): of '0.25' its group catches nothing" in result.output
    assert result.exit_code == 0


def test_names_of_the_data_folder_are_known(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    Store.open(f"sqlite:///{tmp_path / 'data/luthier.db'}").close()
    before = rows(tmp_path / "data/luthier.db")

    result = run(tmp_path, {"HyperParameterTuningJobName": "nobody"}, "--operation", "StopHyperParameterTuningJob")

    assert "ResourceNotFound (by the service): Amazon SageMaker can't find a tuning job called nobody" in result.output
    assert (result.exit_code, rows(tmp_path / "data/luthier.db")) == (1, before)


def test_a_request_comes_from_standard_input_too(tmp_path: Path) -> None:
    text = json.dumps(a_create_request())

    result = CliRunner().invoke(app, ["validate", "-", "--data-folder", str(tmp_path / "data")], input=text)

    assert result.exit_code == 0


@pytest.mark.parametrize("text", ["", "{", "[]", "5", '{"a": 1} x', "[" * 100_000])
def test_what_is_no_request_ends_with_code_2(tmp_path: Path, text: str) -> None:
    assert run(tmp_path, text).exit_code == 2


def test_a_file_that_is_not_there_ends_with_code_2(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["validate", str(tmp_path / "nothing.json")])

    assert (result.exit_code, "cannot be read" in result.output) == (2, True)


def test_bytes_that_are_no_text_end_with_code_2(tmp_path: Path) -> None:
    (tmp_path / "request.json").write_bytes(b'{"a": "\xff"}')

    assert CliRunner().invoke(app, ["validate", str(tmp_path / "request.json")]).exit_code == 2


def test_a_request_that_does_not_tell_its_operation_ends_with_code_2(tmp_path: Path) -> None:
    result = run(tmp_path, {"HyperParameterTuningJobName": "a"})

    assert (result.exit_code, "--operation" in result.output) == (2, True)


def test_a_request_may_be_another_accounts(tmp_path: Path) -> None:
    role = {"TrainingJobDefinition__RoleArn": "arn:aws:iam::111122223333:role/luthier-execution"}

    result = run(tmp_path, a_create_request(**role), "--account", "111122223333")

    assert (result.exit_code, run(tmp_path, a_create_request(**role)).exit_code) == (0, 1)


def test_an_account_that_is_none_ends_with_code_2(tmp_path: Path) -> None:
    assert run(tmp_path, a_create_request(), "--account", "12").exit_code == 2


def test_an_operation_that_nobody_answers_ends_with_code_2(tmp_path: Path) -> None:
    assert run(tmp_path, {}, "--operation", "CreateModel").exit_code == 2


@pytest.mark.slow
def test_a_server_is_asked_for_the_input_and_its_database_for_names(tmp_path: Path) -> None:
    with a_luthier(tmp_path) as luthier:
        absent = run(tmp_path, a_create_request(), port=luthier.port)
        s3 = luthier.client("s3")
        s3.create_bucket(Bucket="data")
        for name in ("train", "validation"):
            s3.put_object(Bucket="data", Key=f"xgboost/{name}/rows.csv", Body=b"1,2\n")
        present = run(tmp_path, a_create_request(), port=luthier.port)
        luthier.client("sagemaker").create_hyper_parameter_tuning_job(**a_create_request())
        taken = run(tmp_path, a_create_request(), port=luthier.port)
        luthier.client("sagemaker").stop_hyper_parameter_tuning_job(HyperParameterTuningJobName="MyTuningJob")
        luthier.wait_for("MyTuningJob")  # its training jobs would outlive the server

    assert 'No S3 objects found under S3 URL "s3://data/xgboost/train"' in absent.output
    assert present.output.splitlines() == [
        "CreateHyperParameterTuningJob would be accepted.",
        "At most: 240 of ml.c4.2xlarge instance hours",
    ]
    assert "ResourceInUse" in taken.output
