"""What the hosts of a training job can reach, and what they cannot."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import docker
import pytest

from container_image import contained, training_image
from enclosed import an_enclosure, ended, python
from luthier.runtimes import HostGroup
from luthier.runtimes.container.engine import Engine

pytestmark = pytest.mark.slow

PEERS = """
import os, socket, sys
own = os.environ["CURRENT_HOST"]
other = {"algo-1": "algo-2", "algo-2": "algo-1"}[own]
listener = socket.create_server((socket.gethostbyname(own), 5555))
for _ in range(2000):
    try:
        way = socket.create_connection((other, 5555), timeout=10)
        break
    except ConnectionRefusedError:
        import time; time.sleep(0.01)
way.sendall(f"I am {own}".encode())
way.close()
print(listener.accept()[0].recv(100).decode())
"""

ASK = """
import urllib.request
print(urllib.request.urlopen("http://127.0.0.1:%d/", timeout=10).read().decode())
"""

REACH = """
import socket, sys
from concurrent.futures import ThreadPoolExecutor
def reached(address, port=int(sys.argv[1])):
    try:
        socket.create_connection((address, port), timeout=1).close()
    except OSError:
        return False
    return True
with open("/proc/net/if_inet6") as interfaces:
    newer = [line.split()[-1] for line in interfaces if line.split()[-1] != "lo"]
own = socket.gethostbyname(socket.gethostname())
neighbours = [own.rpartition(".")[0] + f".{last}" for last in range(1, 5)]
tried = sys.argv[2:] + neighbours
with ThreadPoolExecutor(len(tried)) as threads:
    print([address for address, is_reached in zip(tried, threads.map(reached, tried)) if is_reached], newer)
try:
    print(socket.getaddrinfo("example.com", 80))
except socket.gaierror:
    print("no such name")
"""


@contextmanager
def answering(host: str = "127.0.0.1") -> Iterator[int]:
    """Have a web server in the place of the front door, and give its port."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"front door")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer((host, 0), Answer) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def group_of(
    folder: Path, count: int, port: int = 9, *, is_isolated: bool = False, networks: tuple[str, ...] = ()
) -> HostGroup:
    """Make a group of *count* hosts below *folder*."""
    names = [f"algo-{number}" for number in range(1, count + 1)]
    return HostGroup(
        name=f"test-{abs(hash(folder)) % 10**8}",
        hosts=tuple(replace(an_enclosure(folder / name, CURRENT_HOST=name), host_name=name) for name in names),
        front_door=f"http://127.0.0.1:{port}",
        is_isolated=is_isolated,
        networks=networks,
    )


def logs(engine: Engine, code: str, group: HostGroup, *arguments: str) -> list[str]:
    """Run a program on all hosts to its end, and give what each has written."""
    with contained(engine).started(python(code, *arguments), group) as running:
        return [ended(each, host.log).log for each, host in zip(running, group.hosts, strict=True)]


def addresses_of_this_machine() -> list[str]:
    said = subprocess.run(["hostname", "-I"], capture_output=True, text=True, check=True).stdout
    return ["127.0.0.1", *(address for address in said.split() if ":" not in address)]


@pytest.mark.parametrize("is_isolated", [False, True])
def test_hosts_reach_each_other_by_name_on_the_same_port(engine: Engine, tmp_path: Path, is_isolated: bool) -> None:
    group = group_of(tmp_path, 2, is_isolated=is_isolated)

    assert logs(engine, PEERS, group) == ["I am algo-2\n", "I am algo-1\n"]


@pytest.mark.parametrize("count", [1, 2])
def test_every_host_reaches_the_front_door_at_its_own_address(engine: Engine, tmp_path: Path, count: int) -> None:
    with answering() as port:
        assert logs(engine, ASK % port, group_of(tmp_path, count, port)) == ["front door\n"] * count


@pytest.mark.parametrize("count", [1, 2])
def test_isolated_hosts_reach_nothing_of_this_machine_and_no_names(engine: Engine, tmp_path: Path, count: int) -> None:
    with answering("0.0.0.0") as port:
        group = group_of(tmp_path, count, port, is_isolated=True)

        said = logs(engine, REACH, group, str(port), *addresses_of_this_machine())

    assert said == ["[] []\nno such name\n"] * count


def test_the_program_that_looks_for_this_machine_finds_it_where_it_may(engine: Engine, tmp_path: Path) -> None:
    with answering("0.0.0.0") as port:
        (said,) = logs(engine, REACH, group_of(tmp_path, 1, port), str(port), *addresses_of_this_machine())

    assert any(f"'{address}'" in said for address in addresses_of_this_machine()[1:])


@pytest.fixture
def neighbour(engine: Engine) -> Iterator[str]:
    """Have a network of the engine's with a server in it, `database` at port 5432."""
    api = docker.APIClient(base_url=f"unix://{engine.socket}", version="auto")
    name = f"test-vpc-{id(engine)}"
    api.create_network(name, driver="bridge")
    server = api.create_container_from_config(
        {
            "Image": training_image(engine),
            "Cmd": ["python3", "-c", "import socket\nwhile True: l = socket.create_server(('', 5432)); l.accept()"],
            "HostConfig": {"NetworkMode": name},
            "NetworkingConfig": {"EndpointsConfig": {name: {"Aliases": ["database"]}}},
        },
        name,
    )["Id"]
    api.start(server)
    yield name
    api.remove_container(server, force=True)
    api.remove_network(name)


CONNECT = """
import socket, time
for _ in range(500):
    try:
        socket.create_connection(("database", 5432), timeout=2)
    except OSError as error:
        time.sleep(0.01)
    else:
        print("reached")
        break
"""


def test_hosts_join_the_networks_that_they_are_to_join(engine: Engine, tmp_path: Path, neighbour: str) -> None:
    assert logs(engine, CONNECT, group_of(tmp_path, 1, networks=(neighbour,))) == ["reached\n"]


def test_isolated_hosts_do_not_join_them(engine: Engine, tmp_path: Path, neighbour: str) -> None:
    code = "import socket\ntry: print(socket.gethostbyname('database'))\nexcept socket.gaierror: print('no such name')"

    assert logs(engine, code, group_of(tmp_path, 2, is_isolated=True, networks=(neighbour,))) == ["no such name\n"] * 2


def test_a_network_that_the_engine_does_not_have_is_an_error(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"network 'no-such'.*docker network create"):
        logs(engine, "", group_of(tmp_path, 1, networks=("no-such",)))


def test_two_groups_at_once_use_the_same_port(engine: Engine, tmp_path: Path) -> None:
    code = "import socket; socket.create_server(('', 5555)); print('mine')"
    first, second = group_of(tmp_path / "a", 1), group_of(tmp_path / "b", 1)

    with (
        contained(engine).started(python(code), first) as (one,),
        contained(engine).started(python(code), second) as (two,),
    ):
        said = [ended(one, first.hosts[0].log).log, ended(two, second.hosts[0].log).log]

    assert said == ["mine\n", "mine\n"]
