"""Following a log while it is being written."""

from pathlib import Path

import pytest

from luthier.clusters.workspace import Workspace
from luthier.host.journal import Journal
from luthier.host.log import LogFollower
from luthier.metrics.scraper import Scraper
from luthier.records.journal import MetricSeen
from training_hosts import a_spec


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    """A workspace with an empty log."""
    (tmp_path / "algo-1.log").touch()
    return Workspace(tmp_path)


def following(place: Workspace) -> LogFollower:
    """Follow a workspace's log, on a clock that stands still."""
    scraper, journal = Scraper(a_spec().definition.metrics), Journal(place, lambda: 7.0)
    return LogFollower(place.host("algo-1").log, place.host("algo-1").log_times, scraper, journal, lambda: 7.0)


def write(place: Workspace, text: bytes) -> None:
    with place.host("algo-1").log.open("ab") as file:
        file.write(text)


def values(place: Workspace) -> list[float]:
    return [each.value for each in place.entries() if isinstance(each, MetricSeen)]


def test_a_metric_is_reported_when_its_line_has_ended(place: Workspace) -> None:
    follower = following(place)

    write(place, b"loss=0.5\nloss=0.2")
    follower.follow()
    assert values(place) == [0.5]

    write(place, b"5\n")
    follower.follow()
    assert values(place) == [0.5, 0.25]


def test_the_last_line_needs_no_end(place: Workspace) -> None:
    follower = following(place)
    write(place, b"loss=0.5")

    follower.finish()

    assert values(place) == [0.5]


def test_a_metric_has_the_time_at_which_it_was_read(place: Workspace) -> None:
    follower = following(place)
    write(place, b"loss=0.5\n")

    follower.follow()

    assert place.entries() == (MetricSeen(name="loss", value=0.5, at=7.0),)


def test_a_log_that_the_algorithm_cut_short_is_read_from_its_start(place: Workspace) -> None:
    follower = following(place)
    write(place, b"loss=0.5\n" + 100 * b"x" + b"\n")
    follower.follow()

    place.host("algo-1").log.write_bytes(b"loss=0.25\n")
    follower.follow()

    assert values(place) == [0.5, 0.25]


def test_what_an_earlier_try_has_left_is_not_read_again(place: Workspace) -> None:
    write(place, b"loss=0.5\n")
    follower = following(place)

    write(place, b"loss=0.25\n")
    follower.follow()

    assert values(place) == [0.25]


def test_a_flood_is_taken_in_by_pieces(place: Workspace) -> None:
    follower = following(place)
    write(place, 5 * (1 << 20) * b"\n")

    assert follower.follow()
    assert not follower.follow()


def test_what_came_soon_after_a_note_is_noted_although_nothing_follows(place: Workspace) -> None:
    at = iter([0.0, 0.5, 0.9, 1.5, 2.5])
    follower = LogFollower(
        place.host("algo-1").log,
        place.host("algo-1").log_times,
        Scraper([]),
        Journal(place, lambda: 0.0),
        lambda: next(at),
    )
    write(place, b"one\n")
    follower.follow()
    write(place, b"two\n")
    follower.follow()

    follower.follow()

    assert place.host("algo-1").log_times.read_text().splitlines() == ["4 0.000", "8 1.500"]
