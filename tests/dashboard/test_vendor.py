"""The scripts of others are the ones that were published, with their licences."""

import re
from hashlib import sha256
from pathlib import Path

import pytest

import luthier.dashboard

VENDOR = Path(luthier.dashboard.__file__).parent / "static/vendor"
DIGESTS = dict(
    re.findall(r"\| `([^`]+)` \| `([0-9a-f]{64})` \|", (VENDOR / "README.md").read_text(encoding="utf-8")),
)
FIRST_CHART = [
    "live.js",
    "durations.js",
    "copying.js",
    "charts.js",
    "curves.js",
    "lines.js",
    "loading.js",
    "vendor/uplot/uPlot.iife.min.js",
]


@pytest.mark.parametrize("name", sorted(DIGESTS))
def test_a_file_is_the_published_one(name: str) -> None:
    assert sha256((VENDOR / name).read_bytes()).hexdigest() == DIGESTS[name]


def test_every_script_and_style_sheet_has_a_digest() -> None:
    found = {path.relative_to(VENDOR).as_posix() for kind in ("js", "css") for path in VENDOR.rglob(f"*.{kind}")}

    assert found == set(DIGESTS)


@pytest.mark.parametrize("package", ["htmx", "uplot", "echarts"])
def test_a_package_has_its_licence_beside_it(package: str) -> None:
    assert (VENDOR / package / "LICENSE").stat().st_size > 500


def test_less_than_100_kilobytes_of_script_come_before_the_first_chart() -> None:
    assert sum((VENDOR.parent / name).stat().st_size for name in FIRST_CHART) < 100_000
