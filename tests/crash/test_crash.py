"""Controllers killed at every effect boundary, once and twice, and raced by twins: no promise breaks."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from crash.story import Story, begin, check

SMALL = {"max_jobs": 3, "max_parallel": 2}
TINY = {"max_jobs": 2, "max_parallel": 2}
ONE_BY_ONE = {"max_jobs": 3, "max_parallel": 1}

STOPS = [None, 1, 2, 3, 4, 6]  # rounds in which a stop is asked for; None: never


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder in memory where there is one: thousands of small databases are made in it."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        yield Path(name)


def boundaries(folder: Path, **story: object) -> int:
    """Count the effect boundaries of an undisturbed life."""
    undisturbed = told(folder, {}, **story)
    return undisturbed.fuse.passed


def told(folder: Path, strikes: dict[int, str], **story: object) -> Story:
    """Play a whole life, with strikes ('kill' or 'twin') at numbered boundaries."""
    with TemporaryDirectory(dir=folder) as place:
        life = begin(Path(place), **story)  # type: ignore[arg-type]  # each test names its own story
        life.fuse.strikes.update({at: getattr(life, strike) for at, strike in strikes.items()})
        life.play()
        check(life)
        life.outcome = [child.hyperparameters for child in life.children()]
        life.store.close()
        return life


@pytest.mark.parametrize("stop_at", STOPS)
@pytest.mark.parametrize("strike", ["kill", "twin"])
def test_one_strike_at_any_boundary_breaks_nothing(folder: Path, strike: str, stop_at: int | None) -> None:
    count = boundaries(folder, specification=SMALL, stop_at=stop_at)

    for at in range(1, count + 1):
        told(folder, {at: strike}, specification=SMALL, stop_at=stop_at)

    assert count >= 2


@pytest.mark.slow
@pytest.mark.parametrize("strikes", [("kill", "kill"), ("kill", "twin"), ("twin", "kill"), ("twin", "twin")])
def test_two_strikes_at_any_two_boundaries_break_nothing(folder: Path, strikes: tuple[str, str]) -> None:
    count = boundaries(folder, specification=TINY)

    for first in range(1, count + 1):
        for second in range(first + 1, count + 3):
            told(folder, {first: strikes[0], second: strikes[1]}, specification=TINY)

    assert count > 20


def test_a_kill_changes_no_proposal_of_a_sequential_tuning_job(folder: Path) -> None:
    undisturbed = told(folder, {}, specification=ONE_BY_ONE)

    for at in range(1, undisturbed.fuse.passed + 1):
        assert told(folder, {at: "kill"}, specification=ONE_BY_ONE).outcome == undisturbed.outcome
