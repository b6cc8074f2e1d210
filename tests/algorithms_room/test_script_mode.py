"""Script mode: SageMaker's own training toolkit runs a user's script in a training host, with a real sandbox and S3."""

import io
import json
import sys
import tarfile
import venv
import zipfile
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from luthier.algorithms.catalogue import Catalogue, CatalogueError
from luthier.algorithms.script_mode import program
from luthier.host.equipment import Equipment
from luthier.objects.s3 import S3Objects
from luthier.records.algorithm import MetricDefinition
from luthier.records.channel import Channel
from luthier.records.journal import Ended, MetricSeen, Outcome
from luthier.runtimes.plain import Plain, find_way_in
from s3_server import an_object_store
from training_hosts import ALGORITHMS, a_host, a_spec, lived

pytestmark = pytest.mark.slow

SKLEARN = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"
PYTORCH = "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.5.1-cpu-py311"
TENSORFLOW = "763104351884.dkr.ecr.us-east-1.amazonaws.com/tensorflow-training:2.16-cpu-py310"
XGBOOST = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
HYPERPARAMETERS = {  # as SageMaker's SDK writes them, each in JSON
    "alpha": "0.5",
    "layers": "[1, 2]",
    "name": '"a b"',
    "options": '{"deep": true}',
    "rounds": "7",
    "shuffled": "true",
    "nothing": "null",
    "plain": "not JSON",
}
SCRIPTED = {path.name: path.read_text() for path in (ALGORITHMS / "scripted").glob("*.py")}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Objects]:
    folder = tmp_path_factory.mktemp("store")
    (folder / "s3" / "data").mkdir(parents=True)
    with an_object_store(folder) as store:
        store.put("s3://data/train/rows.csv", io.BytesIO(b"1,1,0\n2,0,1\n3,1,1\n"))
        yield store


