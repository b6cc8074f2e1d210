"""What NVIDIA's library is asked, by a library of the test's own that answers as its reference says."""

import subprocess
from pathlib import Path
from shutil import which

import pytest

from luthier.runtimes.nvml import Gpus, GpuUse, NvmlError, find_gpus

_SOURCE = """
typedef struct { unsigned gpu, memory; } Rates;
typedef struct { unsigned long long total, free, used; } Memory;
int nvmlInit_v2(void) { return 0; }
int nvmlDeviceGetCount_v2(unsigned *count) { *count = 3; return 0; }
int nvmlDeviceGetHandleByIndex_v2(unsigned place, void **handle) { *handle = (void *)(long)(place + 100); return 0; }
int nvmlDeviceGetMinorNumber(void *handle, unsigned *number) { *number = 102 - (long)handle; return 0; }
int nvmlDeviceGetUtilizationRates(void *handle, Rates *rates) {
    if ((long)handle == 102) return 3;  /* number 0: not supported */
    rates->gpu = (long)handle - 50; rates->memory = 1; return 0;
}
int nvmlDeviceGetMemoryInfo(void *handle, Memory *memory) {
    memory->total = 1ULL << 36; memory->free = 3ULL << 34; memory->used = 1ULL << 34; return 0;
}
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The library of a machine with three GPUs, counted from the last to the first."""
    if which("cc") is None:
        pytest.skip("there is no C compiler")
    made = tmp_path_factory.mktemp("nvml") / "libnvidia-ml.so.1"
    subprocess.run(["cc", "-shared", "-fPIC", "-x", "c", "-", "-o", made], input=_SOURCE.encode(), check=True)
    return str(made)


def found(library: str, *numbers: int) -> Gpus:
    gpus = find_gpus(numbers, library)
    assert gpus is not None
    return gpus


def test_a_gpu_is_found_by_the_number_of_its_device_file(library: str) -> None:
    assert found(library, 2).use() == GpuUse(percent=50.0, memory_percent=25.0)


def test_several_gpus_are_added_up(library: str) -> None:
    assert found(library, 1, 2).use() == GpuUse(percent=101.0, memory_percent=50.0)


def test_a_gpu_that_cannot_tell_is_an_error(library: str) -> None:
    gpus = found(library, 0)

    with pytest.raises(NvmlError, match="nvmlDeviceGetUtilizationRates: error 3"):
        gpus.use()


def test_a_gpu_that_the_driver_does_not_know_is_not_told_of(library: str) -> None:
    assert find_gpus([7], library) is None


def test_without_gpus_no_library_is_looked_for() -> None:
    assert find_gpus([], "/no/such/library") is None


def test_without_the_library_nothing_is_told(tmp_path: Path) -> None:
    assert find_gpus([0], str(tmp_path / "libnvidia-ml.so.1")) is None
