"""How a training image is run: as SageMaker runs it."""

import json
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from container_image import PYTHON, contained, training_image
from enclosed import a_group, an_enclosure, ended, python, run, shell, until_says
from luthier.records.algorithm import Algorithm
from luthier.records.allotment import Allotment
from luthier.runtimes import Exit
from luthier.runtimes.container.containers import Containers
from luthier.runtimes.container.engine import Ended, Engine

pytestmark = pytest.mark.slow

RECORDER = f"""#!{PYTHON}
import json, os, sys
json.dump(
    {{
        "arguments": sys.argv,
        "user": os.getuid(),
        "folder": os.getcwd(),
        "environment": dict(os.environ),
        "pid": os.getpid(),
        "host": os.uname().nodename,
        "ml": sorted(os.listdir("/opt/ml")),
    }},
    open("/opt/ml/model/seen", "w"),
)
"""
TRAIN = {"/usr/local/bin/train": RECORDER, "/srv/entry": RECORDER}


def recorded(engine: Engine, image: str, folder: Path, command: tuple[str, ...] = ()) -> dict[str, object]:
    """Run an image whose program writes down what it sees."""
    enclosure = an_enclosure(folder, GIVEN="by the job", OVERRIDDEN="by the job")
    (enclosure.ml / "model").chmod(0o777)
    algorithm = Algorithm(image="test", command=command, container=image)

    done = run(Containers(connect=lambda: engine, owner="/tests"), algorithm, enclosure)

    assert done.code == 0, done.log
    seen: dict[str, object] = json.loads((enclosure.ml / "model" / "seen").read_text())
    return seen


def test_an_image_with_an_entrypoint_gets_train_in_the_place_of_its_arguments(engine: Engine, tmp_path: Path) -> None:
    image = training_image(engine, 'ENTRYPOINT ["/srv/entry", "own"]', 'CMD ["serve"]', files=TRAIN)

    assert recorded(engine, image, tmp_path)["arguments"] == ["/srv/entry", "own", "train"]


def test_an_image_without_an_entrypoint_runs_the_program_train(engine: Engine, tmp_path: Path) -> None:
    image = training_image(engine, 'CMD ["serve"]', files=TRAIN)

    assert recorded(engine, image, tmp_path)["arguments"] == ["/usr/local/bin/train"]


def test_a_command_replaces_entrypoint_and_arguments(engine: Engine, tmp_path: Path) -> None:
    image = training_image(engine, 'ENTRYPOINT ["/nowhere"]', 'CMD ["serve"]', files=TRAIN)

    seen = recorded(engine, image, tmp_path, ("/srv/entry", "other"))

    assert seen["arguments"] == ["/srv/entry", "other"]


def test_user_and_working_folder_are_the_images(engine: Engine, tmp_path: Path) -> None:
    image = training_image(engine, "USER worker", "WORKDIR /home/worker", files=TRAIN)

    seen = recorded(engine, image, tmp_path)

    assert (seen["user"], seen["folder"]) == (4321, "/home/worker")


def test_variables_of_the_image_stay_unless_the_training_job_has_them(engine: Engine, tmp_path: Path) -> None:
    image = training_image(engine, "ENV IMAGES=own OVERRIDDEN=no PATH=/own:/usr/local/bin:/usr/bin", files=TRAIN)

    environment = recorded(engine, image, tmp_path)["environment"]

    assert isinstance(environment, dict)
    assert {name: environment[name] for name in ("IMAGES", "OVERRIDDEN", "GIVEN", "PATH")} == {
        "IMAGES": "own",
        "OVERRIDDEN": "by the job",
        "GIVEN": "by the job",
        "PATH": "/own:/usr/local/bin:/usr/bin",
    }


def test_the_program_is_the_first_process_of_a_host_that_has_its_name(engine: Engine, tmp_path: Path) -> None:
    seen = recorded(engine, training_image(engine, files=TRAIN), tmp_path)

    assert (seen["pid"], seen["host"]) == (1, "algo-1")


def test_code_that_is_baked_into_an_image_stays_in_sight(engine: Engine, tmp_path: Path) -> None:
    image = training_image(engine, files={"/opt/ml/code/train.py": "print('baked')\n"})
    algorithm = Algorithm(image="test", command=(PYTHON, "/opt/ml/code/train.py"), container=image)
    enclosure = an_enclosure(tmp_path)
    (enclosure.ml / "code").mkdir()

    assert run(Containers(connect=lambda: engine, owner="/tests"), algorithm, enclosure).log == "baked\n"


