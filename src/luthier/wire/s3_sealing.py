"""Which way a request takes to a plain S3 server, in which some objects are ciphertext that it knows nothing of."""

from collections.abc import Callable, Sequence
from functools import partial

from starlette.responses import Response, StreamingResponse

from luthier.records.identity import Principal
from luthier.wire.passthrough import Passthrough
from luthier.wire.s3_access import DELETE_OBJECT, S3Access
from luthier.wire.s3_keys import Encryption
from luthier.wire.s3_sealed_copies import SealedCopies
from luthier.wire.s3_sealed_reads import SealedReads, with_plain_headers
from luthier.wire.s3_sealed_uploads import SealedUploads
from luthier.wire.s3_sealed_writes import SealedWrites, Target
from luthier.wire.s3_sizes import with_plain_sizes
from luthier.wire.s3_way import Way


class S3Sealing:
    """The way of every request for an object, or for a listing, that may be done."""

    def __init__(self, passthrough: Passthrough, encryption: Encryption, clock: Callable[[], float]) -> None:
        self._passthrough, self._rows = passthrough, encryption.rows
        self._reads = SealedReads(passthrough, encryption)
        self._writes = SealedWrites(passthrough, encryption, clock)
        self._uploads = SealedUploads(passthrough, encryption.rows, self._reads, self._writes)
        self._copies = SealedCopies(
            passthrough=passthrough, reads=self._reads, writes=self._writes, uploads=self._uploads, clock=clock
        )
        self.replacing = self._writes.replacing

    async def answer(
        self, principal: Principal, region: str, wanted: Sequence[S3Access], way: Way, name: str | None
    ) -> Response:
        """
        Send a request on that does what is *wanted*, and give the reply as if nothing were ciphertext.

        *name* is of the KMS key that it wants encryption with. Raises ApiError.
        """
        own, upload = wanted[0], way.request.parameter("uploadId")
        if own.action == "s3:ListBucket":
            return await with_plain_sizes(await way.sent(self._passthrough), own.bucket, self._rows, self._reads)
        target = Target(principal=principal, region=region, bucket=own.bucket, key=own.key)
        if upload is not None:
            return await self._of_upload(target, upload, wanted, way)
        if own.action == "s3:GetObject":
            return await self._read(target, way)
        if way.request.method == "POST":
            send = partial(way.sent, self._passthrough)
            return await (send() if name is None else self._uploads.create(target, way, name))
        if len(wanted) > 1:
            return await self._copies.copy(target, wanted[1], way, name)
        if own.action == DELETE_OBJECT or name is None:
            return await self.replacing(own.bucket, [own.key], partial(way.sent, self._passthrough))
        return await self._writes.put(target, way, name)

    async def _of_upload(self, target: Target, upload: str, wanted: Sequence[S3Access], way: Way) -> Response:
        sealed = await self._uploads.find(target, upload)
        if len(wanted) > 1:
            return await self._copies.copy_part(target, wanted[1], way, sealed)
        method = way.request.method
        if sealed is None:
            send = partial(way.sent, self._passthrough)
            return await (self.replacing(target.bucket, [target.key], send) if method == "POST" else send())
        match method:
            case "PUT":
                return await self._uploads.put_part(target, way, sealed)
            case "POST":
                return await self._uploads.complete(target, way, sealed)
            case "DELETE":
                return await self._uploads.abort(way, sealed)
            case _:
                return await self._uploads.list_parts(way, sealed)

    async def _read(self, target: Target, way: Way) -> Response:
        if way.request.method == "HEAD":
            return await self._reads.head(way, target.bucket, target.key)
        reading = await self._reads.read(target.principal, target.region, way, target.bucket, target.key)
        if reading.span is None or reading.pieces is None or reading.sealed is None:
            return reading.reply
        status = 206 if reading.span.is_asked else 200
        response = StreamingResponse(reading.pieces, status)
        return with_plain_headers(response, reading.reply, reading.sealed, reading.span)
