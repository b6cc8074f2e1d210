"""The page of one training job: curves, timeline, channels, resources, remedies, and its log searched."""

import re
from typing import TYPE_CHECKING

import pytest

from luthier.records.channel import Channel, DataType, InputMode
from luthier.records.checkpoints import Checkpoints
from luthier.records.status import SecondaryStatus, TrainingStatus
from luthier.records.training_job import Transition
from things import a_definition, a_training_job

if TYPE_CHECKING:
    from dashboard.conftest import Site

URL = "/ui/training-jobs/us-east-1/tune-001-00000001"
HOSTILE = "<img src=x onerror=alert(1)>\0\u202e"


def test_every_metric_is_drawn(site: "Site") -> None:
    job = a_training_job(1)
    site.add(job)
    for number in range(1, 6):
        site.report(job, 1.0 / number, sequence=number)
        site.report(job, 0.1 * number, "accuracy", sequence=number + 10)

    text = site.get(URL).text

    assert text.count('<polyline class="middle"') == 2
    assert 'aria-label="loss: 5 values from 0.2 to 1, the last one 0.2"' in text


def test_curves_are_drawn_over_time_where_the_address_says_so(site: "Site") -> None:
    job = a_training_job(1)
    site.add(job)
    site.report(job, 1.0, sequence=1)
    site.report(job, 0.5, sequence=2)

    text = site.get(f"{URL}?across=time").text

    assert '<a href="?across=time" aria-current="true">' in text
    assert "8 min 19 s: 1</title>" in text  # reported at 1500 s, and created at 1001 s


def test_links_at_its_top_lead_to_its_parts(site: "Site") -> None:
    site.add(a_training_job(1, TrainingStatus.FAILED))

    text = site.get(URL).text
    jumps = re.findall(r'href="#([a-z-]+)"', text[text.index('class="jumps"') : text.index('class="facts')])

    assert "log-title" in jumps
    assert all(f'id="{each}"' in text for each in jumps)


def test_the_timeline_has_a_piece_for_each_transition_that_lasted(site: "Site") -> None:
    steps = (
        (SecondaryStatus.STARTING, 1001.0),
        (SecondaryStatus.TRAINING, 1101.0),
        (SecondaryStatus.COMPLETED, 1401.0),
    )
    transitions = tuple(Transition(status=status, at=at, message="") for status, at in steps)
    site.add(a_training_job(1, TrainingStatus.COMPLETED, transitions=transitions, ended_at=1401.0))

    pieces = re.findall(r'<rect class="phase-(\w+)" x="([0-9.]+)" width="([0-9.]+)"', site.get(URL).text)

    assert pieces == [("Starting", "0.0", "250.0"), ("Training", "250.0", "750.0")]


def test_the_wait_for_a_place_is_told(site: "Site") -> None:
    later = (Transition(status=SecondaryStatus.STARTING, at=1061.0, message=""),)
    site.add(a_training_job(1, transitions=later))

    assert "1 min 00 s until it began" in site.get(URL).text


def test_one_that_has_not_begun_says_how_long_it_has_waited(site: "Site") -> None:
    site.add(a_training_job(1, transitions=()))

    assert "It has been waiting for its host to start for 1 h 06 min." in site.get(URL).text


def test_channels_are_listed_with_their_sources(site: "Site") -> None:
    channel = Channel(
        name="train",
        uri="s3://data/manifest",
        data_type=DataType.AUGMENTED_MANIFEST_FILE,
        attributes=("image", "label"),
        input_mode=InputMode.PIPE,
        content_type="application/x-recordio",
        shuffle_seed=7,
    )
    site.add(a_training_job(1, definition=a_definition(channels=(channel,))))

    text = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", site.get(URL).text))

    assert "train s3://data/manifest AugmentedManifestFile: image, label Pipe application/x-recordio" in text
    assert "shuffled, seed 7" in text


def test_resources_and_places_are_shown(site: "Site") -> None:
    definition = a_definition(
        volume_gb=17, is_isolated=True, max_retries=2, checkpoints=Checkpoints(uri="s3://data/checkpoints")
    )
    site.add(a_training_job(1, definition=definition))

    text = site.get(URL).text

    for fact in ("17 GB", "isolated", "2 times", "1 × ml.m5.large", "s3://data/checkpoints", definition.role):
        assert fact in text


def test_the_values_of_environment_variables_are_not_shown(site: "Site") -> None:
    site.add(a_training_job(1, definition=a_definition(environment={"TOKEN": "hush"})))

    text = site.get(URL).text

    assert "TOKEN" in text
    assert "hush" not in text


def test_a_failure_says_what_to_do(site: "Site") -> None:
    reason = "ClientError: input, model and scratch files need more than 1 GB; raise VolumeSizeInGB"
    site.add(a_training_job(1, TrainingStatus.FAILED, failure_reason=reason))

    text = site.get(URL).text

    assert "What to do" in text
    assert "Raise VolumeSizeInGB of ResourceConfig" in text


def test_one_that_was_stopped_early_says_why(site: "Site") -> None:
    site.add(a_training_job(1, TrainingStatus.STOPPED, stop_reason="others were better"))

    assert "It was stopped early: others were better" in site.get(URL).text


def test_a_search_shows_the_lines_that_have_the_text(site: "Site") -> None:
    job = a_training_job(1)
    site.add(job)
    site.logs[job.name] = "fine\nan ERROR here\nfine again\n"

    text = site.get(f"{URL}?find=error").text

    assert '<span class="number">2</span> an <mark class="caught">ERROR</mark> here' in text
    assert "fine again" not in text


def test_a_search_that_finds_nothing_says_so(site: "Site") -> None:
    job = a_training_job(1)
    site.add(job)
    site.logs[job.name] = "fine\n"

    assert "<b>0</b> lines with “error”." in site.get(f"{URL}?find=error").text


@pytest.mark.parametrize("find", ["%3Cimg", "onerror%3D", "%00", "%22%3E%3Cscript%3E", "%F0%9F%92%A9", "%ff"])
def test_neither_a_search_nor_a_log_is_obeyed(site: "Site", find: str) -> None:
    job = a_training_job(1)
    site.add(job)
    site.logs[job.name] = f"{HOSTILE}\n"

    page = site.get(f"{URL}?find={find}")

    assert page.status == 200
    assert not re.search("<img|<script>|[\0\u202e]", page.text)


def test_hostile_channels_and_reasons_are_shown_and_never_obeyed(site: "Site") -> None:
    channel = Channel(name="train", uri=f"s3://data/{HOSTILE}", content_type=HOSTILE)
    definition = a_definition(channels=(channel,), environment={HOSTILE: HOSTILE}, role=HOSTILE, image=HOSTILE)
    site.add(a_training_job(1, TrainingStatus.FAILED, definition=definition, failure_reason=HOSTILE))

    assert not re.search("<img|[\0\u202e]", site.get(URL).text)
