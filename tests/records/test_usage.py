"""Stretches of use, and what they are together."""

from typing import Any

import pytest

from luthier.records.usage import UsageSeen, all_joined, joined


def a_stretch(**changes: Any) -> UsageSeen:
    plain = {"host": "algo-1", "at": 10.0, "span_s": 5.0, "cpus": 4.0, "memory_limit_bytes": 1000, "gpus": 1}
    return UsageSeen(**{**plain, "disk_limit_bytes": 1 << 30, **changes})


def test_use_of_processors_is_in_percent_of_one_core() -> None:
    assert a_stretch(processor_s=10.0).cpu_percent == 200.0


def test_memory_is_in_percent_of_the_hosts() -> None:
    assert a_stretch(memory_bytes=250).memory_percent == 25.0


@pytest.mark.parametrize("name", ["cpu_percent", "memory_percent", "disk_percent"])
def test_what_is_not_known_has_no_percentage(name: str) -> None:
    assert getattr(a_stretch(), name) is None


def test_two_stretches_are_as_long_as_both() -> None:
    both = joined(a_stretch(processor_s=1.0), a_stretch(at=25.0, span_s=15.0, processor_s=3.0))

    assert (both.span_s, both.processor_s, both.at, both.cpu_percent) == (20.0, 4.0, 25.0, 20.0)


def test_the_higher_peaks_stay() -> None:
    first = a_stretch(peak_cpu_percent=90.0, memory_bytes=1, peak_gpu_percent=7.0, gpu_memory_percent=8.0, disk_bytes=9)
    second = a_stretch(peak_cpu_percent=80.0, memory_bytes=2, peak_gpu_percent=9.0)

    both = joined(first, second)

    assert (both.peak_cpu_percent, both.memory_bytes, both.peak_gpu_percent) == (90.0, 2, 9.0)
    assert (both.gpu_memory_percent, both.disk_bytes) == (8.0, 9)


def test_a_mean_goes_by_the_lengths() -> None:
    both = joined(a_stretch(gpu_percent=100.0), a_stretch(gpu_percent=20.0, span_s=15.0))

    assert both.gpu_percent == 40.0


def test_hosts_are_joined_apart() -> None:
    stretches = [a_stretch(), a_stretch(host="algo-2"), a_stretch()]

    assert {host: each.span_s for host, each in all_joined(stretches).items()} == {"algo-1": 10.0, "algo-2": 5.0}
