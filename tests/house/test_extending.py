"""The strategy that the documentation writes as an example is one."""

import re
from pathlib import Path
from typing import Any

import numpy as np

from strategies.spaces import PLANE, over

PAGE = Path(__file__).parents[2] / "docs/inside/extending.md"


def example() -> Any:
    [program] = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(program, str(PAGE), "exec"), names)
    return names["Nearby"]()


def test_the_example_begins_somewhere() -> None:
    points = example().propose(PLANE, [], 3, np.random.default_rng(1))

    assert len(points) == 3
    assert all({"x", "y"} <= set(point) for point in points)


def test_the_example_goes_on_near_the_best() -> None:
    trials = [over({"x": 9.0, "y": 14.0}, 5.0), over({"x": 0.0, "y": 2.0}, 1.0)]

    points = example().propose(PLANE, trials, 40, np.random.default_rng(1))

    assert np.median([abs(point["x"]) for point in points]) < 3.0
    assert len({point["x"] for point in points}) == 40
