"""What an agent loads."""

import subprocess
import sys


def test_an_agent_loads_nothing_of_the_server_and_no_library_with_threads_of_its_own() -> None:
    """Every server keeps a process with all of it, and NumPy's threads would not be in its forks."""
    unneeded = {"aiohttp", "alembic", "jinja2", "numpy", "rich", "scipy", "sqlalchemy", "starlette", "typer", "uvicorn"}

    loaded = subprocess.check_output([sys.executable, "-c", "import luthier.app.agent, sys; print(*sys.modules)"])

    assert set(loaded.decode().split()) & unneeded == set()
