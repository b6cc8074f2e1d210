"""One server for all that a process fuzzes."""

from collections.abc import Iterator

import pytest

from fuzz.house import House, a_house


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with a_house(tmp_path_factory.mktemp("fuzz")) as house:
        yield house
