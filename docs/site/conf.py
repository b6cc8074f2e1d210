"""
The documentation as a site: every page that README.md leads to, by Sphinx.

Pages stay plain Markdown that reads well anywhere; README.md is the site's first page, and its table "Find your way"
the order of all others.
"""

import re
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

ROOT = Path(__file__).parent.parent.parent

project = "Luthier"
extensions = ["myst_parser", "sphinx_copybutton"]
root_doc = "README"
include_patterns = ["README.md", "CONTRIBUTING.md", "docs/**.md", "benchmarks/**.md"]
myst_heading_anchors = 4
myst_links_external_new_tab = False
suppress_warnings = ["myst.header", "misc.highlighting_failure"]

html_theme = "furo"
html_title = "Luthier"
html_copy_source = False
html_show_copyright = False
html_show_sphinx = False
html_static_path = ["static"]
html_css_files = ["site.css"]
html_favicon = html_logo = "static/luthier.svg"
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#96440f", "color-brand-content": "#96440f"},
    "dark_css_variables": {"color-brand-primary": "#eba264", "color-brand-content": "#eba264"},
}

copybutton_prompt_text = "$ "  # of what stands in a terminal, commands are copied, without the prompt

_END_OF_WORD = re.compile(r"(?<=[._/=])(?=\w)|(?<=[a-z])(?=[A-Z])")  # where a long name may go on in the next line
_ROW = re.compile(r"^\| (you want to|[a-z][^|]*) \| (.*) \|$", re.MULTILINE)
_PAGE = re.compile(r"\[[^]]*\]\(([^)#]+)\.md\)")


def contents(readme: str) -> str:
    """Make hidden tables of contents of the rows under "Find your way"."""
    _, _, ways = readme.partition("## Find your way")
    rows = [(caption, _PAGE.findall(pages)) for caption, pages in _ROW.findall(ways)]
    return "".join(_toctree(caption.capitalize(), pages) for caption, pages in rows if pages)


def _toctree(caption: str, pages: list[str]) -> str:
    options = [":hidden:", *([f":caption: {caption}"] if caption else [])]
    return "\n".join(["", "", "```{toctree}", *options, "", *pages, "```", ""])


def _read(app: Sphinx, page: str, source: list[str]) -> None:  # noqa: ARG001  # Sphinx's signature
    if page == root_doc:
        source[0] += contents(source[0])
    elif page.endswith("/README"):  # of a folder: its pages are below it
        pages = [each for each in dict.fromkeys(_PAGE.findall(source[0])) if not each.startswith("..")]
        source[0] += _toctree("", pages) if pages else ""


def _break(app: Sphinx, page: nodes.document, name: str) -> None:  # noqa: ARG001  # Sphinx's signature
    """Let the names in tables break between their words, as no dictionary says; what is copied stays the same."""
    for table in page.findall(nodes.table):
        for literal in list(table.findall(nodes.literal)):
            first, *others = _END_OF_WORD.split(literal.astext())
            broken = [part for word in others for part in (nodes.raw("", "<wbr>", format="html"), nodes.Text(word))]
            literal.children = []
            literal.extend([nodes.Text(first), *broken])


def setup(app: Sphinx) -> None:
    """Put the contents behind the pages that list others, when they are read, and let tables be narrow."""
    app.connect("source-read", _read)
    app.connect("doctree-resolved", _break)