def submit(store: S3Objects, name: str, files: Mapping[str, str | bytes]) -> dict[str, str]:
    """Upload a source folder as SageMaker's SDK does, and give the hyperparameters that name it."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for path, text in files.items():
            content = text if isinstance(text, bytes) else text.encode()
            member = tarfile.TarInfo(path)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    packed.seek(0)
    uri = f"s3://data/{name}/source/sourcedir.tar.gz"
    store.put(uri, packed)
    program = next(path for path in files if path.endswith((".py", ".sh")))
    return {
        "sagemaker_submit_directory": json.dumps(uri),
        "sagemaker_program": json.dumps(program),
        "sagemaker_container_log_level": "20",
        "sagemaker_job_name": json.dumps(name),
        "sagemaker_region": '"us-east-1"',
    }


def a_scripted_host(
    folder: Path, store: S3Objects, name: str, files: Mapping[str, str | bytes], image: str = SKLEARN, **more: Any
) -> Equipment:
    """Make the host of a training job that runs a script."""
    hyperparameters = {**submit(store, name, files), **more.pop("hyperparameters", {})}
    definition = {
        "channels": (Channel(name="train", uri="s3://data/train/"),),
        "metrics": (MetricDefinition(name="loss", regex="loss=([0-9.]+);"),),
        "max_runtime_s": 120,
        "environment": more.pop("environment", {}),
    }
    catalogue = Catalogue.read(more.pop("images", folder) / "images.toml")
    changes = {"catalogue": catalogue, "endpoint": store._client.meta.endpoint_url, **more}
    spec = a_spec(name, hyperparameters=hyperparameters, image=image, **definition)
    return a_host(folder, store, (), spec, **changes)


def run(
    folder: Path, store: S3Objects, name: str, files: Mapping[str, str | bytes], **more: Any
) -> tuple[Ended, Equipment]:
    host = a_scripted_host(folder, store, name, files, **more)
    return lived(host), host


def model(store: S3Objects, name: str) -> dict[str, bytes]:
    uri = f"s3://data/output/{name}/output/model.tar.gz"
    with store.open(uri) as body, tarfile.open(fileobj=io.BytesIO(body.read())) as tar:
        files = [(member, tar.extractfile(member)) for member in tar.getmembers()]
        return {member.name: file.read() for member, file in files if file is not None}


@pytest.fixture(scope="module")
def done(store: S3Objects, tmp_path_factory: pytest.TempPathFactory) -> tuple[Equipment, dict[str, Any]]:
    """A script of two modules with a requirements.txt, and what it saw."""
    files = {"train.py": SCRIPTED["train.py"], **SCRIPTED, "requirements.txt": "scikit-learn>=1.0\nnumpy\n"}
    ended, host = run(tmp_path_factory.mktemp("done"), store, "done", files, hyperparameters=HYPERPARAMETERS)
    assert ended.outcome is Outcome.COMPLETED, (ended, host.workspace.host("algo-1").log.read_text())
    return host, json.loads(model(store, "done")["seen.json"])


def test_a_line_that_is_written_in_pieces_stays_a_line(store: S3Objects, tmp_path: Path) -> None:
    script = """
        import sys, time
        for piece in ('loss=', '0.', '5;', '\\n', 'loss=0.25;'):
            sys.stdout.write(piece)
            sys.stdout.flush()
            time.sleep(0.05)
    """
    _, host = run(tmp_path, store, "pieces", {"train.py": dedent(script)})

    seen = [each.value for each in host.workspace.entries() if isinstance(each, MetricSeen)]
    assert seen == [0.5, 0.25]


def test_the_model_holds_what_the_script_saved(store: S3Objects, done: tuple[Equipment, dict[str, Any]]) -> None:
    assert list(model(store, "done")) == ["seen.json"]


def test_hyperparameters_of_each_json_type_are_arguments(done: tuple[Equipment, dict[str, Any]]) -> None:
    words = done[1]["arguments"]

    assert dict(zip(words[::2], words[1::2], strict=True)) == {
        "--alpha": "0.5",
        "--layers": "[1, 2]",
        "--name": "a b",
        "--options": "deep=True",
        "--rounds": "7",
        "--shuffled": "True",
        "--nothing": "",
        "--plain": "not JSON",
    }


def test_hyperparameters_are_in_sm_hps_with_their_types(done: tuple[Equipment, dict[str, Any]]) -> None:
    assert done[1]["hps"] == {
        "alpha": 0.5,
        "layers": [1, 2],
        "name": "a b",
        "options": {"deep": True},
        "rounds": 7,
        "shuffled": True,
        "nothing": None,
        "plain": "not JSON",
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SM_MODEL_DIR", "/opt/ml/model"),
        ("SM_CHANNEL_TRAIN", "/opt/ml/input/data/train"),
        ("SM_OUTPUT_DATA_DIR", "/opt/ml/output/data"),
        ("SM_CURRENT_HOST", "algo-1"),
        ("SM_HP_ROUNDS", "7"),
        ("SM_USER_ENTRY_POINT", "train.py"),
        ("SM_HOSTS", '["algo-1"]'),
        ("SAGEMAKER_REGION", "us-east-1"),
    ],
)
def test_the_toolkits_variables_are_there(done: tuple[Equipment, dict[str, Any]], name: str, value: str) -> None:
    assert done[1]["environment"][name] == value


def test_the_script_runs_in_the_code_folder(done: tuple[Equipment, dict[str, Any]]) -> None:
    assert done[1]["folder"] == "/opt/ml/code"


def test_its_metrics_are_read(done: tuple[Equipment, dict[str, Any]]) -> None:
    seen = [each.name for each in done[0].workspace.entries() if isinstance(each, MetricSeen)]

    assert seen == ["loss"]


def test_a_script_that_raises_fails_as_on_sagemaker(store: S3Objects, tmp_path: Path) -> None:
    files = {"train.py": SCRIPTED["train.py"], **SCRIPTED}

    ended, _ = run(tmp_path, store, "raises", files, hyperparameters={"alpha": "-1"})

    assert ended.outcome is Outcome.FAILED
    assert ended.reason is not None
    lines = ended.reason.splitlines()
    assert lines[:2] == ["AlgorithmError: ExecuteUserScriptError:", "ExitCode 1"]
    assert lines[2:4] == ['ErrorMessage "raise ValueError("alpha is below 0")', ' ValueError: alpha is below 0"']
    assert lines[-1].startswith('Command "')
    assert lines[-1].endswith(' train.py --alpha -1"')


@pytest.mark.parametrize("package", ["tiny", "six"])
def test_what_a_script_requires_is_installed_though_the_environment_is_read_only(
    store: S3Objects, tmp_path: Path, package: str
) -> None:
    """Also another version of what the environment has."""
    name = f"{package}-99.0-py3-none-any.whl"
    script = f"import {package}\nopen('/opt/ml/model/version', 'w').write({package}.__version__)\n"
    files = {"train.py": script, "requirements.txt": f"./{name}\n", name: a_wheel(package)}

    ended, host = run(tmp_path, store, f"installs-{package}", files)

    assert ended.outcome is Outcome.COMPLETED, (ended, host.workspace.host("algo-1").log.read_text())
    assert model(store, f"installs-{package}") == {"version": b"99.0"}


def test_requirements_that_cannot_be_had_fail_as_on_sagemaker(store: S3Objects, tmp_path: Path) -> None:
    files = {"train.py": "", "requirements.txt": "there-is-no-such-package==1\n"}

    ended, _ = run(tmp_path, store, "requires", files, environment={"PIP_NO_INDEX": "1"})

    assert ended.reason is not None
    assert ended.reason.startswith("AlgorithmError: InstallRequirementsError:\nExitCode 1\n")


def test_a_script_that_is_not_there_fails_with_its_name(store: S3Objects, tmp_path: Path) -> None:
    ended, _ = run(tmp_path, store, "absent", {"a.py": ""}, hyperparameters={"sagemaker_program": '"b.py"'})

    assert ended.reason is not None
    assert ended.reason.startswith("AlgorithmError: ExecuteUserScriptError:")
    assert "b.py" in ended.reason


def test_a_source_that_is_not_there_fails(store: S3Objects, tmp_path: Path) -> None:
    nowhere = {"sagemaker_submit_directory": "s3://data/nowhere.tar.gz"}

    ended, _ = run(tmp_path, store, "sourceless", {"a.py": ""}, hyperparameters=nowhere)

    assert ended.reason is not None
    assert ended.reason.startswith("AlgorithmError: Framework Error:")


def test_a_shell_script_is_run_too(store: S3Objects, tmp_path: Path) -> None:
    ended, _ = run(tmp_path, store, "shell", {"train.sh": "#!/bin/sh\necho $SM_CURRENT_HOST > /opt/ml/model/host\n"})

    assert ended.outcome is Outcome.COMPLETED
    assert model(store, "shell") == {"host": b"algo-1\n"}


def test_a_script_that_is_stopped_hears_of_it_and_keeps_its_model(store: S3Objects, tmp_path: Path) -> None:
    script = """
        import signal, sys, time
        def save(*_):
            open('/opt/ml/model/half', 'w').write('1')
            sys.exit(0)
        signal.signal(signal.SIGTERM, save)
        print('ready', flush=True)
        time.sleep(60)
    """
    log = tmp_path / "training/000000000000/us-east-1/stopped/hosts/algo-1.log"

    def is_stop_requested() -> bool:
        return log.exists() and "ready" in log.read_text()

    host = a_scripted_host(
        tmp_path, store, "stopped", {"train.py": dedent(script)}, is_stop_requested=is_stop_requested, grace_s=20
    )

    assert lived(host).outcome is Outcome.STOPPED
    assert model(store, "stopped") == {"half": b"1"}


def test_an_image_of_scripts_without_a_script_says_what_is_missing(store: S3Objects, tmp_path: Path) -> None:
    ended, _ = run(tmp_path, store, "nameless", {"a.py": ""}, hyperparameters={"sagemaker_program": ""})

    assert ended.reason is not None
    assert ended.reason.startswith("AlgorithmError: ClientError: the hyperparameter sagemaker_program is missing")


@pytest.mark.parametrize("name", program.DISTRIBUTIONS)
def test_several_processes_are_refused_by_name(store: S3Objects, tmp_path: Path, name: str) -> None:
    ended, _ = run(tmp_path, store, "several", {"a.py": ""}, hyperparameters={name: "true"})

    assert ended.reason == f"AlgorithmError: {name}: training in several processes is not offered here; leave it out"


@pytest.mark.skipif(bool(find_spec("torch")), reason="PyTorch is there")
def test_a_framework_that_is_not_installed_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"PyTorch is not installed in .*; run pip install 'luthier\[pytorch\]'"):
        Catalogue.read(tmp_path / "images.toml").find(PYTORCH)


def test_another_environment_can_stand_for_an_image(store: S3Objects, tmp_path: Path) -> None:
    """It needs the framework, here one that is played, and the toolkit; nothing of Luthier."""
    (tmp_path / "played" / "torch").mkdir(parents=True)
    (tmp_path / "played" / "torch" / "__init__.py").write_text("__version__ = 'played'")
    text = f"""
        [[image]]
        pattern = "*pytorch-training*"
        script_mode = "pytorch"
        command = ["{sys.executable}"]
        folders = ["played"]
        environment = {{ PYTHONPATH = "{tmp_path / "played"}" }}
    """
    (tmp_path / "images.toml").write_text(dedent(text))
    script = "import torch; open('/opt/ml/model/version', 'w').write(torch.__version__)"

    ended, host = run(tmp_path / "data", store, "torch", {"a.py": script}, image=PYTORCH, images=tmp_path)

    assert ended.outcome is Outcome.COMPLETED, (ended, host.workspace.host("algo-1").log.read_text())
    assert model(store, "torch") == {"version": b"played"}


def test_an_environment_without_the_toolkit_says_how_to_install_it_there(store: S3Objects, tmp_path: Path) -> None:
    venv.create(tmp_path / "bare", with_pip=False, symlinks=True)
    (tmp_path / "images.toml").write_text(
        '[[image]]\npattern = "*pytorch-training*"\nscript_mode = "pytorch"\ncommand = ["bare/bin/python"]\n'
    )

    ended, _ = run(tmp_path / "data", store, "bare", {"a.py": ""}, image=PYTORCH, images=tmp_path)

    python = tmp_path / "bare" / "bin" / "python"
    assert ended.reason is not None
    assert f"run {python} -m pip install sagemaker-training torch" in ended.reason
    assert "C compiler" in ended.reason


def test_training_jobs_of_one_tuning_job_have_their_own_model_dir_with_tensorflow(
    store: S3Objects, tmp_path: Path
) -> None:
    """As SageMaker's TensorFlow images do it."""
    (tmp_path / "played").mkdir()
    (tmp_path / "played" / "tensorflow.py").touch()
    (tmp_path / "images.toml").write_text(
        '[[image]]\npattern = "*tensorflow-training*"\nscript_mode = "tensorflow"\nfolders = ["played"]\n'
        f'environment = {{ PYTHONPATH = "{tmp_path / "played"}" }}\n'
    )
    script = "import os, sys; open('/opt/ml/model/x', 'w').write(f'{sys.argv[1:]} {os.environ[\"SM_HP_MODEL_DIR\"]}')"
    tuned = {"_tuning_objective_metric": "loss", "model_dir": '"s3://data/models"'}

    ended, host = run(
        tmp_path / "data", store, "flow", {"a.py": script}, image=TENSORFLOW, images=tmp_path, hyperparameters=tuned
    )

    assert ended.outcome is Outcome.COMPLETED, (ended, host.workspace.host("algo-1").log.read_text())
    expected = "s3://data/models/flow/model"
    assert model(store, "flow") == {"x": f"['--model_dir', '{expected}'] {expected}".encode()}


