"""The documentation as a site: every page is there, every link leads somewhere, nothing comes from elsewhere."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOADED = re.compile(r"<(?:script|link|img|iframe|source)\b[^>]*?\b(?:src|href)=\"(https?:)?//", re.IGNORECASE)

pytestmark = [pytest.mark.slow]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make site` builds; a link that leads nowhere, or a page that no other leads to, ends it."""
    folder = tmp_path_factory.mktemp("site")
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "-q",
        "-W",
        "--keep-going",
        "-c",
        "docs/site",
        "-d",
        folder / "read",
        ".",
    ]
    built = subprocess.run([*command, folder / "html"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    return folder / "html"


def test_every_page_is_in_the_contents(site: Path) -> None:
    first = (site / "README.html").read_text(encoding="utf-8")

    guides = {page.stem for page in (ROOT / "docs/guides").glob("*.md")}
    assert {each for each in guides if f'href="docs/guides/{each}.html"' not in first} == set()


def test_no_page_loads_anything_from_elsewhere(site: Path) -> None:
    pages = list(site.rglob("*.html"))

    assert len(pages) > 60
    assert [page.name for page in pages if LOADED.search(page.read_text(encoding="utf-8"))] == []


def test_names_in_tables_may_break_between_their_words(site: Path) -> None:
    """A table of settings fits a phone no other way, and a break that is a character would be copied."""
    page = (site / "docs/reference/settings.html").read_text(encoding="utf-8")

    words = re.sub(r"</?span[^>]*>", "", page)
    assert "LUTHIER_<wbr>DATABASE_<wbr>URL" in words