def test_with_baked_code_the_other_folders_are_the_training_jobs(engine: Engine, tmp_path: Path) -> None:
    files = {**TRAIN, "/opt/ml/code/x": "", "/opt/ml/model/old": "", "/opt/ml/input/old": ""}

    seen = recorded(engine, training_image(engine, files=files), tmp_path)

    assert seen["ml"] == ["code", "input", "model"]
    assert sorted(each.name for each in (tmp_path / "ml" / "model").iterdir()) == ["seen"]


def test_an_image_without_code_may_write_anywhere_below_opt_ml(engine: Engine, tmp_path: Path) -> None:
    run(contained(engine), shell("mkdir /opt/ml/code && touch /opt/ml/code/unpacked"), an_enclosure(tmp_path))

    assert (tmp_path / "ml" / "code" / "unpacked").exists()


def test_a_program_that_does_not_handle_sigterm_runs_on_until_it_is_killed(engine: Engine, tmp_path: Path) -> None:
    enclosure = an_enclosure(tmp_path)
    program = python("import time; print('ready', flush=True); time.sleep(60)")
    with contained(engine).started(program, a_group(enclosure)) as (running,):
        until_says(enclosure.log, "ready")
        running.terminate()
        had_ended = running.wait(0.2)
        running.kill()

        assert (had_ended, ended(running, enclosure.log).code) == (None, -signal.SIGKILL)


def test_no_right_can_be_gained_and_few_are_there(engine: Engine, tmp_path: Path) -> None:
    status = run(contained(engine), shell("cat /proc/self/status"), an_enclosure(tmp_path)).log
    about = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)

    granted = {bit for bit in range(64) if int(about["CapBnd"], 16) >> bit & 1}

    # chown, dac_override, fowner, fsetid, kill, setgid, setuid, net_bind_service, sys_chroot, audit_write
    assert (about["NoNewPrivs"], granted) == ("1", {0, 1, 3, 4, 5, 6, 7, 10, 18, 29})


def test_shared_memory_is_half_of_the_memory(engine: Engine, tmp_path: Path) -> None:
    enclosure = replace(an_enclosure(tmp_path), allotment=Allotment(memory_bytes=1 << 30))
    program = python("import os; s = os.statvfs('/dev/shm'); print(s.f_blocks * s.f_frsize)")

    assert run(contained(engine), program, enclosure).log == f"{1 << 29}\n"


def test_a_program_that_needs_more_memory_than_it_may_have_is_out_of_memory(engine: Engine, tmp_path: Path) -> None:
    enclosure = replace(an_enclosure(tmp_path), allotment=Allotment(memory_bytes=64 << 20))
    program = python("held = []\nwhile True: held.append(bytearray(1 << 20))")
    with contained(engine).started(program, a_group(enclosure)) as (running,):
        end = running.wait(20)

    assert end is not None
    assert (end.code, end.is_out_of_memory) == (-signal.SIGKILL, True)


@pytest.mark.parametrize("is_heard_late", [True, False])
def test_an_engine_that_hears_late_of_memory_is_asked_again(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_heard_late: bool
) -> None:
    """Nobody can have it hear late, so what it says of a container that somebody else kills is made up."""
    said, mine, real = [False, is_heard_late], list[str](), engine.ended

    def ended_so(container: str) -> Ended:
        return replace(real(container), is_out_of_memory=said.pop(0)) if container in mine else real(container)

    attached = engine.attached
    monkeypatch.setattr(engine, "attached", lambda container: mine.append(container) or attached(container))
    monkeypatch.setattr(engine, "ended", ended_so)
    enclosure = an_enclosure(tmp_path)
    with contained(engine).started(shell("echo ready; sleep 60"), a_group(enclosure)) as (running,):
        until_says(enclosure.log, "ready")
        engine.signal(mine[0], signal.SIGKILL)
        end = running.wait(20)

    assert end == Exit(-signal.SIGKILL, is_out_of_memory=is_heard_late)
    assert said == [], "it was not asked again"


