"""The page of settings, held against the record."""

import re
from dataclasses import fields
from pathlib import Path

from luthier.settings import PREFIX, Settings

PAGE = (Path(__file__).parents[2] / "docs/reference/settings.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(\w+)` \| `(\w+)` \| (.*?) \|", PAGE, re.MULTILINE)


def default_of(name: str) -> str:
    default = str(Settings.__dataclass_fields__[name].default)
    return f"`{default}`" if default else "empty"


def test_every_setting_is_on_its_page_with_its_variable_and_its_default() -> None:
    expected = [(each.name, PREFIX + each.name.upper(), default_of(each.name)) for each in fields(Settings)]

    assert expected == ROWS


def test_the_page_names_what_hosts_are_told() -> None:
    told = [name.removeprefix(PREFIX).lower() for name in Settings().for_agents()]
    sentence = re.search(r"^Hosts of training jobs are told (.*)\bwhen they start", PAGE, re.MULTILINE)
    assert sentence is not None

    assert re.findall(r"`(\w+)`", sentence[1]) == told


def test_the_pages_of_backup_and_of_first_steps_name_every_file_of_settings() -> None:
    settings = Settings()
    files = {each.name for each in (settings.catalogue, settings.networks, settings.webhooks_file)} | {"luthier.toml"}
    docs = Path(__file__).parents[2] / "docs"
    pages = [(docs / page).read_text(encoding="utf-8") for page in ("guides/upgrade-and-backup.md", "start.md")]

    assert {file for file in files for page in pages if f"`{file}`" not in page} == set()
