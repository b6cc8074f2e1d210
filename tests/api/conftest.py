"""A desk over an empty store, for every test of the operations."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desk import Desk
from luthier.store.engine import Store


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    store = Store.open(f"sqlite:///{tmp_path / 'luthier.db'}")
    yield Desk(store)
    store.close()
