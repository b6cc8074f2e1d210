"""Where a family finds its files of the prepared data."""

from pathlib import Path


def prepared(data: Path | None, name: str, below: str) -> Path:
    """Give the path of the file *below* the data folder; FileNotFoundError if problem *name* must do without it."""
    if data is None or not (data / below).is_file():
        raise FileNotFoundError(f"{name} needs {below} of the prepared data; name their folder by --data")
    return data / below
