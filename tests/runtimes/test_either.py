"""One runtime for commands, and another for containers."""

from pathlib import Path

import pytest

from enclosed import an_enclosure, run, shell
from luthier.records.algorithm import Algorithm
from luthier.runtimes.either import Either
from luthier.runtimes.plain import Plain


def test_a_command_is_left_to_the_one_for_commands(tmp_path: Path) -> None:
    assert run(Either(commands=Plain(), containers=None), shell("exit 3"), an_enclosure(tmp_path)).code == 3


@pytest.mark.parametrize(("container", "kind"), [(None, "a command"), ("mine:1", "a container")])
def test_what_the_setting_rules_out_is_an_error(tmp_path: Path, container: str | None, kind: str) -> None:
    algorithm = Algorithm(image="mine", command=("/bin/true",), container=container)

    with pytest.raises(OSError, match=f"mine is {kind}, which the setting runtime rules out"):
        run(Either(commands=None, containers=None), algorithm, an_enclosure(tmp_path))
