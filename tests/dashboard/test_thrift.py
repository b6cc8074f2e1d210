"""What is said of resources that were left unused, or nearly not enough."""

from typing import Any

import pytest

from luthier.dashboard.thrift import advice
from things import a_usage

LONG = 600.0


@pytest.mark.parametrize(
    ("used", "part"),
    [
        ({"cpus": 16.0, "peak_cpu_percent": 100.0}, "It had 16 processors and used 1 at most."),
        ({"memory_bytes": 15 << 30}, "Its memory was 94 % full."),
        ({"disk_bytes": 1 << 30}, "Its volume was 100 % full. Raise VolumeSizeInGB."),
        ({"gpus": 1, "gpu_percent": 4.0}, "It had 1 GPU and used 4 % on average."),
        ({"gpus": 2, "gpu_percent": 8.0}, "It had 2 GPUs and used 4 % on average."),
    ],
)
def test_what_tells_something_has_an_advice(used: dict[str, Any], part: str) -> None:
    (told,) = advice([a_usage(span_s=LONG, **used)])

    assert part in told


@pytest.mark.parametrize(
    "used",
    [
        {},
        {"cpus": 16.0, "peak_cpu_percent": 800.0},
        {"cpus": 2.0, "peak_cpu_percent": 10.0},
        {"memory_bytes": 14 << 30},
        {"gpus": 1, "gpu_percent": 50.0},
        {"gpus": 1},
        {"cpus": 16.0, "peak_cpu_percent": 100.0, "span_s": 20.0},
        {"gpus": 1, "gpu_percent": 0.0, "span_s": 20.0},
    ],
)
def test_what_tells_nothing_has_none(used: dict[str, Any]) -> None:
    assert advice([a_usage(**{"span_s": LONG, **used})]) == ()


def test_hosts_that_did_the_same_are_told_of_once() -> None:
    hosts = [a_usage(host=host, disk_bytes=1 << 30) for host in ("algo-1", "algo-2")]

    assert len(advice(hosts)) == 1
