"""What the pages show, and that nothing hostile gets through them."""

import gzip
import re
from dataclasses import replace
from html.parser import HTMLParser
from http.client import HTTPConnection
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from luthier.dashboard.children_table import PAGE as CHILDREN_PAGE
from luthier.dashboard.job_list import PAGE
from luthier.dashboard.routes import STATIC
from luthier.records.names import Scope, tuning_job_arn
from luthier.records.search_space import CategoricalRange, ContinuousRange, SearchSpace
from luthier.records.status import SecondaryStatus, TrainingStatus, TuningStatus
from luthier.records.training_job import Transition
from luthier.records.tuning_job import Objective, ObjectiveType
from things import SCOPE, a_definition, a_training_job, a_tuning_definition, a_tuning_job

if TYPE_CHECKING:
    from dashboard.conftest import Site

TUNE = "/ui/tuning-jobs/us-east-1/tune"
HOSTILE = "<script>alert('x')</script>"
ODD = "\0 \ud800 \u202e <b>"
OVER = TrainingStatus.COMPLETED
OUR_SCRIPTS = {"/static/live.js", "/static/durations.js", "/static/charts.js", "/static/copying.js"}


class _Tags(HTMLParser):
    """Every element of a page with its attributes; also what is left open."""

    VOID = frozenset({"meta", "link", "br", "input", "rect", "line", "circle", "path", "polyline"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> closes another element"


def rows(text: str) -> list[str]:
    """Give the rows of a page's tables, as text without tags."""
    return [re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", row)).strip() for row in re.findall("(?s)<tr.*?</tr>", text)]


def training_url(ordinal: int) -> str:
    return f"/ui/training-jobs/us-east-1/{a_training_job(ordinal).name}"


def test_the_first_page_of_an_empty_store_says_what_to_do(site: "Site") -> None:
    page = site.get("/")

    assert page.status == 200
    assert "There is no tuning job yet." in page.text


def test_the_first_page_lists_tuning_jobs_newest_first(site: "Site") -> None:
    for name, created in (("older", 1000.0), ("newest", 3000.0), ("newer", 2000.0)):
        site.store.tuning_jobs.add(a_tuning_job(name, created_at=created))

    text = site.get("/").text

    assert text.index(">newest<") < text.index(">newer<") < text.index(">older<")


def test_the_first_page_shows_counters_and_the_best_objective(site: "Site") -> None:
    jobs = [a_training_job(1, OVER), a_training_job(2, TrainingStatus.FAILED), a_training_job(3)]
    site.add(*jobs)
    site.report(jobs[0], 0.125)

    row = rows(site.get("/").text)[1]

    assert "2 of 10 over" in row
    assert "1 completed 1 in progress 1 failed 0.125 Minimize loss" in row


def test_every_tuning_job_is_on_exactly_one_page(site: "Site") -> None:
    names = [f"job-{number:02d}" for number in range(PAGE + 3)]
    for number, name in enumerate(names):
        site.store.tuning_jobs.add(a_tuning_job(name, created_at=1000.0 + number))

    first = site.get("/").text
    following = re.search(r'href="([^"]*)" rel="next"', first)
    assert following is not None
    second = site.get(following[1].replace("&amp;", "&")).text

    assert sorted(re.findall(r">(job-\d+)<", first + second)) == names
    assert 'rel="next"' not in second


def test_a_made_up_page_of_the_list_is_refused_with_advice(site: "Site") -> None:
    page = site.get("/?after=%00nonsense")

    assert page.status == 400
    assert "begin with its first one" in page.text


def test_each_region_has_a_list_of_its_own(site: "Site") -> None:
    elsewhere = Scope(account=SCOPE.account, region="eu-west-1")
    site.store.tuning_jobs.add(a_tuning_job("here"))
    site.store.tuning_jobs.add(a_tuning_job("there", scope=elsewhere, arn=tuning_job_arn(elsewhere, "there")))

    page = site.get("/?region=eu-west-1")

    assert ">there<" in page.text
    assert ">here<" not in page.text
    assert 'href="/?region=us-east-1"' in page.text


def test_jobs_of_other_accounts_are_not_shown(site: "Site") -> None:
    other = Scope(account="111111111111", region=SCOPE.region)
    site.store.tuning_jobs.add(a_tuning_job("secret", scope=other, arn=tuning_job_arn(other, "secret")))

    assert "secret" not in site.get("/").text
    assert site.get("/ui/tuning-jobs/us-east-1/secret").status == 404


def test_a_tuning_job_shows_its_best_training_job_with_hyperparameters(site: "Site") -> None:
    jobs = [a_training_job(number, OVER) for number in (1, 2, 3)]
    site.add(*jobs)
    for job, value in zip(jobs, (0.5, 0.25, 0.75), strict=True):
        site.report(job, value)

    text = site.get(TUNE).text
    best = text[text.index('id="best"') : text.index("</section>")]

    assert jobs[1].name in best
    assert "0.25" in best
    assert re.search(r"<dt>eta</dt><dd>0.002</dd>", best)


def test_the_training_jobs_are_listed_newest_first(site: "Site") -> None:
    site.add(*(a_training_job(number) for number in (1, 2, 3)))

    assert [row.split()[0] for row in rows(site.get(TUNE).text)[1:]] == ["3", "2", "1"]


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ("?sort=ordinal&order=asc", "1234"),
        ("?sort=objective", "3124"),
        ("?sort=objective&order=desc", "1324"),
        ("?sort=status&order=asc", "1324"),
        ("?sort=nonsense&order=nonsense", "4321"),
    ],
)
def test_the_training_jobs_sort_by_the_address(site: "Site", query: str, order: str) -> None:
    jobs = [a_training_job(1, OVER), a_training_job(2, TrainingStatus.FAILED), a_training_job(3, OVER)]
    site.add(*jobs, a_training_job(4))
    for job, value in zip(jobs, (0.5, 0.1, 0.25), strict=True):
        site.report(job, value)

    assert "".join(row.split()[0] for row in rows(site.get(TUNE + query).text)[1:]) == order


def test_the_best_objective_comes_first_where_more_is_better(site: "Site") -> None:
    objective = Objective(type=ObjectiveType.MAXIMIZE, metric="loss")
    site.store.tuning_jobs.add(a_tuning_job(specification={"objective": objective}))
    jobs = [a_training_job(number, OVER) for number in (1, 2)]
    site.add(*jobs)
    for job, value in zip(jobs, (0.5, 0.75), strict=True):
        site.report(job, value)

    assert [row.split()[0] for row in rows(site.get(f"{TUNE}?sort=objective").text)[1:]] == ["2", "1"]


def test_links_at_the_top_of_a_tuning_job_lead_to_its_parts(site: "Site") -> None:
    job = a_training_job(1, OVER)
    site.store.tuning_jobs.add(a_tuning_job())
    site.add(job)
    site.report(job, 0.5)

    text = site.get(TUNE).text
    jumps = re.findall(r'href="#([a-z-]+)"', text[text.index('class="jumps"') : text.index('class="facts')])

    assert jumps == ["curves-title", "learned", "lines-title", "timeline", "children", "configuration"]
    assert all(f'id="{each}"' in text for each in jumps)


def test_the_list_leads_to_a_comparison_where_there_is_something_to_compare(site: "Site") -> None:
    site.store.tuning_jobs.add(a_tuning_job("one"))
    alone = site.get("/").text
    site.store.tuning_jobs.add(a_tuning_job("other"))

    assert "Compare tuning jobs" not in alone
    assert '<a class="aside" href="/ui/compare">Compare tuning jobs</a>' in site.get("/").text


def test_an_address_that_there_is_not_says_so(site: "Site") -> None:
    assert "There is no such page." in site.get("/ui/nowhere").text


def test_a_value_that_does_not_count_says_so(site: "Site") -> None:
    failed, running = a_training_job(1, TrainingStatus.FAILED), a_training_job(2)
    site.add(failed, running)
    site.report(failed, 0.5)
    site.report(running, 0.25)

    listed = rows(site.get(TUNE).text)

    assert "0.25 so far" in listed[1]
    assert "0.5 not counted" in listed[2]


def two_definitions(site: "Site") -> None:
    """A tuning job of two algorithms, each with a training job that is over."""
    trees = a_tuning_definition(name="trees")
    linear = a_tuning_definition(
        name="linear",
        objective=Objective(type=ObjectiveType.MINIMIZE, metric="rmse"),
        space=SearchSpace(ranges=(ContinuousRange(name="l2", low=0.0, high=1.0),)),
    )
    site.store.tuning_jobs.add(a_tuning_job(specification={"definitions": (trees, linear)}))
    jobs = [
        a_training_job(1, OVER, definition_name="trees"),
        a_training_job(2, OVER, definition_name="linear", tuned={"l2": "0.75"}),
    ]
    site.add(*jobs)
    for job in jobs:
        site.report(job, 0.5, "loss", sequence=1)
        site.report(job, 0.25, "rmse", sequence=2)


def test_training_jobs_of_several_definitions_show_their_own_objective_and_hyperparameters(site: "Site") -> None:
    two_definitions(site)

    heading, second, first = rows(site.get(TUNE).text)

    assert "Definition Status Objective eta max_depth booster l2" in heading
    assert "linear rmse Completed Starting 0.25 – – – 0.75" in second
    assert "trees loss Completed Starting 0.5 0.001 3 gbtree –" in first


def test_the_best_of_several_definitions_shows_its_own_hyperparameters(site: "Site") -> None:
    two_definitions(site)

    text = site.get(TUNE).text
    best = text[text.index('id="best"') : text.index("</section>")]

    assert "linear, rmse" in best
    assert re.findall(r"<dt>(.*?)</dt>", best) == ["l2"]


def test_the_first_page_names_the_objectives_of_all_definitions(site: "Site") -> None:
    two_definitions(site)

    assert "0.25 Minimize loss, rmse" in rows(site.get("/").text)[1]


def test_the_objective_of_a_training_job_is_its_own_definitions(site: "Site") -> None:
    two_definitions(site)

    text = site.get(training_url(2)).text

    assert "rmse objective 0.25 0.25 0.25 1" in rows(text)
    assert "loss 0.5 0.5 0.5 1" in rows(text)
    assert re.search(r"<dt>Definition</dt><dd>linear</dd>", text)


def test_many_training_jobs_are_dealt_over_pages(site: "Site") -> None:
    count = 2 * CHILDREN_PAGE + 1
    site.add(*(a_training_job(number, name=f"tune-{number:03d}-x") for number in range(1, count + 1)))

    pages = [site.get(f"{TUNE}?sort=ordinal&order=asc&page={number}").text for number in (1, 2, 3)]
    ordinals = [int(row.split()[0]) for page in pages for row in rows(page)[1:]]

    assert ordinals == list(range(1, count + 1))


def test_the_plot_has_a_mark_for_every_reported_objective(site: "Site") -> None:
    jobs = [a_training_job(number, OVER) for number in (1, 2, 3)]
    site.add(*jobs)
    for job in jobs[:2]:
        site.report(job, 0.5 / job.ordinal if job.ordinal else 0.5)

    assert site.get(TUNE).text.count("<circle") == 2


def test_a_training_job_shows_its_transitions_and_how_long_each_took(site: "Site") -> None:
    steps = (
        (SecondaryStatus.STARTING, 1000.0),
        (SecondaryStatus.TRAINING, 1010.0),
        (SecondaryStatus.COMPLETED, 1100.0),
    )
    transitions = tuple(Transition(status=status, at=at, message=f"now {status}") for status, at in steps)
    site.add(a_training_job(1, OVER, transitions=transitions, ended_at=1100.0))

    text = site.get(training_url(1)).text

    assert re.search(r"<b>Starting</b>.*?10 s.*<b>Training</b>.*?1 min 30 s.*<b>Completed</b>", text, re.DOTALL)
    assert "now Training" in text


def test_a_training_job_shows_the_model_once_it_was_uploaded(site: "Site") -> None:
    uploading = (Transition(status=SecondaryStatus.UPLOADING, at=1010.0, message=""),)
    site.add(a_training_job(1, OVER, transitions=uploading), a_training_job(2, TrainingStatus.STOPPED))

    assert f"s3://data/output/{a_training_job(1).name}/output/model.tar.gz" in site.get(training_url(1)).text
    assert "model.tar.gz" not in site.get(training_url(2)).text


def test_a_training_job_shows_the_last_value_of_each_metric(site: "Site") -> None:
    job = a_training_job(1)
    site.add(job)
    site.report(job, 0.5, sequence=1)
    site.report(job, 0.25, sequence=2)
    site.report(job, 7.0, "accuracy", sequence=3)

    listed = rows(site.get(training_url(1)).text)

    assert "loss objective 0.25 0.25 0.5 2" in listed
    assert "accuracy 7 7 7 1" in listed


def test_a_training_job_shows_the_last_200_lines_of_its_log(site: "Site") -> None:
    job = a_training_job(1)
    site.add(job)
    site.logs[job.name] = "".join(f"line {number}.\n" for number in range(1, 251))

    text = site.get(training_url(1)).text

    assert "line 50." not in text
    assert "line 51." in text
    assert "line 250." in text


@pytest.mark.parametrize("hostile", [HOSTILE, '" onmouseover="alert(1)', ODD])
def test_free_text_is_shown_and_never_obeyed(site: "Site", hostile: str) -> None:
    job = a_training_job(
        1,
        TrainingStatus.FAILED,
        failure_reason=hostile,
        tuned={"eta": hostile, "max_depth": hostile, "booster": hostile},
        transitions=(Transition(status=SecondaryStatus.FAILED, at=1.0, message=f"{hostile}!"),),
    )
    objective = Objective(type=ObjectiveType.MINIMIZE, metric=hostile)
    site.store.tuning_jobs.add(a_tuning_job(specification={"objective": objective}, failure_reason=hostile))
    site.add(job)
    site.report(job, 1.0, hostile)
    site.logs[job.name] = f"{hostile}\n\x1b[2J\x1b]0;title\x07"

    for path in ("/", TUNE, training_url(1)):
        page = site.get(path)
        tags = _Tags(page.text).found
        assert page.status == 200
        assert {attributes["src"] for tag, attributes in tags if tag == "script"} <= OUR_SCRIPTS
        assert not [name for _, attributes in tags for name in attributes if name.startswith("on")]
        assert not re.search("[\0-\x08\x0b-\x1f\x7f\u202e]", page.text)


@pytest.mark.parametrize("path", ["/", TUNE, training_url(1), "/nothing"])
def test_every_element_is_closed_and_no_style_or_script_is_inline(site: "Site", path: str) -> None:
    job = a_training_job(1, OVER)
    site.add(job, a_training_job(2, TrainingStatus.FAILED, failure_reason="no"), a_training_job(3))
    site.report(job, 0.5)
    site.logs[job.name] = "a line\n"

    tags = _Tags(site.get(path).text)

    assert tags.open == []
    assert not [tag for tag, attributes in tags.found if tag == "style" or "style" in attributes]


@pytest.mark.parametrize("path", ["/", TUNE, training_url(1)])
def test_every_table_has_a_caption_and_every_heading_a_scope(site: "Site", path: str) -> None:
    site.add(a_training_job(1, OVER))

    tags = _Tags(site.get(path).text).found

    assert all(following[0] == "caption" for (tag, _), following in pairwise(tags) if tag == "table")
    assert all("scope" in attributes for tag, attributes in tags if tag == "th")


def test_nothing_is_loaded_from_elsewhere(site: "Site") -> None:
    tags = _Tags(site.get("/").text).found
    loaded = [
        attributes.get("src") or attributes.get("href") or "" for tag, attributes in tags if tag in ("script", "link")
    ]

    assert all(address.startswith(("/static/", "data:")) for address in loaded)


@pytest.mark.parametrize(("name", "kind"), [("luthier.css", "text/css"), ("live.js", "javascript")])
def test_style_sheet_and_script_are_served(site: "Site", name: str, kind: str) -> None:
    page = site.get(f"/static/{name}")

    assert page.status == 200
    assert kind in page.headers["content-type"]


def test_scripts_are_compressed_for_whoever_takes_that(site: "Site") -> None:
    connection = HTTPConnection(site.address)
    connection.request("GET", "/static/live.js", headers={"Accept-Encoding": "gzip"})

    answer = connection.getresponse()

    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.read()) == (STATIC / "live.js").read_bytes()
    connection.close()


