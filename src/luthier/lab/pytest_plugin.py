"""
The pytest plugin: the fixtures `luthier`, a new service for each test, and `luthier_service`, one for all tests.

Nothing but pytest is loaded with it. Services come from a process that is started while tests begin, if any of those
that are to run asks for one.
"""

from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from luthier.lab.nest import Nest
    from luthier.lab.throwaway import LocalService

FIXTURES = frozenset({"luthier", "luthier_service"})
_NEST = pytest.StashKey["Nest"]()


def pytest_configure(config: pytest.Config) -> None:
    """Tell pytest of the marker."""
    config.addinivalue_line("markers", "luthier(**settings): settings of the service that the fixture luthier gives.")


def pytest_collection_finish(session: pytest.Session) -> None:
    """Have services get ready; a worker of xdist cannot know whether it will run any of the tests that ask for one."""
    config = session.config
    if config.option.collectonly or hasattr(config, "workerinput"):
        return
    if any(FIXTURES & set(getattr(item, "fixturenames", ())) for item in session.items):
        _nest(config)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Let the process end from which services come."""
    nest = config.stash.get(_NEST, None)
    if nest is not None:
        nest.close()


@pytest.fixture
def luthier(request: pytest.FixtureRequest) -> "Iterator[LocalService]":
    """A service that is new and empty, to which the environment points AWS clients; it is gone after the test."""
    marker = request.node.get_closest_marker("luthier")
    settings = {} if marker is None else dict(marker.kwargs)
    with import_module("luthier.lab.throwaway").local(nest=_nest(request.config), **settings) as service:
        yield service


@pytest.fixture(scope="session")
def luthier_service(request: pytest.FixtureRequest) -> "Iterator[LocalService]":
    """A service that tests share, with all that is in it; `luthier_service.pointed()` leads clients there."""
    with import_module("luthier.lab.throwaway").running(nest=_nest(request.config)) as service:
        yield service


def _nest(config: pytest.Config) -> "Nest":
    if _NEST not in config.stash:
        config.stash[_NEST] = import_module("luthier.lab.nest").Nest()
    return config.stash[_NEST]
