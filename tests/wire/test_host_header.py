"""By which name a request has asked."""

import pytest

from luthier.wire.host_header import is_loopback, named_host


@pytest.mark.parametrize(
    ("values", "host"),
    [
        ([b"LocalHost:80"], "localhost"),
        ([b"[::1]:8710"], "::1"),
        ([], None),
        ([b"localhost", b"localhost"], None),
        ([b"evil@127.0.0.1"], "evil@127.0.0.1"),
    ],
)
def test_a_request_names_one_host_or_none(values: list[bytes], host: str | None) -> None:
    assert named_host(values) == host


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
def test_loopback_has_many_names(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["", "10.0.0.1", "evil@127.0.0.1", "localhost.example", "::ffff:10.0.0.1", "0.0.0.0"])
def test_nothing_else_is_loopback(host: str) -> None:
    assert not is_loopback(host)
