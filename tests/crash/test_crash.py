"""Controllers killed at every effect boundary, once and twice, and raced by twins: no promise breaks."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from crash.story import Story, begin, check
from crash.world import PlayedCluster
from luthier.records.tuning_job import Resource
from things import a_tuning_definition

SMALL = {"max_jobs": 3, "max_parallel": 2}
TINY = {"max_jobs": 2, "max_parallel": 2}
ONE_BY_ONE = {"max_jobs": 3, "max_parallel": 1}

TWO_DEFINITIONS = {"definitions": (a_tuning_definition(name="a"), a_tuning_definition(name="b")), **SMALL}
CRITERIA = {
    "a target": {"max_jobs": 4, "max_parallel": 2, "target": 0.9},
    "patience": {"max_jobs": 7, "max_parallel": 2, "patience": 3},
    "a time": {"max_jobs": 4, "max_parallel": 2, "max_runtime_s": 1005},  # the world begins 1000 seconds later
}

TWO_STRIKES = [("kill", "kill"), ("kill", "twin"), ("twin", "kill"), ("twin", "twin")]
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
    life = begin(folder, **story)  # type: ignore[arg-type]  # each test names its own story
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


@pytest.mark.parametrize("strike", ["kill", "twin"])
def test_one_strike_breaks_no_tuning_job_of_two_definitions(folder: Path, strike: str) -> None:
    for at in range(1, boundaries(folder, specification=TWO_DEFINITIONS) + 1):
        told(folder, {at: strike}, specification=TWO_DEFINITIONS)


@pytest.mark.parametrize("asked", [{"stops_early": True}, {"resource": Resource(minimum=1, maximum=9)}], ids=str)
@pytest.mark.parametrize("stop_at", [None, 3])
@pytest.mark.parametrize("strike", ["kill", "twin"])
def test_one_strike_breaks_nothing_where_training_jobs_are_stopped_early(
    folder: Path, strike: str, stop_at: int | None, asked: dict[str, Any]
) -> None:
    """Because that was asked for, or by Hyperband."""
    story: dict[str, Any] = {"specification": {**SMALL, **asked}, "stop_at": stop_at}
    count = boundaries(folder, **story)

    for at in range(1, count + 1):
        told(folder, {at: strike}, **story)

    assert stop_at is not None or count > boundaries(folder, specification=SMALL), "none was stopped early"


@pytest.mark.parametrize("stop_at", [None, 3])
@pytest.mark.parametrize("strike", ["kill", "twin"])
def test_one_strike_breaks_nothing_where_training_jobs_wait_for_a_place(
    folder: Path, strike: str, stop_at: int | None
) -> None:
    story: dict[str, Any] = {"specification": TINY, "stop_at": stop_at}

    for at in range(1, boundaries(folder, **story, cluster=PlayedCluster(places=1)) + 1):
        told(folder, {at: strike}, **story, cluster=PlayedCluster(places=1))


@pytest.mark.parametrize("criterion", ["a target", "a time", pytest.param("patience", marks=pytest.mark.slow)])
@pytest.mark.parametrize("strike", ["kill", "twin"])
def test_one_strike_breaks_no_decision_to_complete(folder: Path, strike: str, criterion: str) -> None:
    """Nothing is launched after it, what still runs is stopped, and the tuning job completes."""
    undisturbed = told(folder, {}, specification=CRITERIA[criterion])
    assert len(undisturbed.outcome) < CRITERIA[criterion]["max_jobs"]

    for at in range(1, undisturbed.fuse.passed + 1):
        told(folder, {at: strike}, specification=CRITERIA[criterion])


@pytest.mark.slow
@pytest.mark.parametrize("every", range(6))
def test_two_strikes_at_any_two_boundaries_break_nothing(folder: Path, every: int) -> None:
    """Each pair of boundaries has one of the four kinds of pairs, in turn, and its neighbours have the others."""
    count = boundaries(folder, specification=TINY)

    for first in range(1 + every, count + 1, 6):
        for second in range(first + 1, count + 3):
            strikes = TWO_STRIKES[(first + second) % 4]
            told(folder, {first: strikes[0], second: strikes[1]}, specification=TINY)

    assert count > 20


@pytest.mark.parametrize("specification", [ONE_BY_ONE, {**TWO_DEFINITIONS, **ONE_BY_ONE}], ids=["one", "two"])
def test_a_kill_changes_no_proposal_of_a_sequential_tuning_job(folder: Path, specification: dict[str, object]) -> None:
    undisturbed = told(folder, {}, specification=specification)

    for at in range(1, undisturbed.fuse.passed + 1):
        assert told(folder, {at: "kill"}, specification=specification).outcome == undisturbed.outcome
