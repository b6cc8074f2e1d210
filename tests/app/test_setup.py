"""What `luthier doctor` says of a machine."""

import io
from contextlib import closing
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from answering import answering
from container_image import training_image
from desk import Desk
from luthier.algorithms.catalogue import Catalogue, CatalogueError
from luthier.app.doctor.setup import Part, Verdict, look_over, tell_setup
from luthier.app.keys import FILE, obtain_key
from luthier.cli import app
from luthier.runtimes.container.engine import Engine
from luthier.settings import Settings
from luthier.store.engine import Store


def settings_of(folder: Path, **changes: object) -> Settings:
    return Settings(data_folder=folder, port=1, **changes)  # type: ignore[arg-type]  # nothing listens on port 1


def looked(name: str, settings: Settings) -> Part:
    return next(part for part in look_over(settings) if part.name == name)


def test_a_machine_that_has_all_is_well(tmp_path: Path) -> None:
    said = CliRunner().invoke(app, ["doctor", "--data-folder", str(tmp_path), "--port", "1"])

    assert said.exit_code == 0
    assert "wrong" not in said.stdout
    assert "luthier doctor --clients" in said.stdout


def test_nothing_is_made_by_looking(tmp_path: Path) -> None:
    look_over(settings_of(tmp_path / "new", database_url=f"sqlite:///{tmp_path / 'jobs.db'}"))

    assert list(tmp_path.iterdir()) == []


def test_what_is_wrong_gives_exit_code_1() -> None:
    told = io.StringIO()
    part = Part(name="address", verdict=Verdict.WRONG, text="pip install 'luthier[xgboost]'")

    assert tell_setup([part], Console(file=told, width=200)) == 1
    assert "wrong" in told.getvalue()
    assert "luthier[xgboost]" in told.getvalue()


def test_a_drawback_is_not_wrong() -> None:
    part = Part(name="runtime", verdict=Verdict.CARE, text="no sandbox")

    assert tell_setup([part], Console(file=io.StringIO())) == 0