@pytest.mark.parametrize(
    "path",
    [
        "/ui/tuning-jobs/us-east-1/unknown",
        "/ui/training-jobs/us-east-1/unknown",
        "/ui/tuning-jobs/us-east-1/%00",
        "/ui/tuning-jobs/%ff/x",
        "/ui/nothing",
        "/static/../pages.py",
        "/static/%2e%2e/pages.py",
        "/?region=mars-1",
    ],
)
def test_an_address_that_names_nothing_is_not_found(site: "Site", path: str) -> None:
    site.store.tuning_jobs.add(a_tuning_job())

    assert site.get(path).status == 404


def test_names_are_found_whatever_their_case(site: "Site") -> None:
    site.store.tuning_jobs.add(a_tuning_job())

    assert site.get(TUNE.replace("tune", "TUNE")).status == 200


def test_head_gives_the_headers_alone(site: "Site") -> None:
    page = site.get("/", method="HEAD")

    assert (page.status, page.text) == (200, "")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_pages_take_no_orders(site: "Site", method: str) -> None:
    assert site.get("/", method=method).status == 405


def test_a_page_keeps_itself_up_to_date_while_the_job_goes_on(site: "Site") -> None:
    job = a_tuning_job()
    site.store.tuning_jobs.add(job)
    assert "data-period-ms" in site.get(TUNE).text

    assert site.store.tuning_jobs.replace(replace(job, status=TuningStatus.COMPLETED, ended_at=2000.0))

    assert "data-period-ms" not in site.get(TUNE).text


