"""Which training images an engine has, and fetching those that it has not."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import docker
import pytest

from container_image import training_image
from luthier.runtimes.container.engine import Engine
from luthier.runtimes.container.images import Images, Pull

pytestmark = pytest.mark.slow


def obtained(engine: Engine, image: str, pull: Pull = Pull.MISSING) -> str:
    """Obtain an image."""
    return Images(connect=lambda: engine, pull=pull).obtain(image, lambda: None, lambda: None)


def test_an_image_of_this_machine_is_used_by_name_and_by_id(engine: Engine) -> None:
    image = training_image(engine)

    by_name = obtained(engine, image)

    assert by_name.startswith("sha256:")
    assert obtained(engine, by_name) == by_name


def test_an_image_that_cannot_be_pulled_is_an_error_with_the_remedy(engine: Engine) -> None:
    with pytest.raises(OSError, match=r"127.0.0.1:1/no-such:1 is neither .* nor can it be pulled: .*; docker load"):
        obtained(engine, "127.0.0.1:1/no-such:1")


def test_an_image_that_must_not_be_pulled_is_an_error(engine: Engine) -> None:
    with pytest.raises(OSError, match=r"127.0.0.1:1/no-such:1 is not on this machine; docker load"):
        obtained(engine, "127.0.0.1:1/no-such:1", Pull.NEVER)


def test_with_pull_always_an_image_here_does_not_do(engine: Engine) -> None:
    with pytest.raises(OSError, match=r"cannot be pulled: .*pull = missing"):
        obtained(engine, training_image(engine), Pull.ALWAYS)


def test_only_what_is_known_to_be_in_the_way_is_a_problem(engine: Engine) -> None:
    images = ["127.0.0.1:1/no-such:1", training_image(engine)]
    never, missing = (Images(connect=lambda: engine, pull=pull) for pull in (Pull.NEVER, Pull.MISSING))

    assert [(never.problem(each) is None, missing.problem(each) is None) for each in images] == [
        (False, True),
        (True, True),
    ]


@pytest.mark.parametrize("name", ["../containers/json", "a/../../info", "a//b", "a b", "-a", "", "a?x=1", "a\n"])
def test_what_can_be_no_name_never_reaches_the_engine(name: str) -> None:
    def connect() -> Engine:
        raise AssertionError("it was asked")

    images = Images(connect=connect, pull=Pull.NEVER)

    assert "no name" in str(images.problem(name))
    with pytest.raises(OSError, match="no name"):
        images.obtain(name, lambda: None, lambda: None)


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[str]:
    """Have a registry on a loopback address."""
    program = shutil.which("docker-registry")
    if program is None:
        pytest.skip("no registry: apt-get install docker-registry")
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    config = tmp_path / "config.yml"
    config.write_text(
        f"version: 0.1\nstorage:\n  filesystem:\n    rootdirectory: {tmp_path}/images\nhttp:\n  addr: {address}\n"
    )
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen([program, "serve", str(config)], stdout=log, stderr=log)
    host, _, port = address.partition(":")
    deadline = monotonic() + 20
    while True:
        try:
            socket.create_connection((host, int(port))).close()
            break
        except ConnectionRefusedError:
            assert monotonic() < deadline, (tmp_path / "log").read_text()
            sleep(0.02)
    yield address
    process.terminate()
    process.wait()


def test_an_image_that_is_missing_is_pulled_from_its_registry(
    engine: Engine, registry: str, caplog: pytest.LogCaptureFixture
) -> None:
    api = docker.APIClient(base_url=f"unix://{engine.socket}", version="auto")
    name = f"{registry}/test-pulled:1"
    image = training_image(engine, "LABEL pulled=yes")
    api.tag(image, *name.rsplit(":", 1))
    said = api.push(name)
    api.remove_image(name)
    api.remove_image(image)

    images, announced = Images(connect=lambda: engine, pull=Pull.MISSING), list[str]()
    with caplog.at_level("INFO"):
        for _ in range(2):
            images.obtain(name, lambda: announced.append(name), lambda: None)

    assert engine.image(name), said
    assert announced == [name]
    assert "Pull complete" in caplog.text or "Status: Downloaded" in caplog.text
    api.remove_image(name)


def test_what_the_check_raises_breaks_the_pull_off(engine: Engine, registry: str) -> None:
    api = docker.APIClient(base_url=f"unix://{engine.socket}", version="auto")
    name = f"{registry}/test-pulled:2"
    api.tag(training_image(engine), *name.rsplit(":", 1))
    api.push(name)
    api.remove_image(name)

    def check() -> None:
        raise InterruptedError("stop")

    with pytest.raises(InterruptedError):
        Images(connect=lambda: engine, pull=Pull.MISSING).obtain(name, lambda: None, check)
