"""A server stops although pages are open."""

from http.client import HTTPConnection
from pathlib import Path

from luthier.app.keys import Key
from luthier.dashboard.streams import Streams
from luthier.records.identity import a_user
from luthier.store.engine import Store
from pages_over import pages_over
from serving import serving
from things import SCOPE

KEY = Key(access_key="AKIAOWNKEYOWNKEYOWNK", secret_key="a secret of a test", account=SCOPE.account)


def test_a_stream_is_ended_in_good_order_when_its_server_stops(tmp_path: Path) -> None:
    """One that is cut off would have no last chunk, and reading it raises IncompleteRead."""
    store, streams = Store.open(f"sqlite:///{tmp_path / 'luthier.db'}"), Streams()
    local = a_user(SCOPE.account, KEY.access_key)
    with serving(pages_over(store, KEY, local, {}, lambda: 5000.0, streams=streams), streams) as url:
        connection = HTTPConnection(url.removeprefix("http://"), timeout=60)
        connection.request("GET", "/ui/events")
        stream = connection.getresponse()
        assert stream.readline() == b"retry: 2000\n"

    rest = stream.read()

    assert rest.endswith(b"\n\n")
    connection.close()
    store.close()
