"""The story of a webhook that is away, comes back, and hears everything, of a server that was killed meanwhile."""

import socket
from pathlib import Path

import pytest

from clients.test_boto3 import PROGRAMS, create
from luthier_server import Luthier, a_luthier, until
from webhook_receiver import Receiver, receiving

pytestmark = [pytest.mark.slow]

LIFE = [("InProgress", each) for each in ("Starting", "Downloading", "Training", "Uploading")]


def told_of(receiver: Receiver, name: str) -> list[tuple[str, str]]:
    """Give what was told of a job, what was told twice but once."""
    return list(dict.fromkeys(receiver.states(name)))


def prepare(server: Luthier) -> None:
    server.add_image("quadratic:*", "python", "quadratic.py", code=PROGRAMS)
    s3 = server.client("s3")
    s3.create_bucket(Bucket="stories")
    s3.put_object(Bucket="stories", Key="data/train/rows.csv", Body=b"1\n2\n3\n")


def test_a_webhook_hears_of_every_state_although_it_was_away_and_the_server_was_killed(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        receiver = Receiver(port=free.getsockname()[1])
    (tmp_path / "data").mkdir()
    (tmp_path / "data/luthier.toml").write_text(f'webhook = "{receiver.url}"\nwebhook_secret = "s3cret"\n')
    with a_luthier(tmp_path) as server:
        prepare(server)
        create(server, "told", MaxNumberOfTrainingJobs=2)
        until(lambda: len(server.children("told")) == 2, "no training jobs")
        server.kill()
        server.start()
        server.wait_for("told")
        children = [each["TrainingJobName"] for each in server.children("told")]

        with receiving(receiver):
            until(lambda: ("Completed", "") in receiver.states("told"), "the end is not told")
            until(
                lambda: all(("Completed", "Completed") in receiver.states(each) for each in children),
                "the end of a training job is not told",
            )

    assert told_of(receiver, "told") == [("InProgress", ""), ("Completed", "")]
    for name in children:
        told = told_of(receiver, name)
        assert told[0] == LIFE[0]
        assert [each for each in told if each in LIFE] == [each for each in LIFE if each in told]
        assert told[-1] == ("Completed", "Completed")
    assert all(each["webhook-signature"].startswith("v1,") for each in receiver.headers)


def test_each_destination_hears_what_it_wants_and_none_waits_for_one_that_is_dead(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        nobody = free.getsockname()[1]
    with receiving(Receiver()) as receiver:
        (tmp_path / "data").mkdir()
        (tmp_path / "data/webhooks.toml").write_text(
            f'[[webhook]]\nname = "dead"\nurl = "http://127.0.0.1:{nobody}/"\n'
            f'[[webhook]]\nname = "ends"\nurl = "{receiver.url}"\nsecret = "s3cret"\nkinds = ["tuning"]\n'
            'tuning_jobs = ["told*"]\nstatuses = ["Completed", "Failed", "Stopped"]\n'
        )
        with a_luthier(tmp_path) as server:
            prepare(server)
            create(server, "other", MaxNumberOfTrainingJobs=1)
            server.wait_for("other")
            create(server, "told", MaxNumberOfTrainingJobs=1)
            server.wait_for("told")
            until(lambda: receiver.taken, "the end is not told")

    assert [each["detail"]["HyperParameterTuningJobName"] for each in receiver.taken] == ["told"]
    assert receiver.headers[0]["webhook-signature"].startswith("v1,")
