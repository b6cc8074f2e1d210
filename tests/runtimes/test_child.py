"""A child process, and the time of processors that it has had."""

import subprocess
import sys

from luthier.runtimes.child import Child


def a_child(code: str) -> Child:
    return Child(subprocess.Popen([sys.executable, "-c", code]))


def test_its_exit_code_is_given() -> None:
    assert a_child("raise SystemExit(3)").wait(20.0) == 3


def test_a_signal_that_ended_it_is_negative() -> None:
    child = a_child("import time; time.sleep(60)")

    child.terminate()

    assert child.wait(20.0) == -15


def test_who_runs_has_no_exit_code() -> None:
    child = a_child("import time; time.sleep(60)")

    code = child.wait(0.0)

    child.terminate()
    child.wait(20.0)
    assert code is None


def test_to_end_it_twice_is_harmless() -> None:
    child = a_child("import time; time.sleep(60)")
    child.terminate()
    child.wait(20.0)

    child.terminate()

    assert child.poll() == -15


def test_its_time_is_not_known_while_it_runs() -> None:
    child = a_child("import time; time.sleep(60)")

    known = child.processor_s

    child.terminate()
    child.wait(20.0)
    assert known is None


def test_the_time_of_its_own_children_counts() -> None:
    burn = "import time\nwhile time.process_time() < 0.2: pass"
    child = a_child(f"import subprocess, sys; subprocess.run([sys.executable, '-c', {burn!r}])")

    child.wait(20.0)

    assert 0.2 <= (child.processor_s or 0.0) < 3.0
