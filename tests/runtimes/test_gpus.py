"""Which GPUs a host's programs can use, and what they are told of them."""

from dataclasses import replace
from pathlib import Path

import pytest

from enclosed import an_enclosure, shell
from luthier.records.allotment import Allotment
from luthier.runtimes import view
from luthier.runtimes.gpus import device_files, gpu_ids, gpu_variables


@pytest.fixture
def devices(tmp_path: Path) -> Path:
    """A machine's device files: four GPUs, and what they share."""
    for name in ("nvidia0", "nvidia1", "nvidia2", "nvidia3", "nvidiactl", "nvidia-uvm", "sda"):
        (tmp_path / name).touch()
    return tmp_path


def test_only_the_allotted_gpus_are_shown_and_what_all_need(devices: Path) -> None:
    shown = [each.name for each in device_files([1, 3], devices)]

    assert shown == ["nvidia1", "nvidia3", "nvidiactl", "nvidia-uvm"]


def test_nothing_is_shown_where_no_gpu_is_allotted(devices: Path) -> None:
    assert list(device_files([], devices)) == []


def test_a_gpu_that_the_machine_lacks_is_not_shown(devices: Path) -> None:
    assert devices / "nvidia4" not in device_files([4], devices)


def test_gpus_that_are_shown_alone_are_counted_from_0() -> None:
    assert gpu_variables([1, 3], are_all_shown=False)["CUDA_VISIBLE_DEVICES"] == "0,1"


def test_gpus_among_others_are_called_by_the_machines_numbers() -> None:
    assert gpu_variables([1, 3], are_all_shown=True)["CUDA_VISIBLE_DEVICES"] == "1,3"


def test_a_container_has_what_the_machine_calls_so() -> None:
    assert gpu_variables([1, 3], are_all_shown=False)["NVIDIA_VISIBLE_DEVICES"] == "1,3"


def test_the_sandbox_shows_the_device_files_as_devices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test machine need have a GPU: what is looked at are the options that bubblewrap is given."""
    monkeypatch.setattr(view, "device_files", lambda gpus: [Path(f"/dev/nvidia{each}") for each in gpus])
    enclosure = replace(an_enclosure(tmp_path), allotment=Allotment(gpus=(2,)))

    options = " ".join(view.options(shell("true"), enclosure, hidden=()))

    assert "--dev-bind /dev/nvidia2 /dev/nvidia2" in options


def test_gpus_are_named_by_their_uuid_where_the_driver_tells_it(tmp_path: Path) -> None:
    for bus, minor in (("0000:0b:00.0", 1), ("0000:0c:00.0", 0)):
        (tmp_path / bus).mkdir()
        (tmp_path / bus / "information").write_text(
            f"Model: \t\t NVIDIA H100\nGPU UUID: \t GPU-of-{minor}\nDevice Minor: \t {minor}\n"
        )

    assert gpu_ids((0, 1, 7), tmp_path) == ["GPU-of-0", "GPU-of-1", "7"]
