"""An S3 request on its way to the S3 server behind us."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Self

from starlette.responses import Response

from luthier.objects.sealing import SealedBody
from luthier.wire.aws_chunked import BodyReader, PlainReader
from luthier.wire.passthrough import Passthrough
from luthier.wire.request import HttpRequest
from luthier.wire.sigv4 import encoded


@dataclass(frozen=True, slots=True)
class Way:
    """A request, and how the *length* bytes of its body come."""

    request: HttpRequest
    reader: BodyReader
    length: int
    arriving: AsyncIterator[bytes]

    @classmethod
    def of(cls, request: HttpRequest, body: bytes = b"") -> Self:
        """A request whose *body* is there."""

        async def pieces() -> AsyncIterator[bytes]:
            if body:
                yield body

        return cls(request, PlainReader(len(body), None), len(body), pieces())

    async def sent(self, passthrough: Passthrough, seal: SealedBody | None = None) -> Response:
        """Send it on, once, its body encrypted by *seal* if there is one."""
        return await passthrough.pass_on(self.request, self.length, self.reader, self.arriving, seal)


def object_request(method: str, bucket: str, key: str, query: str = "") -> HttpRequest:
    """A request of our own for an object; *query* is encoded."""
    return HttpRequest(method=method, path=f"/{encoded(bucket)}/{encoded(key, keep='/')}", query=query, headers=())
