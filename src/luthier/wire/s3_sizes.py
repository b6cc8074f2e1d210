"""Listings of buckets, in which objects that are stored as ciphertext have the size that they were sent with."""

from collections.abc import Mapping, Sequence
from urllib.parse import unquote_plus
from xml.etree import ElementTree

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from luthier.records.call import ApiError
from luthier.records.sealed_object import SealedObject
from luthier.wire.s3_buckets import whole
from luthier.wire.s3_keys import SealedRows
from luthier.wire.s3_sealed_reads import SealedReads

_SPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
_LISTINGS = ("ListBucketResult", "ListVersionsResult")
_ENTRIES = ("Contents", "Version")


async def with_plain_sizes(reply: Response, bucket: str, rows: SealedRows, reads: SealedReads) -> Response:
    """Correct a listing of *bucket*; any other reply is passed on as it is."""
    if reply.status_code != 200 or not await run_in_threadpool(rows.any_of, bucket):
        return reply
    body = await whole(reply)
    ElementTree.register_namespace("", _SPACE)
    root = ElementTree.fromstring(body)  # noqa: S314  # our own S3 server's
    if _name(root) in _LISTINGS:
        is_encoded = _text(root, "EncodingType") == "url"
        entries = [(_key(each, is_encoded=is_encoded), each) for each in root if _name(each) in _ENTRIES]
        known = await run_in_threadpool(rows.of, bucket, [key for key, _ in entries])
        for key, entry in entries:
            sealed = await _which(entry, key, known, reads)
            for size in (each for each in entry if _name(each) == "Size" and sealed):
                size.text = str(sealed.size if sealed else "")
        body = ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return Response(body, media_type="application/xml")


async def _which(
    entry: ElementTree.Element, key: str, known: Mapping[str, Sequence[SealedObject]], reads: SealedReads
) -> SealedObject | None:
    """Find the row that an entry is of: by its ETag or, where that is not known, by looking at the object."""
    size, etag = int(_text(entry, "Size") or 0), _text(entry, "ETag").strip('"')
    possible = [row for row in known.get(key, ()) if row.stored == size]
    for row in possible:
        if row.etag == etag:
            return row
    if not possible:
        return None
    try:
        found = await reads.find(possible[0].bucket, key)
    except ApiError:  # a listing shows what is damaged too, as it is; who reads it is told
        return None
    return found[0] if found else None


def _key(entry: ElementTree.Element, *, is_encoded: bool) -> str:
    key = _text(entry, "Key")
    return unquote_plus(key) if is_encoded else key


def _text(of: ElementTree.Element, name: str) -> str:
    return next((each.text or "" for each in of if _name(each) == name), "")


def _name(of: ElementTree.Element) -> str:
    return of.tag.rpartition("}")[2]
