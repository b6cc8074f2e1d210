"""One function per operation of the services that are answered: a decoded call in, an answer or an ApiError out."""

from luthier.api.desk import Desk
from luthier.api.operations import operations

__all__ = ["Desk", "operations"]
