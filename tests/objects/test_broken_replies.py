"""Replies that break off: however little of one arrives, it is never taken for a whole one."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from threading import Thread
from typing import BinaryIO

import pytest

from luthier.objects.data_keys import DataKeys
from luthier.objects.s3 import S3Objects

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\netag: x\r\n"
LISTING = (
    b"<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>x</Key><ETag>e</ETag><Size>1</Size></Contents>"
    b"</ListBucketResult>"
)
WHOLE = HEAD + b"content-length: %d\r\n\r\n" % len(LISTING) + LISTING
IN_CHUNKS = HEAD + b"transfer-encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(LISTING), LISTING)
NO_CREDENTIALS = {"access_key": "a", "secret_key": "s", "token": "t", "expiry_time": "2999-01-01T00:00:00Z"}


@contextmanager
def answering(reply: bytes) -> Iterator[str]:
    """Answer every request with these bytes, and then hang up, as a process does that ends."""
    with socket.create_server(("127.0.0.1", 0)) as door:

        def answer() -> None:
            while True:
                try:
                    line, _ = door.accept()
                except OSError:
                    return
                with line:
                    line.recv(1 << 16)
                    line.sendall(reply)

        thread = Thread(target=answer)
        thread.start()
        try:
            yield f"http://127.0.0.1:{door.getsockname()[1]}"
        finally:
            door.shutdown(socket.SHUT_RDWR)
            thread.join()


def at_every(piece: int, whole: bytes) -> list[bytes]:
    """Give the beginnings of a reply which are not all of it."""
    return [whole[:end] for end in range(len(b"HTTP/1.1 200"), len(whole) - len(b"0\r\n\r\n"), piece)]


def pieces_of(body: BinaryIO, size: int) -> list[bytes]:
    return list(iter(partial(body.read, size), b""))


@pytest.mark.parametrize("reply", [WHOLE.removesuffix(LISTING), *at_every(19, WHOLE), *at_every(19, IN_CHUNKS)])
def test_half_a_listing_is_none(reply: bytes) -> None:
    with answering(reply) as url, pytest.raises(OSError, match=r"cannot be reached|the object store failed"):
        list(S3Objects(url, "a", "s", "us-east-1").list("s3://jobs/"))


@pytest.mark.parametrize("reply", [WHOLE, IN_CHUNKS])
def test_a_whole_listing_is_one(reply: bytes) -> None:
    with answering(reply) as url:
        assert [each.uri for each in S3Objects(url, "a", "s", "us-east-1").list("s3://jobs/")] == ["s3://jobs/x"]


@pytest.mark.parametrize("reply", [WHOLE.removesuffix(LISTING), *at_every(19, WHOLE)])
@pytest.mark.parametrize("size", [-1, 7])
def test_half_an_object_is_none(reply: bytes, size: int) -> None:
    with answering(reply) as url, pytest.raises(OSError, match="cannot be reached"):
        pieces_of(S3Objects(url, "a", "s", "us-east-1").open("s3://jobs/x"), size)


def test_half_a_data_key_is_none() -> None:
    with answering(HEAD) as url, pytest.raises(OSError, match="no data key can be drawn"):
        DataKeys(url, "us-east-1", lambda: NO_CREDENTIALS).draw("alias/x")


def test_an_answer_without_a_body_needs_no_end() -> None:
    with answering(b"HTTP/1.1 204 No Content\r\n\r\n") as url:
        S3Objects(url, "a", "s", "us-east-1").delete("s3://jobs/x")
