"""Processes that change the tables take turns."""

from sqlalchemy import Connection, text

_LOCK = 0x6C757468  # any number that every Luthier agrees on: "luth"


def take_turn(connection: Connection) -> None:
    """Wait until no other transaction changes the tables, and have the turn until the end of this one, which writes."""
    if connection.dialect.name == "postgresql":  # SQLite's writing transactions take turns anyway
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
