"""
How much NVIDIA's GPUs are used, by the library that comes with their driver (NVML).

It tells of a GPU as a whole, which is the host's alone. GPUs are named by the numbers of their device files, and the
library counts them in an order of its own. Source: NVIDIA, NVML API Reference Guide.
"""

import ctypes
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_LIBRARY = "libnvidia-ml.so.1"

_logger = logging.getLogger(__name__)


class NvmlError(Exception):
    """The library answers with an error; the message names what it was asked for, and the error's number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GpuUse:
    """How much some GPUs are used just now, in percent of one, added up."""

    percent: float
    memory_percent: float


class _Rates(ctypes.Structure):
    _fields_ = (("gpu", ctypes.c_uint), ("memory", ctypes.c_uint))  # percent of the time at work


class _Memory(ctypes.Structure):
    _fields_ = (("total", ctypes.c_ulonglong), ("free", ctypes.c_ulonglong), ("used", ctypes.c_ulonglong))


class Gpus:
    """Some GPUs of this machine, none or more."""

    def __init__(self, library: Any, numbers: Sequence[int]) -> None:  # Any: what ctypes loads has no types
        """Find the GPUs; raises NvmlError where they are not all there."""
        self._library = library
        self._ask("nvmlInit_v2")
        count = ctypes.c_uint()
        self._ask("nvmlDeviceGetCount_v2", ctypes.byref(count))
        known = dict(map(self._found, range(count.value)))
        if missing := set(numbers) - set(known):
            raise NvmlError(f"GPU {min(missing)} is not known to the driver")
        self._handles = [known[each] for each in numbers]

    def use(self) -> GpuUse:
        """Say how much they are used; raises NvmlError where one cannot tell, such as a part of a GPU (MIG)."""
        percent = memory_percent = 0.0
        for handle in self._handles:
            rates, memory = _Rates(), _Memory()
            self._ask("nvmlDeviceGetUtilizationRates", handle, ctypes.byref(rates))
            self._ask("nvmlDeviceGetMemoryInfo", handle, ctypes.byref(memory))
            percent += rates.gpu
            memory_percent += 100.0 * memory.used / max(1, memory.total)
        return GpuUse(percent=percent, memory_percent=memory_percent)

    def _found(self, place: int) -> tuple[int, ctypes.c_void_p]:
        handle, number = ctypes.c_void_p(), ctypes.c_uint()
        self._ask("nvmlDeviceGetHandleByIndex_v2", ctypes.c_uint(place), ctypes.byref(handle))
        self._ask("nvmlDeviceGetMinorNumber", handle, ctypes.byref(number))
        return number.value, handle

    def _ask(self, name: str, *arguments: Any) -> None:
        code = getattr(self._library, name)(*arguments)
        if code != 0:
            raise NvmlError(f"{name}: error {code}")


def find_gpus(numbers: Sequence[int], library: str = _LIBRARY) -> Gpus | None:
    """Find GPUs by the numbers of their device files; None if there are none, or nobody can tell of their use."""
    if not numbers:
        return None
    try:
        return Gpus(ctypes.CDLL(library), numbers)
    except (OSError, AttributeError, NvmlError) as error:  # no driver, an old one, or one that does not answer
        _logger.warning("nobody can tell how GPUs are used: %s", error)
        return None
