"""What tests of several rooms need, and is costly to have twice."""

import os
from collections.abc import Iterator

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

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


class SharersTogether(LoadScopeScheduling):
    """
    Gives a worker all tests of a module that share what is costly, a server mostly; others go to whoever is free.

    Modules come first that have the most tests.
    """

    def _split_scope(self, nodeid: str) -> str:
        module, _, _ = nodeid.partition("::")
        return module if module.startswith(SHARERS) else nodeid


SHARERS = ("tests/clients/", "tests/lab/", "tests/browser/", "tests/house/test_modules.py", "tests/house/test_pages.py")


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> SharersTogether:
    """Share tests out among workers: xdist's own groups are lost on their way to it."""
    return SharersTogether(config, log)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Have two workers a processor: where a test waits for a server, a container or an SDK, another one computes."""
    return len(os.sched_getaffinity(0)) * 2
