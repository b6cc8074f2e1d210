"""A tuning job's page as a person has it: charts drawn, nothing refused, live, and no wider than a phone."""

import re
from time import monotonic
from typing import TYPE_CHECKING, Any

import pytest

from browser.conftest import JOBS, a_child
from luthier.records.status import TrainingStatus
from things import a_training_job, a_tuning_job

if TYPE_CHECKING:
    from browser.conftest import Site

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

PATIENCE_MS = 90_000
KINDS = ["curves", "lines"]
IS_PAINTED = """(canvas) => {
  const dots = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  return dots.some((dot) => dot !== 0);
}"""


def open_chart(page: Any, url: str, kind: str) -> Any:
    """Scroll to a chart, again if the page has moved meanwhile, until it is drawn."""
    page.goto(url, timeout=PATIENCE_MS)
    chart = page.locator(f"#chart-{kind}")
    deadline = monotonic() + PATIENCE_MS / 1000
    while not chart.locator("canvas").first.is_visible():
        assert monotonic() < deadline, f"not drawn; it says {chart.locator('.told').inner_text()!r}"
        chart.scroll_into_view_if_needed(timeout=PATIENCE_MS)
        page.wait_for_timeout(50)
    return chart


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_is_drawn_and_nothing_is_complained_of(
    site: "Site", page: Any, complaints: list[str], kind: str
) -> None:
    chart = open_chart(page, site.url, kind)

    assert chart.locator("canvas").first.evaluate(IS_PAINTED)
    assert complaints == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_makes_the_page_no_wider_than_its_window(site: "Site", page: Any, kind: str) -> None:
    open_chart(page, site.url, kind)

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_parallel_coordinates_cost_nothing_until_they_are_looked_at(site: "Site", page: Any) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(site.url, timeout=PATIENCE_MS)
    page.wait_for_load_state("networkidle", timeout=PATIENCE_MS)

    assert not [url for url in asked if "echarts" in url]


def test_a_script_that_does_not_come_is_asked_for_again(site: "Site", page: Any) -> None:
    asked: list[Any] = []
    page.route("**/echarts.min.js*", lambda route: asked.append(route) if not asked else route.continue_())
    page.clock.install()
    page.goto(site.url, timeout=PATIENCE_MS)
    chart = page.locator("#chart-lines")
    with page.expect_request("**/echarts.min.js*", timeout=PATIENCE_MS):
        chart.scroll_into_view_if_needed(timeout=PATIENCE_MS)

    page.clock.fast_forward(30_000)
    chart.locator(".told", has_text="echarts.min.js does not load").wait_for(timeout=PATIENCE_MS)
    page.clock.fast_forward(4_000)

    chart.locator("canvas").first.wait_for(timeout=PATIENCE_MS)


def test_the_legend_of_curves_names_what_is_drawn_alone(site: "Site", page: Any) -> None:
    calm = a_tuning_job("calm")
    job = a_training_job(1, TrainingStatus.COMPLETED, name="calm-001-00000001", tuning_job=calm.arn)
    site.store.tuning_jobs.add(calm)
    assert site.store.training_jobs.add_children(calm, [job])
    site.report(job, 0.5, 0.25)

    mixed = open_chart(page, site.url, "curves").locator(".legend li:visible").count()
    alone = open_chart(page, site.url.replace("/tune", "/calm"), "curves").locator(".legend li:visible")

    assert (mixed, alone.all_inner_texts()) == (4, ["the best"])


def test_the_objective_of_a_training_job_is_seen_without_scrolling_aside(site: "Site", page: Any) -> None:
    page.goto(site.url, timeout=PATIENCE_MS)
    objective = page.locator("#number-1 td.figure:not(.ordinal)").first.bounding_box()

    assert objective["x"] + objective["width"] <= page.viewport_size["width"]


def test_the_numbers_of_curves_are_there_as_a_table(site: "Site", page: Any) -> None:
    chart = open_chart(page, site.url, "curves")

    chart.locator("summary").click()

    chart.locator("tbody tr").nth(JOBS - 1).wait_for(timeout=PATIENCE_MS)
    assert chart.locator("tbody tr").count() == JOBS
    assert chart.locator("tbody tr", has_text="stopped early").count() == JOBS // 6 - 1


def test_pointing_at_a_curve_names_its_training_job(site: "Site", page: Any) -> None:
    chart = open_chart(page, site.url, "curves")
    over = chart.locator(".u-over")
    box = over.bounding_box()

    over.hover(position={"x": box["width"] * 0.99, "y": box["height"] * 0.75})

    chart.locator(".told a").wait_for(timeout=PATIENCE_MS)
    assert re.fullmatch(r"\d+: tune-.* after 5 reports", chart.locator(".told").inner_text())


