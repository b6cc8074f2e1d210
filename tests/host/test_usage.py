"""What a host reports of a real program's use of its machine, with a real sandbox."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from luthier.objects.s3 import S3Objects
from luthier.records.journal import Outcome
from luthier.records.usage import UsageSeen, all_joined
from s3_server import an_object_store
from training_hosts import a_host, a_spec, lived, python, shell


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Objects]:
    folder = tmp_path_factory.mktemp("store")
    (folder / "s3" / "data").mkdir(parents=True)
    with an_object_store(folder) as store:
        yield store


def used(folder: Path, store: S3Objects, command: tuple[str, ...], outcome: Outcome = Outcome.COMPLETED) -> UsageSeen:
    """Have one host live, and say what it has reported of its use as a whole."""
    host = a_host(folder, store, command, a_spec(output_path="s3://data/output/"))
    assert lived(host).outcome is outcome
    (whole,) = all_joined([each for each in host.workspace.entries() if isinstance(each, UsageSeen)]).values()
    return whole


def test_the_time_of_processors_is_the_programs(store: S3Objects, tmp_path: Path) -> None:
    burn = "import time\nwhile time.process_time() < 0.5: pass"

    whole = used(tmp_path, store, python(burn))

    assert 0.5 <= (whole.processor_s or 0.0) < 5.0


def test_a_program_that_ends_at_once_is_reported(store: S3Objects, tmp_path: Path) -> None:
    whole = used(tmp_path, store, shell("true"))

    assert 0.0 < (whole.processor_s or 0.0) < 2.0


def test_a_program_that_fails_is_reported(store: S3Objects, tmp_path: Path) -> None:
    burn = "import time\nwhile time.process_time() < 0.3: pass\nraise SystemExit(1)"

    assert (used(tmp_path, store, python(burn), Outcome.FAILED).processor_s or 0.0) >= 0.3


def test_the_memory_that_a_program_holds_is_seen(store: S3Objects, tmp_path: Path) -> None:
    hold = "import time\nheld = b'x' * (64 << 20)\nuntil = time.monotonic() + 1.5\nwhile time.monotonic() < until: pass"

    assert 64 << 20 <= (used(tmp_path, store, python(hold)).memory_bytes or 0) < 300 << 20


def test_a_program_that_starts_many_others_is_reported(store: S3Objects, tmp_path: Path) -> None:
    crowd = "import os, time\nfor _ in range(300):\n    if os.fork() == 0:\n        time.sleep(60)\ntime.sleep(1)"

    assert (used(tmp_path, store, python(crowd)).processor_s or 0.0) > 0.0
