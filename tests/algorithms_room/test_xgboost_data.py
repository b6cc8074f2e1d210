"""Channel files as rows of numbers: what is read, and what is said of files that hold something else."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from luthier.algorithms.xgboost.channels import CSV, LIBSVM, PARQUET, Source
from luthier.algorithms.xgboost.data import read_rows, widened
from luthier.algorithms.xgboost.failure import ClientError


def a_source(folder: Path, kind: str, **files: str) -> Source:
    for name, text in files.items():
        (folder / name).write_text(text)
    return Source(channel="train", folder=folder, format=kind)


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", " "])
def test_the_first_csv_column_is_the_label(tmp_path: Path, delimiter: str) -> None:
    text = "1,2,3\n0,5.5,-6e-1\n".replace(",", delimiter)

    rows = read_rows(a_source(tmp_path, CSV, part=text))

    assert rows.labels.tolist() == [1, 0]
    np.testing.assert_allclose(rows.features, [[2, 3], [5.5, -0.6]], rtol=1e-6)


def test_an_empty_csv_field_is_missing(tmp_path: Path) -> None:
    rows = read_rows(a_source(tmp_path, CSV, part="1,,nan\r\n0,5,6\r\n"))

    assert np.isnan(rows.features[0]).all()


def test_the_second_csv_column_may_hold_weights(tmp_path: Path) -> None:
    rows = read_rows(a_source(tmp_path, CSV, part="1,0.5,3\n0,2,6\n"), weighted=True)

    assert rows.weights is not None
    assert rows.weights.tolist() == [0.5, 2]
    assert rows.width == 1


def test_files_are_read_in_order_and_from_folders_below(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b/part").write_text("2,0\n")

    rows = read_rows(a_source(tmp_path, CSV, a="1,0\n", c="3,0", empty="", blank="\n\n"))

    assert rows.labels.tolist() == [1, 2, 3]


def test_hidden_files_and_folders_are_left_out(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/config").write_text("x")

    rows = read_rows(a_source(tmp_path, CSV, part="1,0\n", **{".DS_Store": "x", "_SUCCESS": ""}))

    assert rows.labels.tolist() == [1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("age,size\n1,2\n", "no header"),
        ("1,2\n0,abc\n", "abc"),
        ("1,2\n0,1,2\n", "Expected 2 columns"),
        ("12\n13\n", "delimiter"),
        ("\x00\x01,\x02\n", "numbers only"),
        ("1,0x10\n", "0x10"),
        ("", "empty"),
    ],
)
def test_csv_that_is_not_numbers_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ClientError, match=said):
        read_rows(a_source(tmp_path, CSV, part=text))


def test_a_bad_csv_line_is_told_by_its_number(tmp_path: Path) -> None:
    with pytest.raises(ClientError, match=r"part: .*Row #3"):
        read_rows(a_source(tmp_path, CSV, part="1,2\n0,3\n0,oops\n"))


def test_csv_files_of_different_widths_are_named(tmp_path: Path) -> None:
    with pytest.raises(ClientError, match="a has 2 columns, b has 3"):
        read_rows(a_source(tmp_path, CSV, a="1,2\n", b="1,2,3\n"))


def test_weights_alone_are_no_features(tmp_path: Path) -> None:
    with pytest.raises(ClientError, match="no feature"):
        read_rows(a_source(tmp_path, CSV, a="1,2\n"), weighted=True)


def test_a_channel_without_files_has_no_rows(tmp_path: Path) -> None:
    assert read_rows(a_source(tmp_path / "nowhere", CSV)).labels.size == 0


def test_libsvm_is_sparse(tmp_path: Path) -> None:
    rows = read_rows(a_source(tmp_path, LIBSVM, part="1 0:2.5 3:-1 # a remark\n\n0\n"))

    assert rows.labels.tolist() == [1, 0]
    assert rows.features.toarray().tolist() == [[2.5, 0, 0, -1], [0, 0, 0, 0]]


def test_libsvm_rows_may_have_weights_and_queries(tmp_path: Path) -> None:
    rows = read_rows(a_source(tmp_path, LIBSVM, part="1:0.5 qid:1 0:1\n0:2 qid:2 0:1\n"))

    assert rows.weights is not None
    assert rows.queries is not None
    assert (rows.weights.tolist(), rows.queries.tolist()) == ([0.5, 2], [1, 2])


@pytest.mark.parametrize(
    "line", ["1,2,3", "1 a:1", "1 -1:1", "1 0:x", "1 0", "x 0:1", "1 99999999999999999999:1", "1:2:3 0:1", "1 :1"]
)
def test_a_bad_libsvm_line_is_told_by_its_number(tmp_path: Path, line: str) -> None:
    with pytest.raises(ClientError, match="part, line 2: "):
        read_rows(a_source(tmp_path, LIBSVM, part=f"1 0:1\n{line}\n"))


def test_weights_for_some_libsvm_rows_only_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ClientError, match="every row has a weight"):
        read_rows(a_source(tmp_path, LIBSVM, part="1:2 0:1\n1 0:1\n"))


def test_sparse_rows_are_widened(tmp_path: Path) -> None:
    rows = read_rows(a_source(tmp_path, LIBSVM, part="1 0:1\n"))

    assert widened("train", rows, 8).width == 8


def test_no_rows_are_widened(tmp_path: Path) -> None:
    rows = read_rows(a_source(tmp_path, CSV))

    assert widened("train", rows, 8).features.shape == (0, 8)


def test_dense_rows_with_too_few_features_are_refused(tmp_path: Path) -> None:
    rows = read_rows(a_source(tmp_path, CSV, part="1,2\n"))

    with pytest.raises(ClientError, match="channel train: its rows have 1 features, where others have 2"):
        widened("train", rows, 2)


def test_the_first_parquet_column_is_the_label(tmp_path: Path) -> None:
    parquet.write_table(pa.table({"y": [1, 0], "a": [1.5, None], "b": [True, False]}), tmp_path / "part.parquet")

    rows = read_rows(Source(channel="train", folder=tmp_path, format=PARQUET))

    assert rows.labels.tolist() == [1, 0]
    np.testing.assert_array_equal(rows.features, [[1.5, 1], [np.nan, 0]])


def test_a_parquet_column_of_text_is_named(tmp_path: Path) -> None:
    parquet.write_table(pa.table({"y": [1], "a": ["x"]}), tmp_path / "part.parquet")

    with pytest.raises(ClientError, match=r"part\.parquet: column 1 holds string"):
        read_rows(Source(channel="train", folder=tmp_path, format=PARQUET))


def test_a_file_that_is_no_parquet_is_named(tmp_path: Path) -> None:
    with pytest.raises(ClientError, match="part: not a Parquet file"):
        read_rows(a_source(tmp_path, PARQUET, part="1,2,3"))
