"""One attempt at a real receiver: what it answers, and what is made of it."""

import socket
import threading

import pytest

from luthier.watching.webhook import Reception, Webhook
from webhook_receiver import Receiver, receiving

BODY = b'{"detail": {}}'


@pytest.mark.parametrize(
    ("status", "reception"),
    [
        (200, Reception.TAKEN),
        (204, Reception.TAKEN),
        (302, Reception.REFUSED),
        (307, Reception.REFUSED),
        (400, Reception.REFUSED),
        (401, Reception.REFUSED),
        (429, Reception.UNANSWERED),
        (500, Reception.UNANSWERED),
        (503, Reception.UNANSWERED),
    ],
)
def test_what_is_answered_says_what_to_do(status: int, reception: Reception) -> None:
    with receiving(Receiver(answer=lambda _: status)) as receiver:
        assert Webhook(receiver.url).post(BODY, {}).reception is reception


def test_nobody_follows_where_an_answer_leads() -> None:
    with receiving(Receiver(answer=lambda _: 307)) as receiver:
        Webhook(receiver.url).post(BODY, {})

        assert len(receiver.bodies) == 1


def test_what_is_sent_arrives_with_its_headers() -> None:
    with receiving(Receiver()) as receiver:
        Webhook(f"{receiver.url}?token=a").post(BODY, {"webhook-id": "7f1c"})

        assert receiver.bodies == [BODY]
        assert receiver.headers[0]["webhook-id"] == "7f1c"
        assert receiver.headers[0]["user-agent"].startswith("luthier/")


def test_a_proxy_of_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")

    with receiving(Receiver()) as receiver:
        assert Webhook(receiver.url).post(BODY, {}).reception is Reception.TAKEN


def test_a_webhook_that_is_away_is_an_outage() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    assert Webhook(f"http://127.0.0.1:{port}/").post(BODY, {}).reception is Reception.UNANSWERED


def test_a_webhook_that_hangs_is_not_waited_for() -> None:
    with receiving(Receiver(silence=threading.Event())) as receiver:
        assert Webhook(receiver.url, patience_s=0.2).post(BODY, {}).reception is Reception.UNANSWERED


def test_a_webhook_that_speaks_no_http_is_an_outage() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:

        def rant() -> None:
            connection, _ = door.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"SSH-2.0-nobody\r\n\r\n")

        thread = threading.Thread(target=rant)
        thread.start()
        attempt = Webhook(f"http://127.0.0.1:{door.getsockname()[1]}/").post(BODY, {})
        thread.join()

    assert attempt.reception is Reception.UNANSWERED
