"""Pages that change while somebody looks at them: what arrives, by which way, and what stays as the reader has it."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from browser.conftest import JOBS, a_child
from browser.test_tuning_job import PATIENCE_MS, open_chart
from luthier.dashboard import wording
from luthier.records.status import TrainingStatus
from things import a_tuning_job

if TYPE_CHECKING:
    from browser.conftest import Site

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.parametrize("page", [1280], ids=["desk"], indirect=True),  # how wide it is changes nothing of this
]

RUNNING = a_child(JOBS)
WITHOUT_LONG_TIMERS = """
  const soon = window.setTimeout;
  window.setTimeout = (does, wait, ...others) => (wait >= 2000 ? 0 : soon(does, wait, ...others));
"""
SELECT_LINE = """(log, line) => {
  const start = log.textContent.indexOf(line);
  getSelection().setBaseAndExtent(log.firstChild, start, log.firstChild, start + line.length);
}"""
TOP_OF_LINE = """(log, line) => {
  const range = document.createRange();
  range.setStart(log.firstChild, log.textContent.indexOf(line));
  range.setEnd(log.firstChild, log.textContent.indexOf(line) + line.length);
  return Math.round(range.getBoundingClientRect().top - log.getBoundingClientRect().top);
}"""


def lines(first: int, last: int) -> str:
    return "".join(f"line {number}.\n" for number in range(first, last + 1))


def open_log(site: "Site", page: Any, text: str) -> Any:
    """Open the page of the training job that goes on, with a log."""
    site.logs[RUNNING.name] = text
    page.goto(site.training_url(RUNNING), timeout=PATIENCE_MS)
    return page.locator("#log")


def prints(site: "Site", page: Any, text: str) -> None:
    """Have the log grow, and wait until its last line is there."""
    site.logs[RUNNING.name] += text
    page.locator("#log", has_text=text.splitlines()[-1]).wait_for(timeout=PATIENCE_MS)


def test_a_report_arrives_by_the_stream_alone(site: "Site", page: Any, complaints: list[str]) -> None:
    page.add_init_script(WITHOUT_LONG_TIMERS)
    page.goto(site.url, timeout=PATIENCE_MS)

    site.report(RUNNING, 0.0625)

    page.locator(f"#number-{JOBS}", has_text="0.0625 so far").wait_for(timeout=PATIENCE_MS)
    assert complaints == []


def test_a_new_tuning_job_appears_in_the_list(site: "Site", page: Any) -> None:
    page.add_init_script(WITHOUT_LONG_TIMERS)
    page.goto(site.origin, timeout=PATIENCE_MS)

    site.store.tuning_jobs.add(a_tuning_job("another"))

    page.get_by_role("link", name="another").wait_for(timeout=PATIENCE_MS)


def test_a_line_of_a_log_arrives_by_the_stream_alone(site: "Site", page: Any) -> None:
    page.add_init_script(WITHOUT_LONG_TIMERS)
    log = open_log(site, page, lines(1, 3))

    prints(site, page, lines(4, 4))

    assert log.inner_text() == lines(1, 4)


def test_changes_arrive_although_a_stream_is_refused(site: "Site", page: Any) -> None:
    page.route("**/events", lambda route: route.fulfill(status=503))
    page.goto(site.url, timeout=PATIENCE_MS)

    site.report(RUNNING, 0.0625)

    page.locator(f"#number-{JOBS}", has_text="0.0625 so far").wait_for(timeout=PATIENCE_MS)


def test_changes_arrive_although_a_proxy_holds_the_stream_up(site: "Site", page: Any) -> None:
    page.add_init_script("window.EventSource = class { readyState = 0; addEventListener() {} close() {} };")
    page.goto(site.url, timeout=PATIENCE_MS)

    site.report(RUNNING, 0.0625)

    page.locator(f"#number-{JOBS}", has_text="0.0625 so far").wait_for(timeout=PATIENCE_MS)


def test_what_is_selected_in_a_log_stays_selected_while_it_rolls_on(site: "Site", page: Any) -> None:
    log = open_log(site, page, lines(1, 200))
    log.evaluate(SELECT_LINE, "line 150.")

    prints(site, page, lines(201, 290))

    assert page.evaluate("getSelection().toString()") == "line 150."


def test_what_is_read_in_a_log_stays_where_it_is_while_it_rolls_on(site: "Site", page: Any) -> None:
    log = open_log(site, page, lines(1, 200))
    log.evaluate("(log) => log.scrollTo(0, log.scrollHeight * 0.75)")
    before = log.evaluate(TOP_OF_LINE, "line 155.")

    prints(site, page, lines(201, 240))

    assert log.evaluate(TOP_OF_LINE, "line 155.") == before


def test_a_log_that_is_read_to_its_end_is_followed(site: "Site", page: Any) -> None:
    log = open_log(site, page, lines(1, 200))

    prints(site, page, lines(201, 240))

    assert log.evaluate("(log) => log.scrollTop > 0 && log.scrollTop + log.clientHeight >= log.scrollHeight - 4")


def test_a_line_that_is_written_over_is_shown_as_it_is_now(site: "Site", page: Any) -> None:
    log = open_log(site, page, "begin\n10 %")
    site.logs[RUNNING.name] = "begin\n10 %\r20 %\nend\n"

    page.locator("#log", has_text="end").wait_for(timeout=PATIENCE_MS)

    assert log.inner_text() == "begin\n20 %\nend\n"


def test_the_focus_stays_on_its_link(site: "Site", page: Any) -> None:
    page.goto(site.url, timeout=PATIENCE_MS)
    page.locator("#number-3 a").focus()

    site.report(RUNNING, 0.0625)
    page.locator(f"#number-{JOBS}", has_text="0.0625 so far").wait_for(timeout=PATIENCE_MS)

    assert page.evaluate("document.activeElement.closest('tr').id") == "number-3"


def test_a_drawn_chart_stays_while_the_page_changes_around_it(site: "Site", page: Any) -> None:
    chart = open_chart(page, site.url, "curves")
    chart.evaluate("(chart) => { chart.querySelector('.drawing').dataset.mark = chart.dataset.version; }")
    version = chart.get_attribute("data-version")

    site.report(RUNNING, 0.0625)
    page.locator(f"#chart-curves:not([data-version='{version}'])").wait_for(state="attached", timeout=PATIENCE_MS)

    assert chart.locator(f".drawing[data-mark='{version}'] canvas").count() == 1


def test_a_page_says_that_its_server_is_away_and_comes_back_by_itself(site: "Site", page: Any) -> None:
    page.goto(site.url, timeout=PATIENCE_MS)
    stale = page.locator("#stale")
    port = int(site.origin.rpartition(":")[2])

    site.server.close()
    stale.wait_for(timeout=PATIENCE_MS)
    site.start(port)
    stale.wait_for(state="hidden", timeout=PATIENCE_MS)
    site.report(RUNNING, 0.0625)

    page.locator(f"#number-{JOBS}", has_text="0.0625 so far").wait_for(timeout=PATIENCE_MS)


def test_the_page_of_a_job_that_has_ended_holds_no_stream(site: "Site", page: Any) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(site.training_url(a_child(1)), timeout=PATIENCE_MS)
    page.wait_for_load_state("networkidle", timeout=PATIENCE_MS)

    assert not [url for url in asked if url.endswith("/events")]


def test_a_page_lets_its_stream_go_when_its_job_ends(site: "Site", page: Any) -> None:
    page.goto(site.training_url(RUNNING), timeout=PATIENCE_MS)
    stored = site.store.training_jobs.get(RUNNING.arn)
    assert stored is not None

    assert site.store.training_jobs.take_in(replace(stored, status=TrainingStatus.COMPLETED, ended_at=2000.0), [])

    page.locator("main:not([data-stream])").wait_for(timeout=PATIENCE_MS)
    page.locator(".title .badge.Completed").wait_for(timeout=PATIENCE_MS)


def test_a_page_that_nobody_sees_holds_no_stream(site: "Site", page: Any) -> None:
    with page.expect_response("**/events", timeout=PATIENCE_MS):
        page.goto(site.url, timeout=PATIENCE_MS)

    with page.expect_event("requestfailed", lambda failed: failed.url.endswith("/events"), timeout=PATIENCE_MS):
        page.evaluate(
            "Object.defineProperty(document, 'hidden', { value: true });"
            "document.dispatchEvent(new Event('visibilitychange'))"
        )


def test_less_than_100_kilobytes_of_script_come_before_the_first_chart(site: "Site", page: Any) -> None:
    """Of a page that changes meanwhile it is htmx too."""
    page.add_init_script(WITHOUT_LONG_TIMERS)
    scripts: list[Any] = []
    page.on("response", lambda response: scripts.append(response) if response.url.endswith(".js") else None)

    open_chart(page, site.url, "curves")

    assert 0 < sum(len(each.body()) for each in scripts) < 100_000


def test_htmx_comes_when_something_has_changed(site: "Site", page: Any) -> None:
    page.goto(site.url, timeout=PATIENCE_MS)

    with page.expect_request("**/htmx.min.js", timeout=PATIENCE_MS):
        site.report(RUNNING, 0.0625)


def test_a_duration_goes_on_without_its_server(site: "Site", page: Any) -> None:
    page.add_init_script(WITHOUT_LONG_TIMERS)
    page.goto(site.url, timeout=PATIENCE_MS)
    duration = page.locator(".facts [data-lasted-s]")
    said = duration.get_attribute("data-lasted-s")

    page.wait_for_function(
        "(text) => document.querySelector('.facts [data-lasted-s]').textContent !== text",
        arg=wording.duration(float(said)),
        timeout=PATIENCE_MS,
    )

    assert duration.get_attribute("data-lasted-s") == said


def test_a_script_words_durations_as_the_server_does(site: "Site", page: Any) -> None:
    lengths = [0, 59, 60, 3599, 3600, 8105, 86_399, 86_400, 200_000]
    page.goto(site.origin, timeout=PATIENCE_MS)

    texts = page.evaluate("(all) => import('/static/durations.js').then((it) => all.map(it.worded))", lengths)

    assert texts == [wording.duration(each) for each in lengths]
