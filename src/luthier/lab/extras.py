"""Packages that only some of what is here needs."""

from importlib import import_module
from typing import Any


def extra(package: str, name: str) -> Any:  # Any: a package that may not be there has no types
    """Load a package that comes with the extra *name*; raises ImportError, which says how to have it."""
    try:
        return import_module(package)
    except ModuleNotFoundError as error:
        raise ImportError(f"{error.name} is missing; pip install 'luthier[{name}]'") from error
