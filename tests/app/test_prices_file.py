"""The user's file of prices."""

from pathlib import Path

import pytest

from luthier.app.prices_file import read_prices
from luthier.records.prices import Prices
from luthier.settings import Settings, SettingsError


def read(folder: Path, text: str) -> Prices | None:
    file = folder / "prices.toml"
    file.write_text(text, encoding="utf-8")
    return read_prices(Settings(prices=str(file)))


def test_without_the_setting_there_are_no_prices() -> None:
    assert read_prices(Settings()) is None


@pytest.mark.parametrize("line", ["ml.m5.large = 0.115", '"ml.m5.large" = 0.115'])
def test_an_instance_type_may_be_quoted_or_not(tmp_path: Path, line: str) -> None:
    assert read(tmp_path, f'currency = "USD"\n{line}\n') == Prices(per_hour={"ml.m5.large": 0.115}, currency="USD")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("ml.m5.large = ", "not TOML"),
        ('ml.m5.large = "cheap"', "ml.m5.large is 'cheap'; write the price of an hour"),
        ("ml.m5.large = -1", "ml.m5.large is -1"),
        ("ml.m5.large = nan", "ml.m5.large is nan"),
        ("ml.m5.large = true", "ml.m5.large is True"),
        ("currency = 3", "currency is 3"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(SettingsError, match=complaint):
        read(tmp_path, text)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"prices: .*nowhere.toml cannot be read"):
        read_prices(Settings(prices=str(tmp_path / "nowhere.toml")))


def test_a_cost_is_a_price_times_hours() -> None:
    prices = Prices(per_hour={"ml.m5.large": 0.5, "ml.g5.xlarge": 2.0})

    assert prices.cost({"ml.m5.large": 7200.0, "ml.g5.xlarge": 1800.0}) == 2.0


def test_without_a_price_there_is_no_cost() -> None:
    assert Prices(per_hour={"ml.m5.large": 0.5}).cost({"ml.g5.xlarge": 1.0}) is None
