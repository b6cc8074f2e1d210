"""
Writing objects as ciphertext, and over ciphertext: the row comes first, and goes once its object is certainly gone.

    put     write the row    store the object, which names it    note its ETag    forget what it has replaced
    delete  delete the object                                                     forget what it was

What was stored, its ETag noted, before something else was stored in its place can never come back, so its row may go.
A server that is killed anywhere in between leaves a row too many, never one too few.
"""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, replace
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from luthier.objects.sealing import Seal, SealedBody, seal_in_parts
from luthier.objects.vault import VaultError
from luthier.records.call import ApiError
from luthier.records.identity import Principal
from luthier.records.sealed_object import SealedObject
from luthier.wire.passthrough import Passthrough
from luthier.wire.s3_digests import digested
from luthier.wire.s3_encryption import without_encryption
from luthier.wire.s3_keys import GENERATE, Encryption, UsableKey
from luthier.wire.s3_sealed_reads import encryption_headers, etag_of
from luthier.wire.s3_way import Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where somebody writes to, and in which region keys are looked for."""

    principal: Principal
    region: str
    bucket: str
    key: str


class SealedWrites:
    """The way of whatever writes an object, or deletes one."""

    def __init__(self, passthrough: Passthrough, encryption: Encryption, clock: Callable[[], float]) -> None:
        self._passthrough, self._keys, self._rows = passthrough, encryption.keys, encryption.rows
        self._draw_id, self._clock = encryption.draw_id, clock

    async def put(self, target: Target, way: Way, name: str) -> Response:
        """Store the body as ciphertext of the key of this *name*; raises ApiError."""
        usable = await self.usable(target, name)
        sealed = self.begun(target, usable)
        seal = await run_in_threadpool(_begun, partial(seal_in_parts, usable.master, sealed, way.length))
        sealed = replace(sealed, parts=seal.parts)
        await run_in_threadpool(self._rows.add, sealed)

        async def send() -> Response:
            reply = await self.sent(way, seal)
            if reply.status_code < 300:
                await run_in_threadpool(self._rows.settle, sealed.id, etag_of(reply))
            elif reply.status_code < 500:
                await run_in_threadpool(self._rows.forget, [sealed.id])
            return reply

        reply = await self.replacing(target.bucket, [target.key], send)
        return told(reply, sealed) if reply.status_code < 300 else reply

    async def replacing(self, bucket: str, keys: Collection[str], send: Callable[[], Awaitable[Response]]) -> Response:
        """Send what overwrites, or deletes, everything under these keys, and then forget what was there before."""
        rows = await run_in_threadpool(self._rows.of, bucket, keys)
        before = [row.id for each in rows.values() for row in each if row.etag is not None]
        reply = await send()
        if before and reply.status_code < 300:
            await run_in_threadpool(self._rows.forget, before)
        return reply

    async def usable(self, target: Target, name: str) -> UsableKey:
        """Find the key that the target is to be encrypted with; raises ApiError unless it may be used."""
        return await run_in_threadpool(self._keys.usable, target.principal, target.region, name, GENERATE)

    def begun(self, target: Target, usable: UsableKey) -> SealedObject:
        """Name an object that nothing is stored of yet."""
        return SealedObject(
            id=self._draw_id(),
            bucket=target.bucket,
            key=target.key,
            kms_key=usable.arn,
            created_at=self._clock(),
        )

    async def sent(self, way: Way, seal: SealedBody) -> Response:
        """Send a body on encrypted, held against the checksums that came with it."""
        own = replace(way, request=without_encryption(way.request), reader=digested(way.request, way.reader))
        return await own.sent(self._passthrough, seal)


def sealing(usable: UsableKey, sealed: SealedObject, number: int, size: int) -> SealedBody:
    """Begin to encrypt a part of an upload; raises ApiError where its key cannot be asked for a data key."""
    return _begun(lambda: SealedBody([Seal(usable.master, sealed, number, size)]))


def _begun(make: Callable[[], SealedBody]) -> SealedBody:
    try:
        return make()
    except VaultError as error:
        raise ApiError("ServiceUnavailable", str(error), http_status=503) from error


def told(reply: Response, sealed: SealedObject) -> Response:
    """Say in a reply what the object is encrypted with."""
    reply.headers.update(encryption_headers(sealed.kms_key))
    return reply