def test_a_training_job_on_several_instances_says_how_many(site: "Site") -> None:
    job = a_training_job(1, definition=a_definition(instance_count=3, instance_type="ml.m5.large"))
    site.add(job)

    assert "3 × ml.m5.large" in site.get(training_url(1)).text


def learned(site: "Site", count: int) -> str:
    """Give the section on what *count* training jobs of rising eta, and rising loss, have taught."""
    jobs = [
        a_training_job(number, OVER, tuned={"eta": repr(0.05 * number), "max_depth": "3", "booster": "dart"})
        for number in range(1, count + 1)
    ]
    site.add(*jobs)
    for number, job in enumerate(jobs, 1):
        site.report(job, 0.1 * number)
    text = site.get(TUNE).text
    return text[text.index('id="learned"') : text.index('id="children"')]


def test_a_tuning_job_shows_what_has_been_learned(site: "Site") -> None:
    section = learned(site, 12)

    assert section.index("eta") < section.index("max_depth")
    assert section.count('class="plot slice"') == 3
    assert section.count('class="plot slice surface"') == 3
    assert "It rests on 12 training jobs with an objective." in section


def test_the_drawings_of_what_has_been_learned_are_well_formed(site: "Site") -> None:
    learned(site, 12)

    tags = _Tags(site.get(TUNE).text)

    assert tags.open == []
    assert not [tag for tag, attributes in tags.found if tag == "style" or "style" in attributes]
    assert all("aria-label" in attributes for tag, attributes in tags.found if attributes.get("role") == "img")


