"""What a command line loads: no more than its command needs, since every line waits for it."""

import subprocess
import sys
from pathlib import Path

import pytest

from luthier.app.keys import obtain_key
from luthier.settings import Settings
from luthier.store.engine import Store

HEAVY = {
    *("aiohttp", "alembic", "aws_encryption_sdk", "boto3", "botocore", "cattrs", "cryptography", "docker", "jinja2"),
    *("numpy", "prometheus_client", "rich", "scipy", "sqlalchemy", "starlette", "tomlkit", "uvicorn"),
}
CLIENT, ROWS = {"boto3", "botocore"}, {"cattrs", "sqlalchemy"}
CIPHERS = {"aws_encryption_sdk", "cryptography"}
PROGRAM = """
import sys
from luthier.cli import main
try:
    main()
finally:
    print("loaded", *sys.modules)
"""


@pytest.mark.parametrize(
    ("line", "needed"),
    [
        ("--version", set()),
        ("--help", set()),
        ("completion bash", set()),
        ("env", set()),
        ("networks list", {"tomlkit"}),
        ("metrics try a=(.*) /dev/null", {"rich"}),
        ("jobs", CLIENT | {"rich"}),
        ("watch my-job", CLIENT | {"rich"}),
        ("logs my-job", CLIENT),
        ("export my-job", CLIENT),
        ("validate /dev/null", CLIENT | CIPHERS | ROWS | {"tomlkit"}),
        ("import csv no-such-file --name a --objective b --direction minimize", CLIENT | CIPHERS | ROWS | {"tomlkit"}),
        ("keys list", ROWS),
        ("roles list", ROWS),
    ],
)
def test_a_command_loads_what_it_needs_and_nothing_else(line: str, needed: set[str], tmp_path: Path) -> None:
    obtain_key(Settings(data_folder=tmp_path))
    Store.open(Settings(data_folder=tmp_path).database).close()  # or a line would make the tables
    variables = {"LUTHIER_DATA_FOLDER": str(tmp_path), "LUTHIER_PORT": "9", "HOME": str(tmp_path)}

    said = subprocess.run(
        [sys.executable, "-c", PROGRAM, *line.split()], env=variables, capture_output=True, text=True, check=False
    )

    assert set(said.stdout.splitlines()[-1].split()) & HEAVY <= needed
