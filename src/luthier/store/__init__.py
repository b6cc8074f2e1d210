"""Rows: tuning jobs, training jobs, metric points and leases, the same code on SQLite and PostgreSQL."""

from luthier.store.errors import NameTaken, StoreError

__all__ = ["NameTaken", "StoreError"]
