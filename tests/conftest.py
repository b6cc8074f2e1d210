"""What tests of several rooms need, and is costly to have twice."""

from collections.abc import Iterator

import pytest

from container_engine import NoEngineError, running_engine
from luthier.runtimes.container.engine import Engine


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """Have a container engine, shared by all test processes."""
    try:
        with running_engine() as found:
            yield found
    except NoEngineError as error:
        pytest.skip(str(error))