def test_keys_that_others_can_read_are_wrong(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    obtain_key(settings)
    (tmp_path / FILE).chmod(0o644)

    part = looked("data folder", settings)

    assert (part.verdict, part.text) == (Verdict.WRONG, f"{tmp_path / FILE} can be read by others; chmod 600 it")


def test_a_folder_that_cannot_be_made_is_wrong() -> None:
    assert looked("data folder", settings_of(Path("/dev/null/data"))).verdict is Verdict.WRONG


def test_a_port_that_something_else_has_is_wrong(tmp_path: Path) -> None:
    obtain_key(settings_of(tmp_path))
    with closing(Store.open(f"sqlite:///{tmp_path / 'other.db'}")) as store, answering(Desk(store)) as url:
        part = looked("address", Settings(data_folder=tmp_path, port=int(url.rpartition(":")[2])))

    assert part.verdict is Verdict.WRONG
    assert "is taken by something else" in part.text


def test_a_database_of_this_version_is_up_to_date(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    Store.open(settings.database).close()

    assert looked("database", settings) == Part(name="database", verdict=Verdict.WELL, text="up to date")


def test_a_database_without_tables_is_brought_up_to_date_by_the_next_start(tmp_path: Path) -> None:
    (tmp_path / "luthier.db").touch()

    assert looked("database", settings_of(tmp_path)).verdict is Verdict.CARE


@pytest.mark.parametrize("url", ["oracle://nowhere/x", "no url", "postgresql+psycopg://127.0.0.1:1/x"])
def test_a_database_that_cannot_be_had_is_wrong(tmp_path: Path, url: str) -> None:
    assert looked("database", settings_of(tmp_path, database_url=url)).verdict is Verdict.WRONG


def test_another_s3_is_named(tmp_path: Path) -> None:
    part = looked("embedded S3", settings_of(tmp_path, s3_endpoint="http://minio:9000"))

    assert part.text == "`luthier serve` passes on to http://minio:9000"


def test_the_plain_runtime_is_told_with_its_drawback(tmp_path: Path) -> None:
    part = looked("runtime", settings_of(tmp_path, runtime="plain"))

    assert part.verdict is Verdict.CARE
    assert "WITHOUT a sandbox" in part.text


@pytest.mark.parametrize(
    ("capacity", "text"),
    [
        ("slots", "slots: 5 instances of any type at once, on 3 vCPUs, 6 GiB and 1 GPU"),
        ("resources", "resources: instances get what their types have, of 3 vCPUs, 6 GiB and 1 GPU"),
    ],
)
def test_what_training_jobs_share_is_told(tmp_path: Path, capacity: str, text: str) -> None:
    settings = settings_of(tmp_path, capacity=capacity, slots=5, cpus=3, memory_gb=6, gpus=1)

    assert looked("capacity", settings) == Part(name="capacity", verdict=Verdict.WELL, text=text)


def test_an_image_with_a_mistake_is_told_with_it(tmp_path: Path) -> None:
    (tmp_path / "images.toml").write_text('[[image]]\npattern = "mine:1"\n')

    parts = [part for part in look_over(settings_of(tmp_path)) if part.name == "images"]

    assert any("mine:1" in part.text and part.verdict is Verdict.CARE for part in parts)


def test_a_catalogue_that_cannot_be_read_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "images.toml").write_text("[[image")

    assert looked("images", settings_of(tmp_path)).verdict is Verdict.WRONG


def images(folder: Path, *arguments: str) -> str:
    ended = CliRunner().invoke(app, ["images", *arguments, "--data-folder", str(folder)])
    if ended.exception is not None:
        raise ended.exception
    return ended.stdout


def test_an_image_of_ones_own_can_run_scripts(tmp_path: Path) -> None:
    images(tmp_path, "add", "mine:*", "--script-mode", "scikit-learn")

    first = images(tmp_path, "list").splitlines()[0]
    assert first.startswith("mine:*\tpython ")
    assert first.endswith("program.py scikit-learn")


def test_the_interpreter_that_runs_scripts_can_be_named(tmp_path: Path) -> None:
    images(tmp_path, "add", "mine:*", "--script-mode", "pytorch", "/usr/bin/env")

    assert images(tmp_path, "list").splitlines()[0].startswith("mine:*\t/usr/bin/env ")


def test_an_image_of_an_engine_can_stand_for_others(tmp_path: Path) -> None:
    images(tmp_path, "add", "*.dkr.ecr.*/mine:*", "--container", "mine:1")

    assert images(tmp_path, "list").splitlines()[0] == "*.dkr.ecr.*/mine:*\tcontainer mine:1"


def test_the_defaults_of_an_image_can_be_named(tmp_path: Path) -> None:
    images(tmp_path, "add", "mine:*", "--container", "mine:1", "--default", "rate=0.1", "--default", "note=a=b")

    entry = Catalogue.read(tmp_path / "images.toml").entries[0]
    assert entry.defaults == (("rate", "0.1"), ("note", "a=b"))


@pytest.mark.parametrize("given", [("rate",), ("=0.1",), ("rate=1", "rate=2")])
def test_a_default_is_a_name_with_a_value(tmp_path: Path, given: tuple[str, ...]) -> None:
    with pytest.raises(CatalogueError, match="write NAME=VALUE"):
        images(tmp_path, "add", "mine:*", *(word for each in given for word in ("--default", each)), "python")


@pytest.mark.slow
def test_images_of_the_engine_are_listed_after_the_catalogue(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LUTHIER_CONTAINER_SOCKET", str(engine.socket))
    name = training_image(engine)

    assert f"{name}\tcontainer {name}" in images(tmp_path, "list").splitlines()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--container", "mine:1", "--code", "/tmp"), "brings its own"),
        (("--container", "mine:1", "python", "train.py"), "brings its own"),
        (("--script-mode", "jax"), "script_mode must be one of"),
        (("--script-mode", "pytorch", "python", "train.py"), "command is the interpreter alone"),
        ((), "the command is empty"),
    ],
)
def test_an_image_that_cannot_run_is_not_added(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    with pytest.raises(Exception, match=message):
        images(tmp_path, "add", "mine:*", *arguments)

    assert not (tmp_path / "images.toml").exists()


def test_images_that_need_a_hyperparameter_say_which(tmp_path: Path) -> None:
    lines = images(tmp_path, "list").splitlines()

    patterns = [line.split("\t")[0] for line in lines]
    assert len(set(patterns)) == len(patterns)
    assert "*/sagemaker-xgboost:* with sagemaker_program" in patterns


@pytest.mark.parametrize(("runtime", "verdict"), [("auto", Verdict.WELL), ("container", Verdict.WRONG)])
def test_no_container_engine_is_wrong_only_where_everything_runs_in_containers(
    tmp_path: Path, runtime: str, verdict: Verdict
) -> None:
    part = looked("containers", settings_of(tmp_path, runtime=runtime, container_socket="/nonexistent/docker.sock"))

    assert part.verdict is verdict
    assert "container_socket" in part.text


@pytest.mark.slow
def test_a_container_engine_that_answers_is_named(engine: Engine, tmp_path: Path) -> None:
    part = looked("containers", settings_of(tmp_path, container_socket=str(engine.socket)))

    assert part.verdict is Verdict.WELL
    assert part.text.startswith(engine.machine.version)
