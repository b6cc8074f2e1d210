"""The strategy, the runtime and the cluster that the documentation writes as examples are some."""

import os
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from enclosed import an_enclosure, run, shell
from local_cluster import a_job, a_site, end_of
from luthier.clusters.capacity import Slots
from luthier.records.journal import Outcome, Presence
from luthier.runtimes.plain import Plain
from strategies.spaces import PLANE, over
from things import MACHINE

PAGE = Path(__file__).parents[2] / "docs/inside/extending.md"


def example(name: str) -> Any:
    """Run the program of the page that makes a class of this name, and give the class."""
    programs = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    [program] = [each for each in programs if f"class {name}:" in each]
    names: dict[str, Any] = {}
    exec(compile(program, str(PAGE), "exec"), names)
    return names[name]


def test_the_example_begins_somewhere() -> None:
    points = example("Nearby")().propose(PLANE, [], 3, np.random.default_rng(1))

    assert len(points) == 3
    assert all({"x", "y"} <= set(point) for point in points)


def test_the_example_goes_on_near_the_best() -> None:
    trials = [over({"x": 9.0, "y": 14.0}, 5.0), over({"x": 0.0, "y": 2.0}, 1.0)]

    points = example("Nearby")().propose(PLANE, trials, 40, np.random.default_rng(1))

    assert np.median([abs(point["x"]) for point in points]) < 3.0
    assert len({point["x"] for point in points}) == 40


def test_programs_of_the_examples_runtime_give_way(tmp_path: Path) -> None:
    ended = run(example("Gently")(Plain()), shell("exit $(nice)"), an_enclosure(tmp_path))

    assert ended.code == min(os.nice(0) + 10, 19)


@pytest.mark.slow
def test_training_jobs_of_the_examples_cluster_run_on_either_of_those_below_it(tmp_path: Path) -> None:
    with a_site(tmp_path / "site") as site:
        below = [site.cluster(Slots(MACHINE, 4), root=tmp_path / name) for name in ("left", "right")]
        cluster = example("Spread")(*below)
        specs = [a_job(f"spread-{number}", "quick") for number in range(6)]

        for spec in specs:
            cluster.start(spec)

        assert [end_of(cluster, spec.arn).outcome for spec in specs] == [Outcome.COMPLETED] * 6
        held = [[each.observe(spec.arn, 0).presence is Presence.PRESENT for spec in specs] for each in below]
        assert all(left != right for left, right in zip(*held, strict=True))
        assert all(any(each) for each in held)
