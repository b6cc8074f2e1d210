"""
Amazon SageMaker automatic model tuning, on your own machines.

| for notebooks and tests   |                                                                |
|---------------------------|----------------------------------------------------------------|
| `with luthier.local():`   | a service to throw away, which AWS clients are pointed to      |
| `luthier.frame(name)`     | a tuning job as a pandas data frame                            |
| `luthier.figure(name)`    | a tuning job as a matplotlib figure                            |

Nothing is loaded before it is used: hosts and servers import this package too.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from luthier.lab.figures import figure as figure
    from luthier.lab.frames import frame as frame
    from luthier.lab.throwaway import LocalService as LocalService
    from luthier.lab.throwaway import ServiceError as ServiceError
    from luthier.lab.throwaway import local as local

_PLACES = {
    "LocalService": "luthier.lab.throwaway",
    "ServiceError": "luthier.lab.throwaway",
    "figure": "luthier.lab.figures",
    "frame": "luthier.lab.frames",
    "local": "luthier.lab.throwaway",
}
__all__ = ["LocalService", "ServiceError", "figure", "frame", "local"]


def __getattr__(name: str) -> object:
    if name not in _PLACES:
        raise AttributeError(f"module 'luthier' has no attribute {name!r}")
    return getattr(import_module(_PLACES[name]), name)
