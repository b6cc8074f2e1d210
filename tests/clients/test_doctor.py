"""`luthier doctor --clients` runs each installed client end to end, and tells what left the machine."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from clients_env import program_of
from luthier.app.doctor.outside import watched

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def test_every_installed_client_is_well() -> None:
    pythons = [str(program_of(client, "python")) for client in ("sdk2", "sdk3")]  # each has its boto3
    words = [word for python in pythons for word in ("--python", python)]
    cli = str(program_of("cli", "aws"))

    done = subprocess.run(
        [sys.executable, "-m", "luthier.cli", "doctor", "--clients", *words, "--aws", cli],
        env={**os.environ, "COLUMNS": "250"},
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    for name in ("boto3", "AWS CLI", "SageMaker SDK v2", "SageMaker SDK v3"):
        assert name in done.stdout


def test_a_request_of_a_python_program_that_leaves_is_noted(tmp_path: Path) -> None:
    look_up = "import socket\ntry: socket.getaddrinfo('sts.us-east-1.amazonaws.invalid', 443)\nexcept OSError: pass"
    with watched(tmp_path / "outside") as outside:
        subprocess.run([sys.executable, "-c", look_up], env={**os.environ, **outside.variables}, check=True)

        assert outside.hosts() == ["sts.us-east-1.amazonaws.invalid"]


def test_a_request_through_the_proxy_is_noted_and_refused(tmp_path: Path) -> None:
    fetch = (
        "import urllib.request\n"
        "try: urllib.request.urlopen('http://telemetry.invalid/x')\n"
        "except urllib.error.HTTPError as error: print(error.code)"
    )
    with watched(tmp_path / "outside") as outside:
        said = subprocess.check_output([sys.executable, "-c", fetch], env={**os.environ, **outside.variables})

        assert said.split() == [b"403"]
        assert outside.hosts() == ["telemetry.invalid"]
