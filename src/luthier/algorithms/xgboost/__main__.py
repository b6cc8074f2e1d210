"""
The program that runs in place of the image: `python -m luthier.algorithms.xgboost`.

It reads `/opt/ml/input`, trains, and leaves `/opt/ml/model/xgboost-model`; `LUTHIER_ML` names another base folder.
On the caller's mistake it writes `/opt/ml/output/failure` and exits with 1. At SIGTERM it finishes the round, saves
the model so far, unless `save_model_on_termination` is `false`, and exits with 0.
"""

import importlib.util
import logging
import os
import signal
import sys
from pathlib import Path
from threading import Event

from luthier.algorithms.xgboost.channels import read_inputs
from luthier.algorithms.xgboost.failure import ClientError
from luthier.algorithms.xgboost.hyperparameters import read_hyperparameters
from luthier.algorithms.xgboost.request import make_request

_log = logging.getLogger(__name__)


def main() -> int:
    """Train once, and give the exit code."""
    logging.basicConfig(
        stream=sys.stdout, format="[%(asctime)s:%(levelname)s] %(message)s", datefmt="%Y-%m-%d:%H:%M:%S"
    )
    logging.getLogger().setLevel(logging.INFO)
    ml = Path(os.environ.get("LUTHIER_ML", "/opt/ml"))
    try:
        _train(ml)
    except ClientError as error:
        text = f"ClientError: {error}"
        sys.stderr.write(f"{text}\n")
        failure = ml / "output/failure"
        failure.parent.mkdir(parents=True, exist_ok=True)
        failure.write_text(text, encoding="utf-8")
        return 1
    return 0


def _train(ml: Path) -> None:
    terminated = Event()
    signal.signal(signal.SIGTERM, lambda *_: terminated.set())
    inputs = read_inputs(ml)
    request = make_request(read_hyperparameters(inputs.hyperparameters))
    if request.tuned and request.tuned.startswith("validation:") and inputs.validation is None:
        raise ClientError(f"{request.tuned} is computed on a channel named validation; add one to InputDataConfig")
    for remark in request.remarks:
        _log.warning(remark)
    _prepare_xgboost()
    from luthier.algorithms.xgboost import data, training  # noqa: PLC0415  # XGBoost is an optional extra, and slow

    train = data.read_rows(inputs.train, weighted=request.weighted_csv)
    validation = data.read_rows(inputs.validation) if inputs.validation else None
    if validation is not None:
        train, validation = data.of_equal_width(train, validation)
    if terminated.is_set():
        return
    model = training.boost(request, train, validation, terminated.is_set)
    if terminated.is_set() and not request.saves_on_termination:
        return
    _save(ml / "model", bytes(model.save_raw("ubj")))


def _prepare_xgboost() -> None:
    """Check that XGBoost is there, and keep it quick to import and fair to its neighbours."""
    if not all(importlib.util.find_spec(name) for name in ("xgboost", "pyarrow")):
        raise ClientError("XGBoost is not installed: pip install 'luthier[xgboost]' where the training jobs run")
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # threads that wait for work leave the core to other jobs
    sys.modules["sklearn"] = None  # type: ignore[assignment]  # XGBoost would import it, half a second, for nothing


def _save(folder: Path, model: bytes) -> None:
    """Leave all of the model or nothing, for a SIGKILL may come at any time."""
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / ".xgboost-model"
    unfinished.write_bytes(model)
    unfinished.replace(folder / "xgboost-model")


if __name__ == "__main__":
    sys.exit(main())