def test_a_new_report_is_drawn_without_reloading_and_the_table_stays_open(site: "Site", page: Any) -> None:
    chart = open_chart(page, site.url, "curves")
    chart.locator("summary").click()
    running = chart.locator("tbody tr", has_text=a_child(JOBS).name).locator("td")

    site.report(a_child(JOBS), 0.125, 0.0625)

    running.nth(5).filter(has_text="0.0625").wait_for(timeout=PATIENCE_MS)
    assert running.nth(1).inner_text() == "7"


def test_lines_are_picked_from_the_keyboard_and_the_table_follows(
    site: "Site", page: Any, complaints: list[str]
) -> None:
    chart = open_chart(page, site.url, "lines")
    chart.locator(".numbers summary").click()
    chart.locator("tbody tr").first.wait_for(timeout=PATIENCE_MS)
    everything = chart.locator("tbody tr").count()
    chart.locator(".picks summary").press("Enter")
    eta = chart.get_by_role("group", name="eta")

    eta.get_by_label("from").focus()
    page.keyboard.type("0.1")
    page.keyboard.press("Tab")
    page.keyboard.type("0.4")
    page.keyboard.press("Tab")
    chart.get_by_label("gbtree").focus()
    page.keyboard.press("Space")

    picked = [ordinal for ordinal in range(1, JOBS) if 0.1 <= 0.9 / ordinal <= 0.4 and ordinal % 2 == 0]
    told = chart.get_by_role("status").filter(has_text=f"{len(picked)} of {everything} picked")
    told.wait_for(timeout=PATIENCE_MS)
    assert chart.locator("tbody tr").count() == len(picked) < everything
    assert complaints == []


def test_what_is_picked_stays_so_when_the_lines_are_drawn_again(site: "Site", page: Any) -> None:
    chart = open_chart(page, site.url, "lines")
    chart.locator(".numbers summary").click()
    chart.locator(".picks summary").click()
    chart.get_by_label("gbtree").check()
    before = chart.get_by_role("status").inner_text()
    chart.get_by_label("gbtree").blur()
    chart.locator("canvas").first.evaluate("(canvas) => (canvas.id = 'old')")

    page.evaluate("document.querySelector('#chart-lines').dataset.version = 'another'")
    page.evaluate("document.dispatchEvent(new Event('luthier:shown'))")
    page.locator("#old").wait_for(state="detached", timeout=PATIENCE_MS)

    assert chart.get_by_role("status").inner_text() == before
    assert chart.get_by_label("gbtree").is_checked()


def test_training_jobs_that_are_picked_stay_so_while_the_page_is_live_and_are_set_beside_each_other(
    site: "Site", page: Any, complaints: list[str]
) -> None:
    page.goto(site.url, timeout=PATIENCE_MS)
    page.get_by_label("Pick No. 3", exact=True).check()
    page.get_by_label("Pick No. 5", exact=True).check()
    page.evaluate("document.addEventListener('luthier:shown', () => (document.documentElement.id = 'again'))")
    site.report(a_child(JOBS), 0.0625)
    page.locator("html#again").wait_for(state="attached", timeout=PATIENCE_MS)

    page.get_by_role("button", name="Set those picked beside each other").click()
    page.wait_for_url("**/beside?no=*", timeout=PATIENCE_MS)

    assert page.locator("table.beside thead a").all_inner_texts() == ["No. 5", "No. 3"]
    assert page.locator("polyline.course").count() == 2
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert complaints == []


def test_the_filter_picks_rows(site: "Site", page: Any) -> None:
    page.goto(site.url, timeout=PATIENCE_MS)

    page.get_by_label("Status").select_option("Early")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**status=Early**", timeout=PATIENCE_MS)

    assert page.locator("section[aria-labelledby=children] tbody tr").count() == JOBS // 6 - 1


def test_what_is_half_written_in_the_filter_is_not_lost(site: "Site", page: Any) -> None:
    page.goto(site.url, timeout=PATIENCE_MS)
    field = page.get_by_label("Name")

    field.press_sequentially("tune-0", delay=700)

    assert field.input_value() == "tune-0"


def test_an_opened_copy_stays_open_while_the_page_is_live(site: "Site", page: Any) -> None:
    page.goto(site.url, timeout=PATIENCE_MS)
    page.locator("#as-boto3 summary").click()
    page.evaluate("document.addEventListener('luthier:shown', () => (document.documentElement.id = 'again'))")
    site.report(a_child(JOBS), 0.0625)

    page.locator("html#again").wait_for(state="attached", timeout=PATIENCE_MS)

    assert page.locator("#boto3-text").is_visible()


def test_tuning_jobs_beside_each_other_fit_and_draw_their_lines(site: "Site", page: Any, complaints: list[str]) -> None:
    page.goto(f"{site.origin}/ui/compare?job=us-east-1/tune", timeout=PATIENCE_MS)

    assert page.locator("polyline.course").count() == 2  # the best so far, and the distribution
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert complaints == []