def test_a_tuning_job_with_little_to_learn_from_says_why(site: "Site") -> None:
    assert "Not enough to tell. 2 training jobs have an objective; 5 are needed." in learned(site, 2)


def test_without_any_objective_nothing_is_said_of_learning(site: "Site") -> None:
    site.add(a_training_job(1))

    assert 'id="learned"' not in site.get(TUNE).text


@pytest.mark.parametrize("hostile", [HOSTILE, '" onmouseover="alert(1)', "\0 \u202e <b>"])
def test_names_of_hyperparameters_and_choices_are_drawn_and_never_obeyed(site: "Site", hostile: str) -> None:
    space = SearchSpace(ranges=(CategoricalRange(name=f"n{hostile}", choices=(hostile, "b")),))
    site.store.tuning_jobs.add(a_tuning_job(specification={"space": space}))
    jobs = [a_training_job(number, OVER, tuned={f"n{hostile}": (hostile, "b")[number % 2]}) for number in range(1, 9)]
    site.add(*jobs)
    for number, job in enumerate(jobs, 1):
        site.report(job, 1.0 + number % 2)

    text = site.get(TUNE).text
    tags = _Tags(text).found

    assert 'class="plot slice"' in text
    assert {attributes["src"] for tag, attributes in tags if tag == "script"} == OUR_SCRIPTS
    assert not [name for _, attributes in tags for name in attributes if name.startswith("on")]
    assert not re.search("[\0-\x08\x0b-\x1f\x7f\u202e]", text)


