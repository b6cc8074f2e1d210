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
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from luthier.algorithms.xgboost.channels import Inputs, read_inputs
from luthier.algorithms.xgboost.failure import ClientError
from luthier.algorithms.xgboost.hyperparameters import read_hyperparameters
from luthier.algorithms.xgboost.request import Request, make_request

if TYPE_CHECKING:
    from luthier.algorithms.xgboost.data import Rows

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
    from luthier.algorithms.xgboost import training  # noqa: PLC0415  # XGBoost is an optional extra, and slow
    from luthier.algorithms.xgboost.hosts import Hosts, most  # noqa: PLC0415  # likewise

    if len(inputs.hosts) > 1 and request.own_metrics:
        raise ClientError(f"{request.own_metrics[0]} is computed on one instance alone; set InstanceCount to 1")
    hosts = Hosts(names=inputs.hosts, current=inputs.host)
    with hosts.joined():
        channels = _read(inputs, request, most)
        if most(terminated.is_set()):
            return
        model = training.boost(request, channels, lambda: most(terminated.is_set()) > 0, speaks=hosts.is_first)
        is_ended = most(terminated.is_set()) > 0
    if hosts.is_first and (request.saves_on_termination or not is_ended):
        _save(ml / "model", bytes(model.save_raw("ubj")))


def _read(inputs: Inputs, request: Request, most: Callable[[int], int]) -> Mapping[str, "Rows"]:
    """Read the channels, train first, all with as many features as any host has; *most* asks the others."""
    from luthier.algorithms.xgboost import data  # noqa: PLC0415  # it needs an optional extra

    sources = [each for each in (inputs.train, inputs.validation) if each is not None]
    rows = {
        each.channel: data.read_rows(each, weighted=request.weighted_csv and each is inputs.train) for each in sources
    }
    for source in sources:
        if not most(rows[source.channel].labels.size):
            raise ClientError(f"No data in {source.channel} channel path {source.folder}; check its S3Uri")
    width = most(max(each.width for each in rows.values()))
    return {channel: data.widened(channel, each, width) for channel, each in rows.items()}


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
