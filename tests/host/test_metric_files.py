"""Following the files in which an algorithm reports metrics."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from luthier.clusters.workspace import Workspace
from luthier.host.journal import Journal
from luthier.host.layout import METRICS
from luthier.host.metric_files import LONGEST, MOST, MetricFiles
from luthier.records.journal import MetricSeen

Write = Callable[[str, str], None]


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    """A workspace whose algorithm has its folders."""
    workspace = Workspace(tmp_path)
    (workspace.host("algo-1").ml / METRICS).mkdir(parents=True)
    return workspace


def folder(place: Workspace) -> Path:
    return place.host("algo-1").ml / METRICS


def following(place: Workspace, told: set[str] | None = None) -> MetricFiles:
    """Follow the files of a workspace for the metric loss, on a clock that stands still."""
    journal = Journal(place, lambda: 7.0)
    return MetricFiles(place.host("algo-1").ml, {"loss"}, set() if told is None else told, journal, lambda: 7.0)


def record(value: float, end: str = "\n") -> str:
    return f'{{"MetricName": "loss", "Value": {value}}}{end}'


def write(place: Workspace, name: str, text: str) -> None:
    with (folder(place) / name).open("a") as file:
        file.write(text)


def values(place: Workspace) -> list[float]:
    return [each.value for each in place.entries() if isinstance(each, MetricSeen)]


def test_a_record_is_reported_when_its_line_has_ended(place: Workspace) -> None:
    follower = following(place)

    write(place, "a.json", record(0.5) + record(0.25, end=""))
    follower.follow()
    assert values(place) == [0.5]

    write(place, "a.json", "\n")
    follower.follow()
    assert values(place) == [0.5, 0.25]


def test_the_last_line_needs_no_end(place: Workspace) -> None:
    follower = following(place)
    write(place, "a.jsonl", record(0.5, end=""))

    follower.finish()

    assert values(place) == [0.5]


def test_files_may_come_later_and_be_several(place: Workspace) -> None:
    follower = following(place)
    write(place, "b.json", record(1.0))
    follower.follow()
    write(place, "a.json", record(2.0))
    write(place, "b.json", record(3.0))

    follower.finish()

    assert values(place) == [1.0, 2.0, 3.0]


def test_who_is_told_is_remembered(place: Workspace) -> None:
    told: set[str] = set()
    write(place, "a.json", record(0.5))

    following(place, told).follow()

    assert told == {"loss"}


def test_what_is_no_file_of_records_is_passed_over(place: Workspace, tmp_path: Path) -> None:
    """A pipe that nobody writes to, a link to a file elsewhere, a folder, a file of another name."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text(record(6.0))
    os.mkfifo(folder(place) / "pipe.json")
    (folder(place) / "link.json").symlink_to(elsewhere)
    (folder(place) / "folder.json").mkdir()
    write(place, "notes.txt", record(7.0))
    write(place, "good.json", record(0.5))

    following(place).finish()

    assert values(place) == [0.5]


@pytest.mark.parametrize("name", ["output", "output/metrics", METRICS])
def test_a_folder_that_leads_elsewhere_is_not_followed(place: Workspace, tmp_path: Path, name: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    place.host("algo-1").ml.joinpath(name).rename(elsewhere)
    place.host("algo-1").ml.joinpath(name).symlink_to(elsewhere)
    for each in [elsewhere, *elsewhere.rglob("*")]:
        if each.is_dir():
            (each / "a.json").write_text(record(0.5))

    following(place).finish()

    assert values(place) == []


def test_a_folder_that_is_gone_is_no_trouble(place: Workspace) -> None:
    follower = following(place)
    write(place, "a.json", record(0.5))
    follower.follow()

    (folder(place) / "a.json").unlink()
    folder(place).rmdir()
    follower.finish()

    assert values(place) == [0.5]


def test_a_file_that_was_cut_short_is_read_anew(place: Workspace) -> None:
    follower = following(place)
    write(place, "a.json", record(0.5) + record(0.25))
    follower.follow()

    (folder(place) / "a.json").write_text(record(0.125))
    follower.finish()

    assert values(place) == [0.5, 0.25, 0.125]


def test_more_files_than_anybody_needs_are_not_read(place: Workspace) -> None:
    for number in range(MOST + 5):
        write(place, f"{number:03}.json", record(number))

    following(place).finish()

    assert values(place) == list(range(MOST))


def test_a_file_of_holes_is_read_to_a_bound(place: Workspace) -> None:
    with (folder(place) / "holes.json").open("wb") as file:
        file.truncate(LONGEST * 4096)

    following(place).finish()

    assert values(place) == []