def test_xgboosts_image_runs_a_script_when_there_is_one(store: S3Objects, tmp_path: Path) -> None:
    script = "import xgboost; open('/opt/ml/model/version', 'w').write(xgboost.__version__)"

    ended, host = run(tmp_path, store, "boost", {"a.py": script}, image=XGBOOST)

    assert ended.outcome is Outcome.COMPLETED, (ended, host.workspace.host("algo-1").log.read_text())
    assert list(model(store, "boost")) == ["version"]


def test_xgboosts_image_is_the_built_in_algorithm_without_a_script(tmp_path: Path) -> None:
    catalogue = Catalogue.read(tmp_path / "images.toml")

    commands = [catalogue.algorithm(XGBOOST, names) for names in ((), ("num_round",), ("sagemaker_program",))]

    assert ["xgboost" if each is None else each.command[-1] for each in commands] == [
        "luthier.algorithms.xgboost",
        "luthier.algorithms.xgboost",
        "xgboost",
    ]


@pytest.mark.parametrize("way_in", [find_way_in, lambda: None])
def test_it_works_without_a_sandbox_too(
    store: S3Objects, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way_in: Callable[[], Any]
) -> None:
    """With an /opt/ml of its own, and where the machine allows none."""
    monkeypatch.setattr("luthier.runtimes.plain.find_way_in", way_in)
    script = "import os; open(os.environ['SM_MODEL_DIR'] + '/x', 'w').write(os.environ['SM_CHANNEL_TRAIN'])"
    files = {"train.py": script, "requirements.txt": "numpy\n"}

    ended, host = run(tmp_path, store, "plain", files, runtime=Plain())

    assert ended.outcome is Outcome.COMPLETED, (ended, host.workspace.host("algo-1").log.read_text())
    assert model(store, "plain")["x"].endswith(b"/input/data/train")


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ('script_mode = "mxnet"', "script_mode must be one of scikit-learn, pytorch, tensorflow, xgboost"),
        ("script_mode = true", "script_mode must be one of"),
        ('script_mode = "pytorch"\ncommand = ["python", "x"]', "command is the interpreter alone"),
        ('script_mode = "pytorch"\ncode = "."', "there is no code"),
    ],
)
def test_a_mistake_in_the_catalogue_is_told(tmp_path: Path, body: str, complaint: str) -> None:
    (tmp_path / "images.toml").write_text(f'[[image]]\npattern = "mine"\n{body}\n')

    with pytest.raises(CatalogueError, match=complaint):
        Catalogue.read(tmp_path / "images.toml").find("mine")


def a_wheel(package: str) -> bytes:
    """Build a wheel of version 99.0 with one module."""
    built = io.BytesIO()
    with zipfile.ZipFile(built, "w") as wheel:
        wheel.writestr(f"{package}.py", '__version__ = "99.0"\n')
        place = f"{package}-99.0.dist-info"
        wheel.writestr(f"{place}/METADATA", f"Metadata-Version: 2.1\nName: {package}\nVersion: 99.0\n")
        wheel.writestr(f"{place}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{place}/RECORD", "")
    return built.getvalue()
