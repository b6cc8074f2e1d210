"""Parameter ranges: wire text to a search space."""

import math
from typing import Any

import pytest

from luthier.api.ranges import check_combinations, parse_space
from luthier.records.call import ApiError
from luthier.records.search_space import CategoricalRange, ContinuousRange, IntegerRange, ScalingType, SearchSpace


def a_range(low: str, high: str, name: str = "x", **more: Any) -> dict[str, Any]:
    return {"Name": name, "MinValue": low, "MaxValue": high, **more}


def integers(*ranges: dict[str, Any]) -> dict[str, Any]:
    return {"IntegerParameterRanges": list(ranges)}


def reals(*ranges: dict[str, Any]) -> dict[str, Any]:
    return {"ContinuousParameterRanges": list(ranges)}


def categories(*values: str, name: str = "x") -> dict[str, Any]:
    return {"CategoricalParameterRanges": [{"Name": name, "Values": list(values)}]}


def refusal(ranges: dict[str, Any]) -> str:
    with pytest.raises(ApiError) as caught:
        parse_space(ranges)
    assert caught.value.code == "ValidationException"
    return caught.value.message


def test_an_integer_range_is_searched_between_its_bounds() -> None:
    assert parse_space(integers(a_range("-3", "+12"))) == SearchSpace(ranges=(IntegerRange(name="x", low=-3, high=12),))


def test_a_continuous_range_is_searched_between_its_bounds() -> None:
    space = parse_space(reals(a_range(".5", "1.5E+2")))

    assert space == SearchSpace(ranges=(ContinuousRange(name="x", low=0.5, high=150.0),))


def test_a_categorical_range_keeps_its_values_byte_for_byte() -> None:
    """SDK estimators send values with quotes, which must reach the algorithm."""
    space = parse_space(categories('"4"', " 4", "4", "é"))

    assert space == SearchSpace(ranges=(CategoricalRange(name="x", choices=('"4"', " 4", "4", "é")),))


@pytest.mark.parametrize("scaling", ScalingType)
def test_a_range_keeps_its_scaling_type(scaling: ScalingType) -> None:
    space = parse_space(reals(a_range("0.1", "0.9", ScalingType=scaling.value)))

    assert space.ranges == (ContinuousRange(name="x", low=0.1, high=0.9, scaling=scaling),)


@pytest.mark.parametrize("text", ["", "one", "1.0", "1e3", "1_0", "0x10", "١", " 1", "1\n", "--1", "nan", "9" * 256])
def test_an_integer_bound_that_is_no_whole_number_is_refused(text: str) -> None:
    assert "x: MinValue" in refusal(integers(a_range(text, "10")))


@pytest.mark.parametrize(
    "text",
    ["", "one", "1_0", "0x10", "١", " 1", "1\n", ".", "1e", "nan", "inf", "Infinity", "1e999", "9" * 256 + "e99"],
)
def test_a_continuous_bound_that_is_no_number_is_refused(text: str) -> None:
    assert "x: MaxValue" in refusal(reals(a_range("0", text)))


@pytest.mark.parametrize(("low", "high"), [("5", "5"), ("6", "5")])
def test_a_minimum_that_is_not_below_the_maximum_is_refused(low: str, high: str) -> None:
    """Equal bounds too, as in SageMaker."""
    assert f"x: MinValue [{low}] must be less than MaxValue [5]" in refusal(integers(a_range(low, high)))


def test_a_range_too_wide_for_arithmetic_is_refused() -> None:
    assert "wider than a number can say" in refusal(reals(a_range("-1e308", "1e308")))


def test_logarithmic_scaling_of_zero_is_refused() -> None:
    assert "only values greater than 0" in refusal(reals(a_range("0", "1", ScalingType="Logarithmic")))


def test_reverse_logarithmic_scaling_of_one_is_refused() -> None:
    assert "within 0 <= x < 1.0" in refusal(reals(a_range("0", "1", ScalingType="ReverseLogarithmic")))


def test_reverse_logarithmic_scaling_of_integers_is_refused() -> None:
    assert "only for continuous ranges" in refusal(integers(a_range("1", "2", ScalingType="ReverseLogarithmic")))


def test_a_value_given_twice_is_refused() -> None:
    assert "x: Values holds 'a' 2 times" in refusal(categories("a", "b", "a"))


