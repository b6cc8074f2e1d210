"""
Objects that are stored as ciphertext, as rows.

A row is written before its object and stays when that is overwritten by something else: what lies in the store says
itself which row is its own. So there may be several rows of one bucket and key.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, fields

from sqlalchemy import RowMapping, delete, insert, select, update

from luthier.records.sealed_object import SealedObject, SealedPart, UploadedPart
from luthier.store.database import Database
from luthier.store.rows import portions
from luthier.store.tables import sealed_objects, sealed_parts

_c = sealed_objects.c
_p = sealed_parts.c


class SealedObjects:
    """Every object that is, was or is about to be stored as ciphertext."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, sealed: SealedObject) -> None:
        """Write down what is about to be stored."""
        row = {each.name: getattr(sealed, each.name) for each in fields(sealed)}
        with self._database.writing() as connection:
            connection.execute(insert(sealed_objects), row)

    def of(self, bucket: str, keys: Collection[str]) -> Mapping[str, Sequence[SealedObject]]:
        """Give all that may lie under each of *keys*, those that were never anything else left out."""
        found = defaultdict[str, list[SealedObject]](list)
        with self._database.reading() as connection:
            for portion in portions(list(keys)):
                wanted = select(sealed_objects).where(_c.bucket == bucket, _c.key.in_(portion), _c.parts != ())
                for row in connection.execute(wanted).mappings():
                    found[row["key"]].append(_object_of(row))
        return found

    def any_of(self, bucket: str) -> bool:
        """Say whether there may be any in a bucket."""
        with self._database.reading() as connection:
            return connection.scalar(select(_c.id).where(_c.bucket == bucket).limit(1)) is not None

    def settle(self, object_id: str, etag: str) -> None:
        """Write down the ETag of what has been stored."""
        with self._database.writing() as connection:
            connection.execute(update(sealed_objects).where(_c.id == object_id).values(etag=etag))

    def forget(self, ids: Collection[str]) -> None:
        """Remove rows of what is not, and never again will be, in the store."""
        with self._database.writing() as connection:
            for portion in portions(list(ids)):
                connection.execute(delete(sealed_parts).where(_p.object_id.in_(portion)))
                connection.execute(delete(sealed_objects).where(_c.id.in_(portion)))

    def of_upload(self, bucket: str, key: str, upload: str) -> SealedObject | None:
        """Find what a multipart upload is to become."""
        wanted = select(sealed_objects).where(_c.bucket == bucket, _c.key == key, _c.upload == upload)
        with self._database.reading() as connection:
            row = connection.execute(wanted).mappings().one_or_none()
        return None if row is None else _object_of(row)

    def add_part(self, uploaded: UploadedPart) -> None:
        """Write down a part that has been stored; twice is once."""
        key = {"object_id": uploaded.object_id, "number": uploaded.part.number, "etag": uploaded.etag}
        same = delete(sealed_parts).where(*(_p[name] == value for name, value in key.items()))
        with self._database.writing() as connection:
            connection.execute(same)
            connection.execute(insert(sealed_parts), key | asdict(uploaded.part))

    def parts(self, object_id: str) -> list[UploadedPart]:
        """List the parts that have been stored, in the order of their numbers."""
        wanted = select(sealed_parts).where(_p.object_id == object_id).order_by(_p.number)
        with self._database.reading() as connection:
            return [_part_of(row) for row in connection.execute(wanted).mappings()]

    def complete(self, object_id: str, parts: Sequence[SealedPart]) -> None:
        """Write down which parts an object is about to be made of, in their order."""
        with self._database.writing() as connection:
            connection.execute(update(sealed_objects).where(_c.id == object_id).values(parts=tuple(parts)))


def _object_of(row: RowMapping) -> SealedObject:
    return SealedObject(**{each.name: row[each.name] for each in fields(SealedObject)})


def _part_of(row: RowMapping) -> UploadedPart:
    part = SealedPart(number=row["number"], size=row["size"], stored=row["stored"])
    return UploadedPart(object_id=row["object_id"], part=part, etag=row["etag"])
