"""One function per operation of the services that are answered: a decoded call in, an answer or an ApiError out."""

from luthier.api.operations import operations
from luthier.api.service import Service

__all__ = ["Service", "operations"]
