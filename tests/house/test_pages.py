"""The pages of the documentation: links lead somewhere, and nothing of the house is left out."""

import ast
import re
from pathlib import Path

from luthier.api.operations import operations

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "changelog.d").glob("*.md")])
ROOMS = sorted(
    {path.parent.name for path in (ROOT / "src/luthier").glob("*/__init__.py")}
    | {path.stem for path in (ROOT / "src/luthier").glob("[a-z]*.py")}
)


def protocols() -> set[str]:
    """Name all protocols of the house."""
    return {
        node.name
        for path in (ROOT / "src/luthier").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
        and any(isinstance(base, ast.Name) and base.id == "Protocol" for base in node.bases)
    }


def prose(page: Path) -> str:
    """Give a page without its blocks of code."""
    return re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def anchors_of(page: Path) -> set[str]:
    """Name the headings of a page as GitHub does in links."""
    titles = re.findall(r"^#+ (.*)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def links_of(page: Path) -> list[str]:
    found = re.findall(r"\]\(([^)\s]+)\)", prose(page))
    return [link for link in found if not re.match(r"[a-z]+:", link)]


def leads_somewhere(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    return target.exists() and (not anchor or anchor in anchors_of(target))


def test_every_link_leads_somewhere() -> None:
    assert [(str(page), link) for page in PAGES for link in links_of(page) if not leads_somewhere(page, link)] == []


def test_every_page_has_one_title_and_it_comes_first() -> None:
    texts = {str(page): prose(page) for page in PAGES}

    assert [page for page, text in texts.items() if not text.startswith("# ")] == []
    assert [page for page, text in texts.items() if len(re.findall(r"^# ", text, re.MULTILINE)) != 1] == []


def test_every_operation_is_in_the_reference() -> None:
    page = (ROOT / "docs/reference/operations.md").read_text(encoding="utf-8")
    answered = [name for _, name in operations(None)]  # type: ignore[arg-type]  # nothing is asked of it

    assert [name for name in answered if f"## {name}\n" not in page] == []


def test_every_protocol_is_on_the_page_of_rooms() -> None:
    page = (ROOT / "docs/inside/rooms.md").read_text(encoding="utf-8")

    assert [name for name in protocols() if f"`{name}`" not in page] == []


def test_every_room_is_on_the_page_of_rooms() -> None:
    page = (ROOT / "docs/inside/rooms.md").read_text(encoding="utf-8")

    assert [room for room in ROOMS if f"| `{room}` |" not in page] == []


def test_the_page_of_rooms_shows_the_layers_that_are_checked() -> None:
    contract = re.search(
        r"^layers =\n((?:    .*\n)+)", (ROOT / ".importlinter").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert contract is not None
    layers = contract[1].replace("luthier.", "").replace("    ", "")

    assert f"```\n{layers}```" in (ROOT / "docs/inside/rooms.md").read_text(encoding="utf-8")


def test_every_page_of_the_documentation_can_be_reached_from_the_readme() -> None:
    reached, waiting = set[Path](), [ROOT / "README.md"]
    while waiting:
        here = waiting.pop()
        if here not in reached and here.suffix == ".md":
            reached.add(here)
            waiting += [(here.parent / link.partition("#")[0]).resolve() for link in links_of(here)]

    assert [page for page in PAGES if page not in reached and page.parent.name != "changelog.d"] == []
