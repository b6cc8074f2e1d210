"""Training jobs that are deleted while controllers are killed at every effect boundary, or raced by twins."""

from pathlib import Path

import pytest

from crash.story import Story, begin
from crash.test_crash import folder
from luthier.records.training_job import TrainingJob

__all__ = ["folder"]

SMALL = {"max_jobs": 2, "max_parallel": 2}


def test_one_strike_at_any_boundary_of_a_deletion_leaves_nothing_behind(folder: Path) -> None:
    count = deleted(folder, {})

    for at in range(1, count + 1):
        for strike in ("kill", "twin"):
            deleted(folder, {at: strike})

    assert count >= 8  # two training jobs, two effects each, before and after


@pytest.mark.slow
def test_two_strikes_at_any_two_boundaries_of_a_deletion_leave_nothing_behind(folder: Path) -> None:
    count = deleted(folder, {})

    for first in range(1, count + 1):
        for second in range(first + 1, count + 3):
            for strikes in (("kill", "kill"), ("kill", "twin"), ("twin", "kill"), ("twin", "twin")):
                deleted(folder, {first: strikes[0], second: strikes[1]})


def test_a_name_made_free_is_a_new_training_job_s(folder: Path) -> None:
    """However often the old one's deletion is struck, the new one runs once, with its own hyperparameters."""
    for at in range(1, deleted(folder, {}) + 1):
        deleted(folder, {at: "twin"}, again=True)


def deleted(folder: Path, strikes: dict[int, str], *, again: bool = False) -> int:
    """Tell a tuning job's life, then the deletion of its training jobs; give the boundaries of the latter."""
    story = begin(folder, specification=SMALL)
    story.play()
    first = story.fuse.passed
    story.fuse.strikes.update({first + at: getattr(story, strike) for at, strike in strikes.items()})
    children = story.children()
    for child in children:
        assert story.store.training_jobs.request_deletion(child.arn, story.cluster.now)
    story.play()
    assert all(story.store.training_jobs.get(child.arn) is None for child in children)
    assert story.cluster.jobs == {}
    boundaries = story.fuse.passed - first
    if again:
        run_again(story, children[0])
    story.store.close()
    return boundaries


def run_again(story: Story, old: TrainingJob) -> None:
    launches = len(story.cluster.launches)
    new = TrainingJob(
        arn=old.arn,
        name=old.name,
        scope=old.scope,
        hyperparameters={"eta": "0.25"},
        definition=old.definition,
        request={},
        created_at=story.cluster.now,
        modified_at=story.cluster.now,
    )
    story.store.training_jobs.add(new)
    story.play()
    assert [dict(spec.hyperparameters) for spec in story.cluster.launches[launches:]] == [{"eta": "0.25"}]
    (point,) = story.store.training_jobs.points(new.arn)
    assert point.value == pytest.approx(0.15)