def test_processor_time_is_limited_and_never_to_more_than_there_is(engine: Engine, tmp_path: Path) -> None:
    shown = "cat /sys/fs/cgroup/cpu.max 2>/dev/null || cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us"
    logs = [
        run(
            contained(engine), shell(shown), replace(an_enclosure(tmp_path / str(cpus)), allotment=Allotment(cpus=cpus))
        )
        for cpus in (0.5, 1000.0)
    ]

    assert [each.log.split()[0] for each in logs] == ["50000", str(engine.machine.cpus * 100_000)]


def test_gpus_without_their_container_toolkit_are_an_error_that_names_it(engine: Engine, tmp_path: Path) -> None:
    enclosure = replace(an_enclosure(tmp_path), allotment=Allotment(gpus=(0,)))

    with pytest.raises(OSError, match=r"NVIDIA's container toolkit|use Docker Engine"):
        run(contained(engine), shell("true"), enclosure)


def test_nothing_of_a_long_log_is_lost_and_no_line_is_broken(engine: Engine, tmp_path: Path) -> None:
    program = python(
        "import sys\n"
        "for i in range(30000):\n"
        "    print('out', i, 'x' * 40)\n"
        "    print('err', i, 'y' * 40, file=sys.stderr)"
    )

    lines = run(contained(engine), program, an_enclosure(tmp_path)).log.splitlines()

    assert [each for each in lines if each.startswith("out")] == [f"out {i} {'x' * 40}" for i in range(30000)]
    assert [each for each in lines if each.startswith("err")] == [f"err {i} {'y' * 40}" for i in range(30000)]


def test_the_log_has_every_byte_as_it_was_written(engine: Engine, tmp_path: Path) -> None:
    program = python("import sys; sys.stdout.buffer.write(bytes(range(256)) + b'\\r\\n')")

    run(contained(engine), program, an_enclosure(tmp_path))

    assert (tmp_path / "log").read_bytes() == bytes(range(256)) + b"\r\n"


def test_what_is_written_beside_the_folders_is_counted(engine: Engine, tmp_path: Path) -> None:
    enclosure = an_enclosure(tmp_path)
    program = python(
        "open('/big', 'wb').write(bytes(5 << 20)); print('ready', flush=True); import time; time.sleep(60)"
    )
    runtime = Containers(connect=lambda: engine, owner="/tests")
    image = training_image(engine)
    algorithm = replace(program, container=image, command=(PYTHON, *program.command[1:]))

    with runtime.started(algorithm, a_group(enclosure)) as (running,):
        until_says(enclosure.log, "ready")

        assert 5 << 20 <= running.written_bytes() < 6 << 20


@pytest.mark.parametrize("command", [("/srv/nowhere",), ("/srv",)])
def test_an_image_that_cannot_be_started_says_so_and_leaves_nothing(
    engine: Engine, tmp_path: Path, command: tuple[str, ...]
) -> None:
    algorithm = Algorithm(image="my-image:1", command=command)
    group = a_group(an_enclosure(tmp_path))

    with (
        pytest.raises(OSError, match=r"my-image:1 cannot be started.*/srv"),
        contained(engine).started(algorithm, group),
    ):
        raise AssertionError("it runs")

    assert engine.containers({"luthier.group": group.name}) == []
    assert engine.networks({"luthier.group": group.name}) == []


def test_an_image_without_a_program_train_names_the_remedy(engine: Engine, tmp_path: Path) -> None:
    algorithm = Algorithm(image="test", command=(), container=training_image(engine))

    with pytest.raises(OSError, match="ENTRYPOINT"):
        run(Containers(connect=lambda: engine, owner="/tests"), algorithm, an_enclosure(tmp_path))


def test_what_is_made_is_gone_when_the_context_ends(engine: Engine, tmp_path: Path) -> None:
    enclosure = an_enclosure(tmp_path)
    group = a_group(enclosure)
    with contained(engine).started(shell("echo ready; sleep 60"), group):
        until_says(enclosure.log, "ready")
        there = len(engine.containers({"luthier.group": group.name}))

    assert there == 2
    assert engine.containers({"luthier.group": group.name}) == []
    assert engine.networks({"luthier.group": group.name}) == []
    assert sorted(each.name for each in tmp_path.iterdir()) == ["log", "ml", "tmp"]
