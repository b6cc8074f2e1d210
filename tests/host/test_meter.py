"""When an algorithm is looked at, and what is reported of it, on a clock of the test's own."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from luthier.clusters.workspace import Workspace
from luthier.host.journal import Journal
from luthier.host.meter import PIECE_S, Meter, provision
from luthier.records.allotment import Allotment
from luthier.records.usage import Provision, UsageSeen
from luthier.runtimes import Exit, Use
from luthier.runtimes.nvml import Gpus, GpuUse, NvmlError
from things import a_definition

PROVISION = Provision(host="algo-1", cpus=4.0, memory_limit_bytes=1000, gpus=0, disk_limit_bytes=1 << 30)


@dataclass
class World:
    """An algorithm that has used *cores* since the beginning, and the time."""

    cores: float = 1.0
    memory_bytes: int | None = 100
    now: float = 0.0
    looks: int = 0
    look_s: float = 0.0
    look_cost: float = 0.0
    cost: float = 0.0
    is_known: bool = True

    def use(self) -> Use:
        self.looks += 1
        self.now += self.look_s
        self.cost += self.look_cost
        return Use(processor_s=self.cores * self.now if self.is_known else None, memory_bytes=self.memory_bytes)

    def wait(self, timeout_s: float) -> Exit | None:
        self.now += timeout_s
        return None

    def terminate(self) -> None:
        raise AssertionError

    def kill(self) -> None:
        raise AssertionError

    def written_bytes(self) -> int:
        return 0


class TwoGpus(Gpus):
    """GPUs that say what a test wants, or fail."""

    def __init__(self, *says: float) -> None:
        self._says = list(says)

    def use(self) -> GpuUse:
        if not self._says:
            raise NvmlError("nvmlDeviceGetUtilizationRates: error 3")
        return GpuUse(percent=self._says[0], memory_percent=self._says.pop(0) / 2)


def metered(world: World, folder: Path, gpus: Gpus | None = None) -> Meter:
    journal = Journal(Workspace(folder), lambda: 1000.0 + world.now)
    return Meter(world, PROVISION, journal, world.now, gpus, lambda: world.now, lambda: world.cost)


def followed(meter: Meter, world: World, for_s: float) -> None:
    until = world.now + for_s
    while world.now < until:
        meter.follow()
        world.wait(0.05)


def reported(folder: Path) -> list[UsageSeen]:
    return [each for each in Workspace(folder).entries() if isinstance(each, UsageSeen)]


def test_what_ends_at_once_is_reported_once(tmp_path: Path) -> None:
    world = World()
    meter = metered(world, tmp_path)
    world.wait(0.05)

    meter.finish()

    (only,) = reported(tmp_path)
    assert (only.host, only.span_s, only.processor_s, only.at) == ("algo-1", 0.05, 0.05, 1000.05)


def test_no_time_of_processors_is_left_out_or_counted_twice(tmp_path: Path) -> None:
    world = World(cores=2.5)
    meter = metered(world, tmp_path)
    followed(meter, world, 63.7)

    meter.finish()

    assert sum(each.processor_s or 0.0 for each in reported(tmp_path)) == pytest.approx(2.5 * world.now)


def test_stretches_follow_one_another_without_a_gap(tmp_path: Path) -> None:
    world = World()
    meter = metered(world, tmp_path)
    followed(meter, world, 63.7)

    meter.finish()

    assert sum(each.span_s for each in reported(tmp_path)) == pytest.approx(world.now)


def test_what_is_whole_is_reported_while_the_algorithm_runs(tmp_path: Path) -> None:
    world = World()

    followed(metered(world, tmp_path), world, 3 * PIECE_S + 2)

    assert len(reported(tmp_path)) == 2


def test_stretches_get_twice_as_long_when_there_are_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("luthier.host.meter.STRETCHES", 2)
    world = World()

    followed(metered(world, tmp_path), world, 80.0)

    assert [round(each.span_s / PIECE_S) for each in reported(tmp_path)] == [1, 1, 2, 2, 4, 4]


def test_no_stretch_is_too_short_to_tell_but_an_only_one(tmp_path: Path) -> None:
    world = World()
    meter = metered(world, tmp_path)
    followed(meter, world, 2 * PIECE_S + 0.3)

    meter.finish()

    assert all(each.span_s >= 1.0 for each in reported(tmp_path))


def test_the_peak_is_that_of_the_highest_piece(tmp_path: Path) -> None:
    world = World(cores=0.0)
    meter = metered(world, tmp_path)
    followed(meter, world, 20.0)
    world.cores = 0.5  # all at once: what would be 10 s of a core
    followed(meter, world, 2.0)

    meter.finish()

    assert max(each.peak_cpu_percent or 0.0 for each in reported(tmp_path)) > 100.0


def test_the_most_memory_that_was_seen_is_reported(tmp_path: Path) -> None:
    world = World(memory_bytes=700)
    meter = metered(world, tmp_path)
    followed(meter, world, 2.0)
    world.memory_bytes = 50
    followed(meter, world, 2.0)

    meter.finish()

    assert reported(tmp_path)[0].memory_bytes == 700


def test_what_nobody_can_tell_is_not_reported_as_nothing(tmp_path: Path) -> None:
    world = World(is_known=False, memory_bytes=None)
    meter = metered(world, tmp_path)
    followed(meter, world, 2.0)

    meter.finish()

    (only,) = reported(tmp_path)
    assert (only.processor_s, only.peak_cpu_percent, only.memory_bytes, only.gpu_percent, only.disk_bytes) == (
        None,
        None,
        None,
        None,
        None,
    )


def test_looks_have_a_250th_of_a_processor(tmp_path: Path) -> None:
    world = World(look_s=0.02, look_cost=0.02)
    meter = metered(world, tmp_path)

    followed(meter, world, 1000.0)

    assert world.cost <= 1000.0 / 250 + 2 * world.look_cost


def test_looks_have_a_twentieth_of_the_time_on_a_busy_machine(tmp_path: Path) -> None:
    world = World(look_s=0.2, look_cost=0.0001)
    meter = metered(world, tmp_path)

    followed(meter, world, 1000.0)

    assert 150 <= world.looks <= 1000.0 / 20 / world.look_s + 2


def test_a_short_training_is_looked_at_more_than_once(tmp_path: Path) -> None:
    world = World()

    followed(metered(world, tmp_path), world, 1.0)

    assert world.looks >= 4


def test_the_room_on_the_volume_is_reported(tmp_path: Path) -> None:
    world = World()
    meter = metered(world, tmp_path)
    meter.note_disk(1 << 29)

    meter.finish()

    assert reported(tmp_path)[0].disk_percent == 50.0


def test_gpus_are_reported_with_their_mean_and_their_peak(tmp_path: Path) -> None:
    world = World()
    meter = metered(world, tmp_path, TwoGpus(50.0, 150.0))
    meter.follow()

    meter.finish()

    (only,) = reported(tmp_path)
    assert (only.gpu_percent, only.peak_gpu_percent, only.gpu_memory_percent) == (100.0, 150.0, 75.0)


def test_gpus_that_do_not_answer_any_more_end_nothing(tmp_path: Path) -> None:
    world = World()
    meter = metered(world, tmp_path, TwoGpus(50.0))
    meter.follow()

    meter.finish()

    assert reported(tmp_path)[0].gpu_percent == 50.0


def test_a_host_without_an_allotment_may_use_all_there_is() -> None:
    whole = provision("algo-1", Allotment(), a_definition(volume_gb=2))

    assert (whole.cpus > 0, whole.memory_limit_bytes > 0, whole.gpus, whole.disk_limit_bytes) == (
        True,
        True,
        0,
        2 << 30,
    )


def test_a_host_with_an_allotment_may_use_no_more() -> None:
    part = provision("algo-1", Allotment(cpus=2.0, memory_bytes=1 << 30, gpus=(0, 1)), a_definition())

    assert (part.cpus, part.memory_limit_bytes, part.gpus) == (2.0, 1 << 30, 2)
