"""
Which of the machine's NVIDIA GPUs a host's programs can use.

A GPU is named by the number of its device file. Where only some of these files are shown, CUDA numbers what it finds
there from 0; where all are, it has to be told the machine's numbers, and to count as the files do, by the bus.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

_SHARED = ("nvidiactl", "nvidia-uvm", "nvidia-uvm-tools", "nvidia-modeset", "nvidia-caps")


def device_files(gpus: Sequence[int], folder: Path = Path("/dev")) -> Iterator[Path]:
    """Give the files that are needed to use these GPUs, as far as the machine has them; none if *gpus* is empty."""
    names = [*(f"nvidia{each}" for each in gpus), *_SHARED] if gpus else []
    yield from (folder / name for name in names if (folder / name).exists())


def gpu_variables(gpus: Sequence[int], *, are_all_shown: bool) -> Mapping[str, str]:
    """Give the variables that CUDA, and programs that ask for what a container has, are told of their GPUs by."""
    seen = gpus if are_all_shown else range(len(gpus))
    return {
        "NVIDIA_VISIBLE_DEVICES": ",".join(map(str, gpus)) or "void",
        "CUDA_VISIBLE_DEVICES": ",".join(map(str, seen)),
        "CUDA_DEVICE_ORDER": "PCI_BUS_ID",
    }


def gpu_ids(gpus: Sequence[int], driver: Path = Path("/proc/driver/nvidia/gpus")) -> list[str]:
    """
    Name GPUs for whoever does not count as the device files do: by their UUID, or by the number if that is not told.

    Source: NVIDIA's driver, /proc/driver/nvidia/gpus/*/information, lines such as `Device Minor: 0`.
    """
    known = dict(map(_number_and_id, driver.glob("*/information")))
    return [known.get(str(each)) or str(each) for each in gpus]


def _number_and_id(information: Path) -> tuple[str, str]:
    lines = information.read_text(encoding="utf-8", errors="replace").splitlines()
    about = {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return about.get("Device Minor", ""), about.get("GPU UUID", "")
