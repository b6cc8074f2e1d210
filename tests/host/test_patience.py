"""Transfers that outlast an absence of the object store, and heed a request to stop."""

import errno
import io
from collections.abc import Iterator
from typing import BinaryIO

import pytest

from luthier.host.patience import HeedfulStore, StoppedError, persistently
from luthier.objects import ObjectError, ObjectInfo


class Absences:
    """An action that fails a few times before it succeeds."""

    def __init__(self, *errors: Exception) -> None:
        self._errors = list(errors)

    def __call__(self) -> str:
        if self._errors:
            raise self._errors.pop(0)
        return "done"


class OneObject:
    """A store that holds one object."""

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        yield ObjectInfo(uri="s3://data/x", size=3, etag="1")

    def open(self, uri: str) -> BinaryIO:
        return io.BytesIO(1_000_000 * b"abc")

    def put(self, uri: str, body: BinaryIO, key: str | None = None) -> None:
        raise AssertionError("nobody puts anything here")

    def delete(self, uri: str) -> None:
        raise AssertionError("nobody deletes anything here")


def never() -> None:
    """Let everything go on."""


def stopped() -> None:
    """Let nothing go on."""
    raise StoppedError


@pytest.mark.parametrize(
    "absence",
    [
        OSError("the object store cannot be reached"),
        ConnectionRefusedError(errno.ECONNREFUSED, "refused"),
        TimeoutError("timed out"),
        OSError(errno.ENETUNREACH, "no network"),
    ],
)
def test_an_absence_is_waited_for(absence: OSError) -> None:
    assert persistently(Absences(absence, absence), never) == "done"


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "disk full"), ObjectError("no such bucket")])
def test_what_waiting_does_not_mend_is_raised(error: Exception) -> None:
    with pytest.raises(type(error)):
        persistently(Absences(error), never)


def test_waiting_ends_when_a_stop_is_requested() -> None:
    with pytest.raises(StoppedError):
        persistently(Absences(*[OSError("away")] * 1000), stopped)


def test_a_heedful_store_gives_what_the_store_gives() -> None:
    store = HeedfulStore(OneObject(), never)

    with store.open("s3://data/x") as body:
        assert body.read() == OneObject().open("s3://data/x").read()
    assert list(store.list("s3://data/")) == list(OneObject().list("s3://data/"))


def test_a_stop_ends_a_listing() -> None:
    with pytest.raises(StoppedError):
        list(HeedfulStore(OneObject(), stopped).list("s3://data/"))


def test_a_stop_ends_a_download_half_way() -> None:
    checks = iter([None, None])

    def check() -> None:
        if next(checks, stopped) is not None:
            raise StoppedError

    body = HeedfulStore(OneObject(), check).open("s3://data/x")
    assert body.read(10) == b"abcabcabca"
    with pytest.raises(StoppedError):
        body.read()
