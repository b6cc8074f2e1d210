"""LIBSVM text, `label[:weight] [qid:n] index:value ...`, read strictly: XGBoost's own reader takes anything for 0."""

from array import array
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from luthier.algorithms.xgboost.failure import ClientError
from luthier.algorithms.xgboost.rules import LARGEST, shown

Vector = NDArray[np.float32]


class _Reading:
    """Rows read so far, in the three arrays of a CSR matrix, with what stands before the features."""

    def __init__(self) -> None:
        self.labels, self.weights, self.values = array("f"), array("f"), array("f")
        self.queries, self.columns, self.ends = array("q"), array("q"), array("q", [0])

    def add(self, line: str) -> None:
        """Take one row; raises ValueError or OverflowError if it is not one."""
        head, *pairs = line.split()
        label, colon, weight = head.partition(":")
        self.labels.append(float(label))
        if colon:
            self.weights.append(float(weight))
        for pair in pairs:
            name, _, value = pair.partition(":")
            if name == "qid":
                self.queries.append(int(value))
                continue
            column = int(name)
            if not 0 <= column < LARGEST:
                raise ValueError(pair)
            self.columns.append(column)
            self.values.append(float(value))
        self.ends.append(len(self.columns))

    def check(self, name: str) -> None:
        """Refuse rows of which only some have a weight, or a query."""
        for what, given in (("weight", self.weights), ("qid", self.queries)):
            if len(given) not in (0, len(self.labels)):
                raise ClientError(f"{name}: either every row has a {what}, or none")


def read_libsvm(files: Sequence[Path]) -> tuple[csr_matrix, Vector, Vector | None, NDArray[np.int64] | None]:
    """Read features, labels, weights and queries of all rows; raises ClientError naming file and line."""
    reading = _Reading()
    for path in files:
        _read_file(path, reading)
        reading.check(path.name)
    if not reading.labels:
        raise ClientError(f"{files[0].name}: the files hold no row")
    width = max(reading.columns, default=0) + 1
    features = csr_matrix(
        (np.asarray(reading.values), np.asarray(reading.columns), np.asarray(reading.ends)),
        shape=(len(reading.labels), width),
    )
    return (
        features,
        np.asarray(reading.labels),
        np.asarray(reading.weights) if reading.weights else None,
        np.asarray(reading.queries) if reading.queries else None,
    )


def _read_file(path: Path, reading: _Reading) -> None:
    with path.open(encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, 1):
            content = line.partition("#")[0].strip()
            if not content:
                continue
            try:
                reading.add(content)
            except (ValueError, OverflowError):
                raise ClientError(
                    f"{path.name}, line {number}: {shown(content)} is not LIBSVM, label index:value ...; "
                    "for CSV set the channel's ContentType to text/csv"
                ) from None
