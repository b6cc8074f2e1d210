"""
Channel files as rows of numbers.

    format    a row                                       missing values
    CSV       label,[weight,]feature,feature,...          an empty field, nan
    Parquet   label, feature, feature, ... (columns)      null
    LIBSVM    label[:weight] [qid:n] index:value ...      whatever is not named

CSV has no header line. A weight column (`csv_weights`) is for the train channel only, as in SageMaker.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from luthier.algorithms.xgboost.channels import CSV, LIBSVM, Source
from luthier.algorithms.xgboost.failure import ClientError
from luthier.algorithms.xgboost.libsvm import read_libsvm
from luthier.algorithms.xgboost.rules import shown

Vector = NDArray[np.float32]

DELIMITERS = (",", "\t", ";", "|", " ")
NOTHING = ("", "nan", "NaN", "NA", "null")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A channel's rows; every part has one entry for each."""

    features: NDArray[np.float32] | csr_matrix  # shape (rows, features); nan or absent: missing
    labels: Vector
    weights: Vector | None = None
    queries: NDArray[np.int64] | None = None  # which query a row belongs to, for ranking

    @property
    def width(self) -> int:
        """How many features there are."""
        return int(self.features.shape[1])


def read_rows(source: Source, *, weighted: bool = False) -> Rows:
    """
    Read all files of a channel; raises ClientError naming the file, and the line where there is one.

    Without a file there is no row, and as yet no feature.
    """
    files = source.files()
    if not files:
        return Rows(features=np.empty((0, 0), dtype=np.float32), labels=np.empty(0, dtype=np.float32))
    if source.format == LIBSVM:
        features, labels, weights, queries = read_libsvm(files)
        return Rows(features=features, labels=labels, weights=weights, queries=queries)
    read = _csv_table if source.format == CSV else _parquet_table
    tables = [(path, table) for path in files if (table := read(path)) is not None]
    if not tables:
        raise ClientError(f"channel {source.channel}: its files are empty")
    widths = {table.num_columns: path for path, table in tables}
    if len(widths) > 1:
        raise ClientError(f"channel {source.channel}: {_differing(widths)}")
    numbers = np.concatenate([_numbers(path, table) for path, table in tables])
    first = 2 if weighted and source.format == CSV else 1
    if numbers.shape[1] <= first:
        raise ClientError(f"channel {source.channel}: rows hold no feature; the first column is the label")
    return Rows(features=numbers[:, first:], labels=numbers[:, 0], weights=numbers[:, 1] if first == 2 else None)


def widened(channel: str, rows: Rows, width: int) -> Rows:
    """
    Give rows of *width* features, the most that any channel has, on any host.

    Sparse rows and no rows at all are widened; raises ClientError for others that have fewer features.
    """
    if rows.width == width:
        return rows
    if isinstance(rows.features, np.ndarray):
        if rows.labels.size:
            raise ClientError(f"channel {channel}: its rows have {rows.width} features, where others have {width}")
        return replace(rows, features=np.empty((0, width), dtype=np.float32))
    wider = csr_matrix(
        (rows.features.data, rows.features.indices, rows.features.indptr), shape=(rows.features.shape[0], width)
    )
    return replace(rows, features=wider)


def _csv_table(path: Path) -> pa.Table | None:
    first = _first_line(path)
    if first is None:
        return None
    delimiter = next((each for each in DELIMITERS if each in first), None)
    if delimiter is None:
        raise ClientError(f"{path.name}: could not determine delimiter on line {shown(first)}")
    count = first.count(delimiter) + 1
    try:
        return pyarrow.csv.read_csv(
            path,
            read_options=pyarrow.csv.ReadOptions(column_names=[str(each) for each in range(count)], use_threads=False),
            parse_options=pyarrow.csv.ParseOptions(delimiter=delimiter),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types={str(each): pa.float64() for each in range(count)},
                null_values=list(NOTHING),
                quoted_strings_can_be_null=True,
            ),
        )
    except pa.ArrowInvalid as error:
        raise ClientError(f"{path.name}: {_brief(error)}; CSV here is numbers only, with no header line") from None


def _first_line(path: Path) -> str | None:
    with path.open(encoding="utf-8", errors="replace") as file:
        return next((line.strip("\r\n") for line in file if line.strip()), None)


def _parquet_table(path: Path) -> pa.Table | None:
    try:
        return pyarrow.parquet.read_table(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise ClientError(f"{path.name}: not a Parquet file: {_brief(error)}") from None


def _numbers(path: Path, table: pa.Table) -> NDArray[np.float32]:
    """Give a table as an array of shape (rows, columns)."""
    numbers = np.empty((table.num_rows, table.num_columns), dtype=np.float32)
    for index, column in enumerate(table.columns):
        if not (
            pa.types.is_integer(column.type) or pa.types.is_floating(column.type) or pa.types.is_boolean(column.type)
        ):
            raise ClientError(f"{path.name}: column {index} holds {column.type}, not numbers")
        numbers[:, index] = column.cast(pa.float64(), safe=False).to_numpy()  # null becomes nan
    return numbers


def _brief(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def _differing(widths: dict[int, Path]) -> str:
    (one, first), (other, second) = sorted(widths.items())[:2]
    return f"{first.name} has {one} columns, {second.name} has {other}"
