"""
Runs in a folder of MLflow's own making, `mlruns`: small files of text and YAML.

    mlruns/EXPERIMENT/meta.yaml             name, lifecycle_stage
    mlruns/EXPERIMENT/RUN/meta.yaml         run_id, status, start_time, end_time, lifecycle_stage
    mlruns/EXPERIMENT/RUN/params/NAME       the value
    mlruns/EXPERIMENT/RUN/metrics/NAME      lines of time, value and step
    mlruns/EXPERIMENT/RUN/tags/NAME         the value

A name with slashes is a path. Links are not followed, and what is no file is not opened.

mlflow.store.tracking.FileStore.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from luthier.histories.history import HistoryError
from luthier.histories.mlflow import PARENT, Choice, LoggedRun, LoggedValue
from luthier.records.json_value import JsonObject
from luthier.settings import SettingsError

MOST_RUNS = 100_000
_MOST_BYTES = 1 << 20  # of a meta.yaml or a value
_MOST_METRIC_BYTES = 64 << 20
_META, _ACTIVE = "meta.yaml", "active"
_STATUSES = {1: "RUNNING", 2: "SCHEDULED", 3: "FINISHED", 4: "FAILED", 5: "KILLED"}


class MlflowFolder:
    """A folder with experiments; raises SettingsError, with the file, for what cannot be read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def runs(self, experiment: str | None, choice: Choice) -> list[LoggedRun]:
        """
        Give the runs of an experiment, by its name, that have not been deleted, with the objective's values.

        Without a name it is the only one that has runs; raises SettingsError where there are several, or none.
        """
        names = {each: str(meta.get("name", "")) for each, meta in _folders(self._folder).items()}
        if experiment is None:
            found = [each for each in names if _runs(each)]
        else:
            found = [each for each, name in names.items() if name == experiment]
        if len(found) != 1:
            told = ", ".join(map(repr, sorted(names.values())))[:500]
            raise SettingsError(f"--experiment: name one of those in {self._folder}: {told or 'there are none'}")
        runs = _runs(found[0])
        if len(runs) > MOST_RUNS:
            raise SettingsError(f"--experiment: {found[0]} has more than {MOST_RUNS} runs; delete the worst of them")
        return [_logged(run, meta, choice) for run, meta in runs.items()]


def _runs(experiment: Path) -> Mapping[Path, JsonObject]:
    """Give the runs of an experiment, each with what its meta.yaml says."""
    return {run: meta for run, meta in _folders(experiment).items() if "run_id" in meta}


def _folders(folder: Path) -> Mapping[Path, JsonObject]:
    """Give the folders of experiments, or of runs, that have not been deleted, each with what its meta.yaml says."""
    found = [each for each in sorted(_entries(folder)) if not each.is_symlink() and (each / _META).is_file()]
    told = {each: _meta(each) for each in found}
    return {each: meta for each, meta in told.items() if meta.get("lifecycle_stage", _ACTIVE) == _ACTIVE}


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir()) if folder.is_dir() else []
    except OSError as error:
        raise SettingsError(f"{folder}: {error.strerror}") from error


def _logged(run: Path, meta: JsonObject, choice: Choice) -> LoggedRun:
    metrics, tags = dict(_files(run / "metrics")), dict(_files(run / "tags"))
    wanted = metrics.get(choice.objective)
    status = meta.get("status")
    return LoggedRun(
        identifier=run.name,
        status=_STATUSES.get(status, str(status)) if isinstance(status, int) else str(status),
        began_ms=_number(meta, "start_time"),
        ended_ms=_number(meta, "end_time"),
        parameters={name: _read(file, _MOST_BYTES) for name, file in _files(run / "params")},
        metrics=metrics,
        values=[] if wanted is None else _values(wanted),
        parent=_read(tags[PARENT], _MOST_BYTES).strip() if PARENT in tags else None,
    )


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Give the files under a folder, each with its path from there."""
    for top, _, names in os.walk(folder):
        for name in sorted(names):
            file = Path(top, name)
            if file.is_file() and not file.is_symlink():
                yield file.relative_to(folder).as_posix(), file


def _values(file: Path) -> list[LoggedValue]:
    return [_value(line, f"{file}, line {number}") for number, line in enumerate(_lines(file), 1)]


def _lines(file: Path) -> list[str]:
    return [line for line in _read(file, _MOST_METRIC_BYTES).split("\n") if line.strip()]


def _value(line: str, place: str) -> LoggedValue:
    """Read a line: time, value, step, and in newer files more that nobody needs here."""
    at, value, *more = [*line.split(), ""]
    try:
        return LoggedValue(value=float(value), at_ms=float(at), step=int(more[0] or 0) if more else 0)
    except ValueError:
        raise HistoryError(f"{place}: it is {line[:80]!r}, and not a time, a value and a step") from None


def _meta(folder: Path) -> JsonObject:
    file = folder / _META
    try:
        read = yaml.safe_load(_read(file, _MOST_BYTES))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise SettingsError(f"{file}: not YAML as MLflow writes it: {' '.join(str(error).split())[:200]}") from error
    if not isinstance(read, dict):
        raise SettingsError(f"{file}: not YAML as MLflow writes it: no names with values")
    return read


def _read(file: Path, most: int) -> str:
    try:
        with file.open("rb") as source:
            body = source.read(most + 1)
        text = body.decode()
    except OSError as error:
        raise SettingsError(f"{file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{file}: byte {error.start}: not UTF-8") from None
    if len(body) > most:
        raise SettingsError(f"{file}: more than {most >> 10} KiB")
    return text


def _number(given: JsonObject, name: str) -> float | None:
    value = given.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
