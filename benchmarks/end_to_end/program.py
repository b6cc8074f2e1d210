"""
The training program of luthier's XGBoost image without the service around it, in this process or in one of its own.

It is given the folders of `/opt/ml` and its objective is read from its log by the image's own metric definitions, as
the service does.
"""

import io
import json
import logging
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

from benchmarks.end_to_end.datasets import CHANNELS

from luthier.algorithms.xgboost import __main__ as image
from luthier.algorithms.xgboost.metrics import metric_definitions

BASE = "LUTHIER_ML"  # the variable that names another folder than /opt/ml
HIDDEN = "sklearn"  # which XGBoost would import for nothing


def trained_here(rows: Path, hyperparameters: Mapping[str, str], metric: str) -> float:
    """
    Train in this process, which spares starting Python and importing XGBoost, and give the last value of *metric*.

    *rows* holds a folder for each channel. Raises ValueError with what the program said if it fails.
    """
    said, complained = io.StringIO(), io.StringIO()
    with _ml(rows, hyperparameters) as ml, _undisturbed(ml), redirect_stdout(said), redirect_stderr(complained):
        status = image.main()
    return _value(status, said.getvalue(), complained.getvalue(), metric)


def trained_apart(rows: Path, hyperparameters: Mapping[str, str], metric: str) -> float:
    """Train in a process of its own, as a training job does, and give the last value of *metric*."""
    with _ml(rows, hyperparameters) as ml:
        done = subprocess.run(
            [sys.executable, "-m", "luthier.algorithms.xgboost"],
            env={**os.environ, BASE: str(ml)},
            capture_output=True,
            text=True,
            check=False,
        )
    return _value(done.returncode, done.stdout, done.stderr, metric)


def last_value(log: str, metric: str) -> float:
    """Give the last value of *metric* in a log; raises ValueError if there is none."""
    pattern = next(each.regex for each in metric_definitions() if each.name == metric)
    found = [match[1] for line in log.splitlines() if (match := re.match(pattern, line.replace("\t", "#011")))]
    if not found:
        raise ValueError(f"{metric}: the program printed no value")
    return float(found[-1])


def _value(status: int, said: str, complained: str, metric: str) -> float:
    if status != 0:
        raise ValueError(f"the training ended with status {status}: {complained.strip()[-500:]}")
    return last_value(said, metric)


@contextmanager
def _ml(rows: Path, hyperparameters: Mapping[str, str]) -> Iterator[Path]:
    """Lay out what `/opt/ml` holds when a training job begins."""
    with tempfile.TemporaryDirectory() as folder:
        ml = Path(folder)
        (ml / "input/config").mkdir(parents=True)
        (ml / "input/data").mkdir()
        for channel in CHANNELS:
            (ml / "input/data" / channel).symlink_to((rows / channel).resolve(strict=True))
        channels = {channel: {"ContentType": "text/csv", "TrainingInputMode": "File"} for channel in CHANNELS}
        (ml / "input/config/hyperparameters.json").write_text(json.dumps(hyperparameters))
        (ml / "input/config/inputdataconfig.json").write_text(json.dumps(channels))
        yield ml


@contextmanager
def _undisturbed(ml: Path) -> Iterator[None]:
    """Take back what the program does to its process: its SIGTERM, its log, and that it hides scikit-learn."""
    terminating, hidden = signal.getsignal(signal.SIGTERM), sys.modules.get(HIDDEN)
    logging.getLogger().addHandler(logging.NullHandler())  # the program then leaves logging as it is
    with patch.dict(os.environ, {BASE: str(ml)}):
        try:
            yield
        finally:
            signal.signal(signal.SIGTERM, terminating)
            sys.modules.pop(HIDDEN, None)
            if hidden is not None:
                sys.modules[HIDDEN] = hidden
