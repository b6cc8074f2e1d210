"""The image catalogue: which command stands for which image, and how one bad entry harms no other."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from luthier.algorithms.catalogue import Catalogue, CatalogueEntry, CatalogueError, add_image
from luthier.records.algorithm import Algorithm, MetricDefinition

XGBOOST = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
MINE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/my-trainer"


def a_file(folder: Path, text: str) -> Path:
    path = folder / "images.toml"
    path.write_text(text, encoding="utf-8")
    return path


def an_entry(folder: Path, body: str) -> Catalogue:
    return Catalogue.read(a_file(folder, f'[[image]]\npattern = "{MINE}:*"\n{body}\n'))


@pytest.mark.parametrize(
    "image",
    [
        XGBOOST,
        "811284229777.dkr.ecr.us-east-1.amazonaws.com/xgboost:1",
        "433757028032.dkr.ecr.us-west-2.amazonaws.com/xgboost:latest",
        "246618743249.dkr.ecr.us-west-2.amazonaws.com/sagemaker-xgboost:0.90-1-cpu-py3",
        "811284229777.dkr.ecr.us-east-1.amazonaws.com/xgboost",
    ],
)
def test_aws_names_for_xgboost_are_known_without_a_file(tmp_path: Path, image: str) -> None:
    algorithm = Catalogue.read(tmp_path / "images.toml").algorithm(image)

    assert algorithm is not None
    assert algorithm.command[-1] == "luthier.algorithms.xgboost"


def test_an_image_nobody_knows_is_none(tmp_path: Path) -> None:
    catalogue = Catalogue.read(tmp_path / "images.toml")

    assert (catalogue.find(MINE + ":1"), catalogue.algorithm(MINE + ":1")) == (None, None)


@pytest.mark.parametrize("image", [MINE.upper() + ":1", "x" + MINE + ":1", MINE])
def test_a_pattern_matches_the_whole_name_and_capitals_matter(tmp_path: Path, image: str) -> None:
    catalogue = an_entry(tmp_path, 'command = ["python", "train.py"]')

    assert catalogue.find(image) is None


def test_an_image_may_be_in_a_registry_with_a_port(tmp_path: Path) -> None:
    path = a_file(tmp_path, '[[image]]\npattern = "localhost:5000/trainer:*"\ncommand = ["sh", "-c", "true"]')

    assert Catalogue.read(path).find("localhost:5000/trainer:1") is not None


def test_the_users_entry_wins_over_a_shipped_one(tmp_path: Path) -> None:
    path = a_file(tmp_path, '[[image]]\npattern = "*/sagemaker-xgboost:*"\ncommand = ["sh", "-c", "true"]')

    entry = Catalogue.read(path).find(XGBOOST)

    assert entry is not None
    assert entry.command[1:] == ("-c", "true")


def test_python_alone_is_the_interpreter_that_runs_luthier(tmp_path: Path) -> None:
    entry = an_entry(tmp_path, 'command = ["python", "train.py"]').find(MINE + ":1")

    assert entry is not None
    assert entry.command == (sys.executable, "train.py")


def test_a_bare_name_is_looked_up_on_the_path(tmp_path: Path) -> None:
    algorithm = an_entry(tmp_path, 'command = ["sh", "train.sh"]').algorithm(MINE + ":1")

    assert algorithm is not None
    assert Path(algorithm.command[0]).is_absolute()


def test_a_relative_code_folder_is_below_the_files_own(tmp_path: Path) -> None:
    (tmp_path / "trainer").mkdir()

    algorithm = an_entry(tmp_path, 'command = ["python", "train.py"]\ncode = "trainer"').algorithm(MINE + ":1")

    assert algorithm is not None
    assert algorithm.working_folder == str(tmp_path / "trainer")
    assert str(tmp_path / "trainer") in algorithm.folders


def test_a_relative_program_is_found_in_the_code_folder(tmp_path: Path) -> None:
    (tmp_path / "trainer").mkdir()
    program = tmp_path / "trainer" / "run.sh"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)

    entry = an_entry(tmp_path, 'command = ["./run.sh"]\ncode = "trainer"').find(MINE + ":1")

    assert entry is not None
    assert entry.command == (str(program),)


def test_everything_in_an_entry_reaches_the_algorithm(tmp_path: Path) -> None:
    body = (
        'command = ["python", "train.py"]\n'
        'folders = ["."]\n'
        'environment = { OMP_NUM_THREADS = "1" }\n'
        'metric_definitions = [{ name = "validation:loss", regex = "loss=([0-9.]+)" }]\n'
        'defaults = { rate = 0.1, depth = 6, kind = "tree" }\n'
    )

    catalogue = an_entry(tmp_path, body)

    entry, algorithm = catalogue.find(MINE + ":1"), catalogue.algorithm(MINE + ":1")
    assert entry is not None
    assert algorithm is not None
    assert entry.metric_definitions == (MetricDefinition(name="validation:loss", regex="loss=([0-9.]+)"),)
    assert entry.defaults == (("rate", "0.1"), ("depth", "6"), ("kind", "tree"))
    assert ("OMP_NUM_THREADS", "1") in algorithm.environment
    assert str(tmp_path) in algorithm.folders


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", "command"),
        ('command = "python train.py"', "list of strings"),
        ('comand = ["python"]', "comand"),
        ('command = ["/no/such/python"]', "/no/such/python"),
        ('command = ["no-such-program-anywhere"]', "PATH"),
        ('command = ["python"]\ncode = "nowhere"', "nowhere"),
        ('command = ["python"]\ncode = "~no-such-user/x"', "no such user"),
        ('command = ["python"]\nfolders = ["nowhere"]', "nowhere"),
        ('command = ["python"]\nenvironment = { "A=B" = "1" }', "A=B"),
        ('command = ["python"]\nenvironment = { A = 1 }', "strings"),
        ('command = ["python"]\nmetric_definitions = [{ name = "a", regex = "(" }]', "regular expression"),
        ('command = ["python"]\nmetric_definitions = [{ name = "a", regex = "a=.*" }]', "group"),
        ('command = ["python"]\nmetric_definitions = [{ name = "a" }]', "name and a regex"),
        ('command = ["python"]\ndefaults = ["eta=0.3"]', "defaults must be a table"),
        ('command = ["python"]\ndefaults = { eta = true }', "eta is True; write a string or a number"),
        ('command = ["python"]\ndefaults = { eta = [0.3] }', "write a string or a number"),
        ('command = ["python"]\ndefaults = { eta = nan }', "write a string or a number"),
        ('command = ["python"]\ndefaults = { eta = "\\u0000" }', "write a string or a number"),
    ],
)
def test_a_bad_entry_fails_its_own_image_and_no_other(tmp_path: Path, body: str, said: str) -> None:
    catalogue = an_entry(tmp_path, body)

    assert catalogue.find(XGBOOST) is not None
    with pytest.raises(CatalogueError, match=said):
        catalogue.find(MINE + ":1")


def test_a_program_that_may_not_be_executed_is_named(tmp_path: Path) -> None:
    (tmp_path / "run.sh").write_text("")

    with pytest.raises(CatalogueError, match=r"run\.sh is not an executable file"):
        an_entry(tmp_path, 'command = ["./run.sh"]').find(MINE + ":1")


@pytest.mark.parametrize(
    "text", ["[[image", "image = 3", '[[image]]\ncommand = ["python"]', "[[images]]", 'image = ["x"]', "image = {}"]
)
def test_a_file_that_cannot_be_understood_is_named(tmp_path: Path, text: str) -> None:
    path = a_file(tmp_path, text)

    with pytest.raises(CatalogueError, match=r"images\.toml"):
        Catalogue.read(path)


def test_adding_an_image_keeps_the_users_comments(tmp_path: Path) -> None:
    path = a_file(tmp_path, '# mine\n[[image]]\npattern = "a:*"  # first\ncommand = ["python", "a.py"]\n')

    add_image(path, CatalogueEntry(pattern="b:*", command=("python", "b.py"), code=str(tmp_path)))

    assert path.read_text().startswith('# mine\n[[image]]\npattern = "a:*"  # first\n')
    entry = Catalogue.read(path).find("b:1")
    assert entry is not None
    assert entry.code == str(tmp_path)


def test_adding_an_image_twice_is_once(tmp_path: Path) -> None:
    path = tmp_path / "images.toml"
    entry = CatalogueEntry(pattern="b:*", command=("python", "b.py"))

    add_image(path, entry)
    add_image(path, entry)

    assert path.read_text().count("[[image]]") == 1


def test_adding_a_known_pattern_replaces_its_entry(tmp_path: Path) -> None:
    path = tmp_path / "images.toml"
    add_image(path, CatalogueEntry(pattern="b:*", command=("python", "old.py")))

    add_image(path, CatalogueEntry(pattern="b:*", command=("python", "new.py")))

    found = Catalogue.read(path).find("b:1")
    assert found is not None
    assert found.command[1:] == ("new.py",)


def test_everything_of_an_added_image_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "images.toml"
    entry = CatalogueEntry(
        pattern='odd "quoted" [ab]:*',
        command=("sh", "-c", "echo 'é' \\ \"x\""),
        code=str(tmp_path),
        folders=(str(tmp_path),),
        environment=(("A", 'b"c'),),
        metric_definitions=(MetricDefinition(name="m", regex=r"m=(\d+)\s*"),),
        defaults=(("rate", "1e-3"), ('odd "name"', "é")),
    )

    add_image(path, entry)

    assert Catalogue.read(path).entries[0] == entry


@pytest.mark.parametrize(
    "entry",
    [
        CatalogueEntry(pattern="", command=("python",)),
        CatalogueEntry(pattern="b:*", command=()),
        CatalogueEntry(pattern="b:*", command=("python",), code="/no/such/folder"),
        CatalogueEntry(pattern="b:*", command=("/no/such/program",)),
    ],
)
def test_an_image_that_could_not_run_is_not_added(tmp_path: Path, entry: CatalogueEntry) -> None:
    with pytest.raises(CatalogueError):
        add_image(tmp_path / "images.toml", entry)

    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_understood_is_left_alone(tmp_path: Path) -> None:
    path = a_file(tmp_path, "[[image")

    with pytest.raises(CatalogueError):
        add_image(path, CatalogueEntry(pattern="b:*", command=("python",)))

    assert path.read_text() == "[[image"


def test_adding_an_image_keeps_the_files_mode_and_link(tmp_path: Path) -> None:
    real = tmp_path / "real.toml"
    real.write_text("")
    real.chmod(0o600)
    link = tmp_path / "images.toml"
    link.symlink_to(real)

    add_image(link, CatalogueEntry(pattern="b:*", command=("python",)))

    assert link.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o600


@dataclass
class Engine:
    """A container engine as the catalogue knows it."""

    why_absent: str | None = None
    why_unusable: str | None = None

    def absence(self) -> str | None:
        return self.why_absent

    def problem(self, image: str) -> str | None:
        return self.why_unusable and f"{image}: {self.why_unusable}"


def test_an_entry_may_name_a_container_image(tmp_path: Path) -> None:
    path = a_file(tmp_path, f'[[image]]\npattern = "{MINE}:*"\ncontainer = "trainer:3"\nenvironment = {{ A = "1" }}')

    algorithm = Catalogue.read(path, containers=Engine()).algorithm(MINE + ":1", instead=("train.sh", "-v"))

    assert algorithm == Algorithm(
        image=MINE + ":1", command=("train.sh", "-v"), container="trainer:3", environment=(("A", "1"),)
    )


def test_an_image_nobody_knows_stands_for_itself_where_an_engine_answers(tmp_path: Path) -> None:
    algorithm = Catalogue.read(tmp_path / "images.toml", containers=Engine()).algorithm(MINE + ":1")

    assert algorithm == Algorithm(image=MINE + ":1", command=(), container=MINE + ":1")


def test_it_is_nobodys_still_where_no_engine_answers(tmp_path: Path) -> None:
    catalogue = Catalogue.read(tmp_path / "images.toml", containers=Engine(why_absent="none"))

    assert catalogue.find(MINE + ":1") is None


def test_where_only_containers_run_entries_with_commands_do_not_count(tmp_path: Path) -> None:
    path = a_file(tmp_path, f'[[image]]\npattern = "{MINE}:*"\ncommand = ["python"]')

    entry = Catalogue.read(path, has_commands=False, containers=Engine()).find(MINE + ":1")

    assert entry == CatalogueEntry(pattern=MINE + ":1", container=MINE + ":1")


@pytest.mark.parametrize(
    ("catalogue", "words"),
    [
        ({"containers": None}, "set runtime = auto"),
        ({"containers": Engine(why_absent="install Docker")}, "install Docker"),
        ({"containers": Engine(why_unusable="docker load it")}, "trainer:3: docker load it"),
    ],
)
def test_a_container_that_cannot_be_had_is_an_error(tmp_path: Path, catalogue: dict[str, Any], words: str) -> None:
    path = a_file(tmp_path, f'[[image]]\npattern = "{MINE}:*"\ncontainer = "trainer:3"')

    with pytest.raises(CatalogueError, match=words):
        Catalogue.read(path, **catalogue).find(MINE + ":1")


def test_where_only_containers_run_the_lack_of_an_engine_is_an_error(tmp_path: Path) -> None:
    catalogue = Catalogue.read(
        tmp_path / "images.toml", has_commands=False, containers=Engine(why_absent="install Docker")
    )

    with pytest.raises(CatalogueError, match="install Docker"):
        catalogue.find(MINE + ":1")


@pytest.mark.parametrize(
    "more", ['container = ""', "container = 3", 'container = "a:1"\ncode = "/x"', 'container = "a:1"\ncommand = ["x"]']
)
def test_a_container_with_something_wrong_is_an_error(tmp_path: Path, more: str) -> None:
    path = a_file(tmp_path, f'[[image]]\npattern = "{MINE}:*"\n{more}')

    with pytest.raises(CatalogueError, match="container"):
        Catalogue.read(path, containers=Engine()).find(MINE + ":1")


def test_a_container_is_added_and_read_back(tmp_path: Path) -> None:
    entry = CatalogueEntry(pattern="*/mine:*", container="trainer:3")

    add_image(tmp_path / "images.toml", entry)

    assert Catalogue.read(tmp_path / "images.toml").entries[0] == entry