def test_each_of_several_definitions_has_learned_by_itself(site: "Site") -> None:
    definitions = (a_tuning_definition(name="first"), a_tuning_definition(name="second"))
    site.store.tuning_jobs.add(a_tuning_job(specification={"definitions": definitions}))
    jobs = [a_training_job(number, OVER, definition_name="first") for number in range(1, 8)]
    site.add(*jobs)
    for number, job in enumerate(jobs, 1):
        site.report(job, 1.0 * number)

    text = site.get(TUNE).text

    assert "<h3>first, loss</h3>" in text
    assert "It rests on 7 training jobs" in text
    assert "Not enough to tell. 0 training jobs have an objective" in text[text.index("<h3>second, loss</h3>") :]


def test_an_objective_that_is_not_found_is_told_with_a_pattern_that_finds_it(site: "Site") -> None:
    job = a_training_job(1, OVER, started_at=1001.0)
    site.add(job)
    site.logs[job.name] = "Loss: 0.5 <b>\n"

    text = site.get(TUNE).text

    assert "loss has not been found in any log" in text
    assert f"/ui/patterns/us-east-1/{job.name}?metric=loss&amp;pattern=" in text


def test_a_pattern_is_tried_on_a_log(site: "Site") -> None:
    job = a_training_job(1, OVER)
    site.add(job)
    site.logs[job.name] = f"loss=0.5 {HOSTILE}\nbye\n"

    text = site.get(f"/ui/patterns/us-east-1/{job.name}?pattern=loss%3D(%5B0-9.%5D%2B)&metric=loss").text

    assert '<mark class="found">loss=</mark><mark class="caught">0.5</mark>' in text
    assert HOSTILE not in text
    assert _Tags(text).open == []


def test_a_pattern_page_begins_with_what_is_defined(site: "Site") -> None:
    job = a_training_job(1, OVER)
    site.add(job)

    assert 'value="loss=([0-9.]+)"' in site.get(f"/ui/patterns/us-east-1/{job.name}").text
    assert site.get("/ui/patterns/us-east-1/nothing").status == 404


def test_one_that_was_stopped_early_says_so(site: "Site") -> None:
    site.add(a_training_job(1, TrainingStatus.STOPPED, stop_reason="others were better"))

    assert '<small title="others were better">early</small>' in site.get(TUNE).text
