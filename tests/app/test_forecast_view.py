"""Time left and cost, as people read them."""

from dataclasses import replace

from luthier.app.forecast_view import document, lines, use
from luthier.records.prices import Prices
from luthier.tuning.forecast import Forecast, Limit

FOUND = Forecast(
    limits=(
        Limit(rule="MaxNumberOfTrainingJobs", at=1360.0),
        Limit(rule="TargetObjectiveMetricValue", at=None),
        Limit(rule="CompleteOnConvergence", at=1120.0, is_earliest=True),
    ),
    ends_at=1360.0,
    used_s={"ml.m5.large": 3600.0},
    expected_s={"ml.m5.large": 9000.0},
)
PRICES = Prices(per_hour={"ml.m5.large": 0.5}, currency="USD")


def test_the_time_left_is_told_by_each_rule() -> None:
    assert lines(FOUND, None, 1000.0) == [
        "time left: about 6 min 00 s",
        "  MaxNumberOfTrainingJobs: in 6 min 00 s",
        "  TargetObjectiveMetricValue: not foreseen",
        "  CompleteOnConvergence: in at least 2 min 00 s",
        "instance hours so far: 1 of ml.m5.large; expected in all: 2.5 of ml.m5.large",
    ]


def test_what_is_not_known_yet_is_said() -> None:
    nothing = Forecast(limits=(), ends_at=None, used_s={}, expected_s=None)

    assert lines(nothing, None, 1000.0) == [
        "time left: not known before a training job is over",
        "instance hours so far: none",
    ]


def test_costs_are_told_by_the_users_prices() -> None:
    assert use(FOUND, PRICES)[1] == "on AWS, by your prices, so far: 0.50 USD; expected in all: 1.25 USD"


def test_a_cost_that_is_next_to_nothing_is_not_nothing() -> None:
    little = replace(FOUND, used_s={"ml.m5.large": 7.0}, expected_s={})

    assert use(little, PRICES)[1] == "on AWS, by your prices, so far: below 0.01 USD; expected in all: 0.00 USD"


def test_a_price_that_is_missing_is_named() -> None:
    other = replace(FOUND, used_s={"ml.g5.xlarge": 1.0}, expected_s=None)

    assert use(other, PRICES)[1].endswith("so far: not known, as there is no price of ml.g5.xlarge")


def test_programs_get_everything() -> None:
    found = document(FOUND, PRICES)

    assert (found["EndsAt"], found["Cost"], found["ExpectedCost"]) == ("1970-01-01T00:22:40Z", 0.5, 1.25)
    assert found["ExpectedInstanceSeconds"] == {"ml.m5.large": 9000.0}
