"""The tables as a page of the reference: `python -m luthier.store.schema > docs/reference/schema.md`."""

import sys

from sqlalchemy import Column, Table, UniqueConstraint

from luthier.store.usage_table import usage_samples

_OPENING = """\
# Schema

What Luthier keeps, the same on SQLite and PostgreSQL. Times are seconds since the epoch. The tables are brought up to
date whenever a Luthier opens the database. Written by `python -m luthier.store.schema`.
"""


_METADATA = usage_samples.metadata  # not that of `tables`: only here all modules with tables are loaded


def describe_schema() -> str:
    """Write the page, in Markdown: every table and column with its type and its sentence, and what is unique."""
    return "\n".join([_OPENING, *(_describe(table) for table in _METADATA.sorted_tables)])


def _describe(table: Table) -> str:
    lines = [f"## {table.name}", "", str(table.comment), "", "| column | type | what it says |", "|---|---|---|"]
    lines += [f"| `{column.name}` | {_type_of(column)} | {column.comment} |" for column in table.columns]
    keys = [f"The key is {_names(list(table.primary_key.columns))}."]
    for constraint in sorted(table.constraints, key=lambda each: str(each.name)):
        if isinstance(constraint, UniqueConstraint):
            keys.append(f"Unique: {_names(list(constraint.columns))}.")
    return "\n".join([*lines, "", " ".join(keys), ""])


def _type_of(column: Column[object]) -> str:
    return f"{column.type.compile().lower()}{' or null' if column.nullable else ''}"


def _names(columns: list[Column[object]]) -> str:
    return ", ".join(f"`{column.name}`" for column in columns)


if __name__ == "__main__":
    sys.stdout.write(describe_schema())
