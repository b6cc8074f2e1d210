"""What is counted, and what a scrape reads."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from luthier.clusters.occupancy import Level, Occupancy
from luthier.loop import Pulse
from luthier.store.census import Counts
from luthier.watching.meters import Meters, Standing
from luthier.witness import Deed, Facts

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def samples(meters: Meters) -> Samples:
    """Read what a scrape reads, as Prometheus would."""
    return {
        (each.name, tuple(sorted(each.labels.items()))): each.value
        for family in text_string_to_metric_families(meters.text().decode())
        for each in family.samples
    }


def done(deed: Deed, **facts: str) -> Samples:
    meters = Meters()
    with meters.watch(deed, dict(facts)):
        pass
    return samples(meters)


def of(name: str, found: Samples) -> list[dict[str, str]]:
    return [dict(labels) for each, labels in found if each == name]


def test_a_request_is_counted_with_its_operation_and_status() -> None:
    found = done(Deed.REQUEST, request="r", service="sagemaker", operation="ListTags", status="200")

    assert of("luthier_requests_total", found) == [{"service": "sagemaker", "operation": "ListTags", "code": "200"}]


def test_what_becomes_known_while_a_deed_is_done_counts() -> None:
    meters, facts = Meters(), Facts(request="r")
    with meters.watch(Deed.REQUEST, facts):
        facts |= {"service": "sagemaker", "operation": "ListTags", "code": "ValidationException"}

    assert of("luthier_requests_total", samples(meters))[0]["code"] == "ValidationException"


def test_a_request_whose_client_went_away_is_counted() -> None:
    meters = Meters()

    with pytest.raises(ConnectionError), meters.watch(Deed.REQUEST, {"request": "r"}):
        raise ConnectionError

    assert of("luthier_requests_total", samples(meters))[0]["code"] == "gone"


@pytest.mark.parametrize("code", ["a b", 'x"} 1\nevil{a="', "é", "x" * 65])
def test_a_code_that_this_house_does_not_write_is_no_label(code: str) -> None:
    found = done(Deed.REQUEST, request="r", code=code)

    assert of("luthier_requests_total", found) == [{"service": "other", "operation": "other", "code": "other"}]


def test_neither_jobs_nor_requests_are_labels() -> None:
    meters = Meters()
    for number in range(50):
        for deed, facts in (
            (Deed.REQUEST, {"request": f"r{number}", "service": "sagemaker", "operation": "ListTags"}),
            (Deed.PASS, {"lane": "tuning", "job": f"arn-{number}", "outcome": "idle"}),
            (Deed.PROPOSAL, {"job": f"arn-{number}", "strategy": "Random", "count": str(number)}),
        ):
            with meters.watch(deed, facts):
                pass

    values = {value for _, labels in samples(meters) for _, value in labels}

    assert not any(each.startswith(("arn-", "r1")) for each in values)


def test_the_time_of_a_proposal_is_kept_by_strategy() -> None:
    found = done(Deed.PROPOSAL, job="arn", strategy="Bayesian", count="2")

    assert found["luthier_proposal_seconds_count", (("strategy", "Bayesian"),)] == 1


def test_passes_are_counted_by_what_came_of_them() -> None:
    found = done(Deed.PASS, lane="tuning", job="arn", outcome="failed")

    assert found["luthier_reconcile_passes_total", (("lane", "tuning"), ("outcome", "failed"))] == 1


def test_what_is_taken_in_adds_up() -> None:
    meters = Meters()
    meters.count("metric_points", 3)
    meters.count("metric_points", 4)

    assert samples(meters)["luthier_metric_points_total", ()] == 7


def test_a_scrape_reads_what_is_true_just_then() -> None:
    counts, meters = [Counts(training_jobs={"InProgress": 2}, leases=1)], Meters()
    occupancy = Occupancy(placed=2, waiting=5, levels={"slots": Level(total=16, in_use=2)})
    pulse = Pulse(lane="training", looked_at=1.0, items=3, backlog=1)
    meters.registry.register(Standing(counts=lambda: counts[0], occupancy=lambda: occupancy, pulses=lambda: [pulse]))
    counts[0] = Counts(training_jobs={"InProgress": 4}, leases=2, stopped_early=9)

    found = samples(meters)

    assert found["luthier_training_jobs", (("status", "InProgress"),)] == 4
    assert found["luthier_training_jobs_stopped_early", ()] == 9
    assert found["luthier_leases", ()] == 2
    assert found["luthier_queue", (("state", "waiting"),)] == 5
    assert found["luthier_capacity", (("of", "slots"), ("state", "free"))] == 14
    assert found["luthier_reconcile_backlog", (("lane", "training"),)] == 1


def test_events_wait_by_destination_and_none_waiting_is_a_number_too() -> None:
    meters, counts = Meters(), Counts(untold={"chat": 3})
    standing = Standing(
        counts=lambda: counts,
        occupancy=lambda: Occupancy(placed=0, waiting=0, levels={}),
        pulses=lambda: [],
        destinations=["webhook", "chat"],
    )
    meters.registry.register(standing)

    found = samples(meters)

    assert found["luthier_events_waiting", (("destination", "chat"),)] == 3
    assert found["luthier_events_waiting", (("destination", "webhook"),)] == 0


def test_the_moments_at_which_counters_began_are_left_out() -> None:
    found = done(Deed.PASS, lane="tuning", job="arn", outcome="failed")

    assert "luthier_reconcile_seconds_count" in {name for name, _ in found}
    assert [name for name, _ in found if name.endswith("_created")] == []


def test_nothing_is_read_before_somebody_asks() -> None:
    def never() -> Counts:
        raise AssertionError("read")

    Meters().registry.register(Standing(counts=never, occupancy=never, pulses=never))  # type: ignore[arg-type]
