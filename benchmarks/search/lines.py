"""Processes that answer one line of JSON with another."""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

ROOT = Path(__file__).parents[2]
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

Message = Mapping[str, Any]


class Died(Exception):  # noqa: N818  # what happened, not a mistake of the caller
    """The process ended before it answered; the text is the end of what it said on its standard error."""


class Child:
    """A process of a module of this package, in an interpreter of its own, on one thread."""

    def __init__(self, python: Path | str, module: str, *arguments: str) -> None:
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the process
        self._process = subprocess.Popen(
            [str(python), "-W", "ignore", "-m", module, *arguments],
            cwd=ROOT,
            env={**os.environ, **ONE_THREAD, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            text=True,
        )

    def ask(self, message: Message, *, limit_s: float | None = None) -> dict[str, Any]:
        """Send one message and give the answer; raises `Died` if the process ends first, or is ended at *limit_s*."""
        if limit_s is None:
            return self._ask(message)
        limit = threading.Timer(limit_s, self._process.kill)
        limit.start()
        try:
            return self._ask(message)
        finally:
            limit.cancel()

    def _ask(self, message: Message) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps(message) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError as broken:
            raise Died(self._last_words()) from broken
        line = self._process.stdout.readline()
        if not line:
            raise Died(self._last_words())
        answer: dict[str, Any] = json.loads(line)
        return answer

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process and wait for it."""
        self._process.kill()
        self._process.communicate()
        self._said.close()

    def _last_words(self) -> str:
        self._process.wait()
        self._said.seek(0)
        lines = self._said.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else f"ended with status {self._process.returncode}"


def claim_output() -> TextIO:
    """
    Give the standard output, and have what anybody prints from now on go to the standard error.

    Before a library is imported: some greet.
    """
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    return answers


def answer(respond: Callable[[dict[str, Any]], Message], answers: TextIO) -> None:
    """Answer every line of the standard input by one of *answers*."""
    for line in sys.stdin:
        answers.write(json.dumps(respond(json.loads(line))) + "\n")
        answers.flush()
