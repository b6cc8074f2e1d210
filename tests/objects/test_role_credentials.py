"""How a host gets its role's credentials, and signs with them, from a real front door."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from luthier.host.patience import persistently
from luthier.objects import ObjectError
from luthier.objects.role_credentials import RoleCredentials
from luthier.objects.s3 import S3Objects
from s3_server import SESSIONS, TOKEN, an_object_store, lend

AWAY = "http://127.0.0.1:1/v2/credentials"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A front door with the bucket `data`."""
    folder = tmp_path_factory.mktemp("store")
    (folder / "s3" / "data").mkdir(parents=True)
    with an_object_store(folder) as store:
        yield str(store._client.meta.endpoint_url)


def fetching(url: str, token: str = TOKEN) -> RoleCredentials:
    return RoleCredentials(f"{url}/v2/credentials", token)


def test_credentials_are_fetched_with_the_token(url: str) -> None:
    fetched = fetching(url)()

    assert SESSIONS.open(fetched["access_key"], fetched["token"]) is not None


def test_objects_are_read_and_written_with_them(url: str) -> None:
    store = S3Objects.in_role(url, "us-east-1", fetching(url))

    store.put("s3://data/x", io.BytesIO(b"1"))

    assert store.open("s3://data/x").read() == b"1"


def test_nothing_is_fetched_before_the_first_request() -> None:
    S3Objects.in_role("http://127.0.0.1:1", "us-east-1", RoleCredentials(AWAY, TOKEN))


def test_a_front_door_that_is_away_is_an_oserror() -> None:
    with pytest.raises(OSError, match="cannot be fetched"):
        RoleCredentials(AWAY, TOKEN)()


def test_a_request_says_so_too() -> None:
    with pytest.raises(OSError, match="cannot be fetched"):
        list(S3Objects.in_role("http://127.0.0.1:1", "us-east-1", RoleCredentials(AWAY, TOKEN)).list("s3://data/"))


def test_an_upload_says_so_too() -> None:
    store = S3Objects.in_role("http://127.0.0.1:1", "us-east-1", RoleCredentials(AWAY, TOKEN))

    with pytest.raises(OSError, match="cannot be fetched"):
        store.put("s3://data/x", io.BytesIO(b"1"))


def test_a_refusal_is_an_object_error(url: str) -> None:
    with pytest.raises(ObjectError, match="the role's credentials are refused: this is not the token"):
        list(S3Objects.in_role(url, "us-east-1", fetching(url, "stale")).list("s3://data/"))


def test_an_absence_is_waited_out(url: str) -> None:
    absent = RoleCredentials(AWAY, TOKEN)
    store = S3Objects.in_role(url, "us-east-1", absent)

    def come_back() -> None:
        absent.url = f"{url}/v2/credentials"

    assert persistently(lambda: [each.uri for each in store.list("s3://data/none")], come_back) == []


@pytest.mark.parametrize(("lasts_s", "fetches"), [(3600, 1), (14 * 60, 2)])
def test_they_are_fetched_again_a_quarter_of_an_hour_before_they_expire(url: str, lasts_s: int, fetches: int) -> None:
    expiries = []

    def fetch() -> dict[str, str]:
        session = lend(TOKEN)
        expiries.append((datetime.now(UTC) + timedelta(seconds=lasts_s)).isoformat())  # noqa: TID251  # a real clock
        names = {"access_key": session.access_key, "secret_key": session.secret_key, "token": session.token}
        return {**names, "expiry_time": expiries[-1]}

    store = S3Objects.in_role(url, "us-east-1", fetch)

    for _ in range(2):
        list(store.list("s3://data/"))

    assert len(expiries) == fetches


def test_an_absence_while_they_last_is_not_noticed(url: str) -> None:
    answers = [(datetime.now(UTC) + timedelta(minutes=14)).isoformat()]  # noqa: TID251  # a real clock

    def fetch() -> dict[str, str]:
        if not answers:
            raise OSError("away")
        session = lend(TOKEN)
        names = {"access_key": session.access_key, "secret_key": session.secret_key, "token": session.token}
        return {**names, "expiry_time": answers.pop()}

    store = S3Objects.in_role(url, "us-east-1", fetch)

    for _ in range(2):
        list(store.list("s3://data/"))


@pytest.mark.parametrize(
    ("status", "body"), [(500, b"{}"), (404, b"not here"), (404, b"[]"), (200, b"hello"), (401, b"")]
)
def test_what_another_server_says_on_the_port_is_an_absence(status: int, body: bytes) -> None:
    class Stranger(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with ThreadingHTTPServer(("127.0.0.1", 0), Stranger) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            with pytest.raises(OSError, match="cannot be fetched"):
                RoleCredentials(f"http://127.0.0.1:{server.server_address[1]}/", TOKEN)()
        finally:
            server.shutdown()


def test_the_token_is_not_shown() -> None:
    assert TOKEN not in repr(RoleCredentials(AWAY, TOKEN))
