"""What the training was given under `/opt/ml`: hyperparameters, channels and their content types."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from luthier.algorithms.xgboost.failure import ClientError
from luthier.algorithms.xgboost.rules import shown

CSV, LIBSVM, PARQUET = "CSV", "LIBSVM", "Parquet"

CONTENT_TYPES: Mapping[str, str] = {
    "": LIBSVM,  # as in SageMaker when a channel names none
    "csv": CSV,
    "text/csv": CSV,
    "libsvm": LIBSVM,
    "text/libsvm": LIBSVM,
    "text/x-libsvm": LIBSVM,
    "parquet": PARQUET,
    "application/x-parquet": PARQUET,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One channel's files and the format they are in."""

    channel: str
    folder: Path
    format: str  # CSV, LIBSVM or PARQUET

    def files(self) -> list[Path]:
        """
        Give the channel's files in the order of their paths.

        As in SageMaker, files whose name begins with a dot or an underscore, and hidden folders, are left out.
        """
        return sorted(path for path in self.folder.rglob("*") if path.is_file() and not self._is_hidden(path))

    def _is_hidden(self, path: Path) -> bool:
        *folders, name = path.relative_to(self.folder).parts
        return name.startswith((".", "_")) or any(each.startswith(".") for each in folders)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """Everything that was given."""

    hyperparameters: Mapping[str, str]
    train: Source
    validation: Source | None
    hosts: tuple[str, ...]  # of the training job, the first one first
    host: str  # this one


def read_inputs(ml: Path) -> Inputs:
    """Read what *ml*, `/opt/ml` in a container, holds; raises ClientError for what cannot be trained on."""
    config = ml / "input/config"
    hyperparameters = {name: str(value) for name, value in _object(config / "hyperparameters.json").items()}
    channels = _object(config / "inputdataconfig.json")
    strange = sorted(channels.keys() - {"train", "validation", "code"})
    if strange:
        raise ClientError(f"Extraneous channel found: {shown(strange[0])}; there are train and validation")
    if "train" not in channels:
        raise ClientError("Missing required channel: train")
    hosts, host = _hosts(config / "resourceconfig.json")
    train = _source(ml, "train", channels["train"])
    return Inputs(
        hyperparameters=hyperparameters,
        train=train,
        validation=_source(ml, "validation", channels["validation"], train) if "validation" in channels else None,
        hosts=hosts,
        host=host,
    )


def _hosts(resources: Path) -> tuple[tuple[str, ...], str]:
    """Read which hosts there are, in the order of their numbers, and which this one is."""
    told = _object(resources) if resources.exists() else {}
    hosts, host = told.get("hosts"), told.get("current_host")
    if not isinstance(hosts, list) or not isinstance(host, str) or host not in hosts:
        return ("algo-1",), "algo-1"
    return tuple(sorted(map(str, hosts), key=lambda name: (len(name), name))), host


def _source(ml: Path, name: str, channel: object, like: Source | None = None) -> Source:
    """Describe a channel; one without a content type has that of the channel it is *like*."""
    settings = channel if isinstance(channel, dict) else {}
    if settings.get("TrainingInputMode", "File") == "Pipe":
        raise ClientError(f"channel {name}: Pipe mode is not offered by this XGBoost; use File")
    content_type = str(settings.get("ContentType") or "")
    return Source(
        channel=name,
        folder=ml / "input/data" / name,
        format=like.format if like and not content_type else _format(name, content_type),
    )


def _format(name: str, content_type: str) -> str:
    kind, *parameters = (part.strip().lower() for part in content_type.split(";"))
    if kind not in CONTENT_TYPES:
        known = ", ".join(filter(None, CONTENT_TYPES))
        raise ClientError(f"channel {name}: {shown(content_type)} is not an accepted ContentType: {known}")
    sizes = [each.partition("=")[2].strip() for each in parameters if each.startswith("label_size")]
    if CONTENT_TYPES[kind] == CSV and any(size != "1" for size in sizes):
        raise ClientError(f"channel {name}: {shown(content_type)}: label_size must be 1")
    return CONTENT_TYPES[kind]


def _object(path: Path) -> Mapping[str, object]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ClientError(f"{path} is missing; the base folder is LUTHIER_ML or /opt/ml") from None
    if not isinstance(document, dict):
        raise ClientError(f"{path} holds no JSON object")
    return document
