"""A whole Luthier for tests: `luthier up` as a process of its own, on a port and a data folder of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3

from luthier.algorithms.catalogue import CatalogueEntry, add_image
from luthier.app.keys import exports, read_key
from luthier.settings import Settings, read_settings

PATIENCE_S = 90.0
OVER = ("Completed", "Failed", "Stopped")
CLEAN = ("PATH", "HOME", "LANG", "TMPDIR")


@dataclass(slots=True)
class Luthier:
    """A server that can be ended, killed and started again over the same data folder."""

    folder: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = None
    variables: dict[str, str] = field(default_factory=dict)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        command = [
            sys.executable,
            "-m",
            "luthier.cli",
            "up",
            "--data-folder",
            str(self.folder),
            "--port",
            str(self.port),
        ]
        environment = {name: os.environ[name] for name in CLEAN if name in os.environ}
        with (self.folder.parent / "server.log").open("ab") as log:
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
        until(self._answers, "the server does not start; see server.log")
        settings = self._settings(environment)
        self.variables = dict(exports(settings, read_key(settings)))  # what `luthier env` prints

    def kill(self) -> None:
        """End the server as a power cut would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def interrupt(self) -> int:
        """End the server as Ctrl-C does, and give its exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE_S)

    def client(self, service: str) -> Any:
        """Make a boto3 client from the variables that `luthier env` prints, and nothing else."""
        return boto3.client(
            service,
            aws_access_key_id=self.variables["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=self.variables["AWS_SECRET_ACCESS_KEY"],
            region_name=self.variables["AWS_REGION"],
            endpoint_url=self.variables["AWS_ENDPOINT_URL"],
        )

    def add_image(self, pattern: str, *command: str, code: Path) -> None:
        """Put a training program into the catalogue."""
        entry = CatalogueEntry(pattern=pattern, command=command, code=str(code.absolute()))
        add_image(self._settings({}).catalogue, entry)

    def wait_for(self, name: str) -> dict[str, Any]:
        """Wait until a tuning job is over, and describe it."""
        sagemaker = self.client("sagemaker")
        last: dict[str, Any] = {}

        def is_over() -> bool:
            last.update(sagemaker.describe_hyper_parameter_tuning_job(HyperParameterTuningJobName=name))
            return last["HyperParameterTuningJobStatus"] in OVER

        until(is_over, f"the tuning job {name} is not over")
        return last

    def children(self, name: str) -> list[dict[str, Any]]:
        """List all training jobs of a tuning job."""
        pages = self.client("sagemaker").get_paginator("list_training_jobs_for_hyper_parameter_tuning_job")
        return list(pages.paginate(HyperParameterTuningJobName=name).build_full_result()["TrainingJobSummaries"])

    def _settings(self, environment: dict[str, str]) -> Settings:
        return read_settings(environment, data_folder=self.folder, port=self.port)

    def _answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, "the server has ended; see server.log"
        with socket.socket() as attempt:
            return attempt.connect_ex(("127.0.0.1", self.port)) == 0


def until(is_so: Callable[[], bool], complaint: str) -> None:
    """Wait for a condition, looking every tenth of a second, for as long as patience lasts."""
    deadline = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline, complaint
        time.sleep(0.1)


@contextmanager
def a_luthier(folder: Path) -> Iterator[Luthier]:
    """Run a server in *folder* for as long as the context lasts."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Luthier(folder=folder / "data", port=port)
    server.start()
    try:
        yield server
    finally:
        if server.process is not None and server.process.poll() is None:
            server.interrupt()
