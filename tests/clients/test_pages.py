"""The pages of a whole server, used as a browser does: signing in, and stopping what boto3 has started."""

import re
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlencode

import pytest

from clients.training import finish, prepare, train, wait_until_it_trains
from luthier_server import Luthier, a_luthier

pytestmark = [pytest.mark.slow]


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Luthier]:
    """A Luthier whose pages are for those who sign in."""
    folder = tmp_path_factory.mktemp("closed")
    (folder / "data").mkdir()
    (folder / "data/luthier.toml").write_text('dashboard_sign_in = "always"\n')
    with a_luthier(folder) as server:
        prepare(server)
        yield server


@pytest.fixture(scope="module")
def open_to_all(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Luthier]:
    """A Luthier on loopback, as it comes."""
    with a_luthier(tmp_path_factory.mktemp("open")) as server:
        prepare(server)
        yield server


def asked(
    luthier: Luthier, method: str, path: str, fields: dict[str, str] | None = None, **headers: str
) -> tuple[HTTPResponse, str]:
    """Ask as a browser does from a page of this server; *headers* are changed."""
    connection = HTTPConnection("127.0.0.1", luthier.port, timeout=30)
    own = {"Origin": f"http://127.0.0.1:{luthier.port}", "Content-Type": "application/x-www-form-urlencoded"}
    body = None if fields is None else urlencode(fields)
    connection.request(method, path, body, (own if fields is not None else {}) | headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer, text


def listened(luthier: Luthier, path: str) -> tuple[HTTPConnection, HTTPResponse]:
    """Open a stream, and wait for its first event."""
    connection = HTTPConnection("127.0.0.1", luthier.port, timeout=90)
    connection.request("GET", path)
    stream = connection.getresponse()
    while not stream.readline().startswith(b"data: "):
        pass
    return connection, stream


def token_of(text: str, target: str) -> str:
    found = re.search('name="token" value="([^"]*)"', text[text.index(f'action="{target}"') :])
    assert found is not None
    return found[1]


def signed_in(luthier: Luthier) -> str:
    """Sign in with the key of `luthier env`, and give the cookie."""
    _, form = asked(luthier, "GET", "/ui/sign-in")
    fields = {
        "token": token_of(form, "/ui/sign-in"),
        "access-key": luthier.variables["AWS_ACCESS_KEY_ID"],
        "secret-key": luthier.variables["AWS_SECRET_ACCESS_KEY"],
    }
    answer, _ = asked(luthier, "POST", "/ui/sign-in", fields)
    return (answer.headers["Set-Cookie"] or "").partition(";")[0]


def stop_page(luthier: Luthier, name: str) -> str:
    return f"/ui/training-jobs/{luthier.variables['AWS_REGION']}/{name}/stop"


def test_a_visitor_who_signed_in_stops_a_training_job(closed: Luthier) -> None:
    train(closed, "Patient", waits="yes")
    wait_until_it_trains(closed, "Patient")
    cookie = signed_in(closed)
    target = stop_page(closed, "Patient")
    _, question = asked(closed, "GET", target, Cookie=cookie)

    answer, _ = asked(closed, "POST", target, {"token": token_of(question, target)}, Cookie=cookie)

    assert answer.status == 303
    assert finish(closed, "Patient")["TrainingJobStatus"] == "Stopped"


def test_a_stranger_sees_no_page_and_stops_nothing(closed: Luthier) -> None:
    page, _ = asked(closed, "GET", "/")
    form, _ = asked(closed, "POST", stop_page(closed, "Patient"), {"token": "x"})

    assert (page.status, page.headers["Location"]) == (303, "/ui/sign-in?next=%2F")
    assert form.status == 403


def test_a_visit_outlives_the_server(closed: Luthier) -> None:
    cookie = signed_in(closed)

    closed.kill()
    closed.start()

    page, text = asked(closed, "GET", "/", Cookie=cookie)
    assert page.status == 200
    assert "Sign out" in text


def test_aws_clients_need_no_visit(closed: Luthier) -> None:
    assert closed.client("sts").get_caller_identity()["Account"] == "000000000000"


def test_on_loopback_a_training_job_is_stopped_from_its_page_alone(open_to_all: Luthier) -> None:
    train(open_to_all, "Patient", waits="yes")
    wait_until_it_trains(open_to_all, "Patient")
    target = stop_page(open_to_all, "Patient")
    _, question = asked(open_to_all, "GET", target)
    fields = {"token": token_of(question, target)}

    foreign, _ = asked(open_to_all, "POST", target, fields, Origin="https://evil.example")
    own, _ = asked(open_to_all, "POST", target, fields)

    assert (foreign.status, own.status) == (403, 303)
    assert finish(open_to_all, "Patient")["TrainingJobStatus"] == "Stopped"


def test_the_page_of_a_training_job_hears_of_it_until_it_has_ended(open_to_all: Luthier) -> None:
    train(open_to_all, "Heard")
    connection, stream = listened(open_to_all, "/ui/training-jobs/us-east-1/Heard/events")

    said = stream.read()

    assert finish(open_to_all, "Heard")["TrainingJobStatus"] == "Completed"
    assert b"event: version\n" in said
    connection.close()


def test_a_server_stops_although_a_page_is_open(open_to_all: Luthier) -> None:
    """A stream that was cut off would have no last chunk, and reading it raises IncompleteRead."""
    connection, stream = listened(open_to_all, "/ui/events")

    open_to_all.interrupt()

    assert stream.read().strip() == b""
    connection.close()
    open_to_all.start()
    assert asked(open_to_all, "GET", "/")[0].status == 200
