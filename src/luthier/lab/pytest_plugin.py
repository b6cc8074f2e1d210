"""
The pytest plugin: the fixtures `luthier`, a new service for each test, and `luthier_service`, one for all tests.

Nothing but pytest is loaded with it. Services come from one process, which is started for the first test that asks for
one.
"""

from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from luthier.lab.nest import Nest
    from luthier.lab.throwaway import LocalService

_NEST = pytest.StashKey["Nest"]()


def pytest_configure(config: pytest.Config) -> None:
    """Tell pytest of the marker."""
    config.addinivalue_line("markers", "luthier(**settings): settings of the service that the fixture luthier gives.")


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