@pytest.mark.parametrize("scaling", ["Auto", "Linear", "Logarithmic", "ReverseLogarithmic"])
def test_a_continuous_range_of_one_value_can_be_allowed(scaling: str) -> None:
    space = parse_space(reals(a_range("0.5", "5e-1", ScalingType=scaling)), allows_single_values=True)

    assert space.ranges == (ContinuousRange(name="x", low=0.5, high=0.5, scaling=ScalingType(scaling)),)


def test_an_integer_range_of_one_value_can_be_allowed() -> None:
    space = parse_space(integers(a_range("7", "+07")), allows_single_values=True)

    assert space.ranges == (IntegerRange(name="x", low=7, high=7),)


def test_a_range_of_one_value_is_refused_with_advice() -> None:
    assert "give it in StaticHyperParameters" in refusal(reals(a_range("1", "1.0")))


def test_a_minimum_above_the_maximum_is_never_allowed() -> None:
    with pytest.raises(ApiError, match=r"MinValue \[2.0\] must be less than MaxValue \[1.0\]"):
        parse_space(reals(a_range("2", "1")), allows_single_values=True)


@pytest.mark.parametrize("text", [str(2**53 + 1), "-" + str(2**53 + 1), "1" + "0" * 400, "9" * 5000])
def test_a_whole_number_that_is_not_exact_everywhere_is_refused(text: str) -> None:
    assert f"is beyond {2**53}" in refusal(integers({"Name": "x", "MinValue": "0", "MaxValue": text}))


@pytest.mark.parametrize("text", [str(2**53), "0" * 240 + str(2**53)])
def test_the_largest_whole_number_is_accepted(text: str) -> None:
    assert parse_space(integers(a_range("-" + text, text))).ranges == (
        IntegerRange(name="x", low=-(2**53), high=2**53),
    )


def test_logarithmic_scaling_of_integers_from_zero_is_refused() -> None:
    assert "only values greater than 0" in refusal(integers(a_range("0", "9", ScalingType="Logarithmic")))


@pytest.mark.parametrize("low", ["-0.1", "-1e-300"])
def test_reverse_logarithmic_scaling_below_zero_is_refused(low: str) -> None:
    assert "within 0 <= x < 1.0" in refusal(reals(a_range(low, "0.5", ScalingType="ReverseLogarithmic")))


def test_reverse_logarithmic_scaling_from_zero_is_accepted() -> None:
    space = parse_space(reals(a_range("0", "0.999", ScalingType="ReverseLogarithmic")))

    assert space.ranges[0] == ContinuousRange(name="x", low=0.0, high=0.999, scaling=ScalingType.REVERSE_LOGARITHMIC)


def test_thirty_hyperparameters_can_be_tuned() -> None:
    ranges = integers(*(a_range("1", "2", name=f"x{place}") for place in range(30)))

    assert len(parse_space(ranges).ranges) == 30


def test_a_single_value_is_one_combination() -> None:
    ranges = {**reals(a_range("1", "1")), **integers(a_range("1", "2", name="y"))}

    with pytest.raises(ApiError, match=r"provided ranges \[2.0\]"):
        check_combinations([parse_space(ranges, allows_single_values=True)], 3)


def test_one_hyperparameter_with_two_ranges_is_refused() -> None:
    assert "one range only" in refusal({**integers(a_range("1", "2")), **reals(a_range("1", "2"))})


def test_a_range_without_a_name_is_refused() -> None:
    assert "without a name" in refusal(integers(a_range("1", "2", name="")))


@pytest.mark.parametrize("count", [0, 31])
def test_one_to_thirty_hyperparameters_can_be_tuned(count: int) -> None:
    ranges = integers(*(a_range("1", "2", name=f"x{place}") for place in range(count)))

    assert f"holds {count} hyperparameters" in refusal(ranges)


def test_a_discrete_space_with_too_few_points_is_refused_in_sagemakers_words() -> None:
    space = parse_space({**categories("a", "b", "c", name="c"), **integers(a_range("1", "2"))})

    with pytest.raises(ApiError) as caught:
        check_combinations([space], 10)

    assert caught.value.message == (
        "You don't have enough combinations of hyperparameter ranges. The total number of hyperparameter combinations "
        "for the provided ranges [6.0] must be equal or greater than the value of MaxNumberOfJobs, [10]. "
        "Provide additional ranges."
    )


def test_a_discrete_space_with_just_enough_points_is_accepted() -> None:
    check_combinations([parse_space(integers(a_range("1", "10")))], 10)


def test_a_continuous_range_has_points_enough() -> None:
    check_combinations([parse_space(reals(a_range("0", str(math.ulp(0.0)))))], 750)
