"""What the page of a training job says of its use of the machine."""

import re
from typing import TYPE_CHECKING

from luthier.dashboard.usage_view import usage_view
from luthier.records.status import TrainingStatus
from things import a_training_job, a_usage

if TYPE_CHECKING:
    from dashboard.conftest import Site

URL = "/ui/training-jobs/us-east-1/tune-001-00000001"
USED = (
    a_usage(at=1010.0, processor_s=5.0, peak_cpu_percent=100.0, memory_bytes=4 << 30, disk_bytes=1 << 29),
    a_usage(at=1015.0, processor_s=15.0, peak_cpu_percent=300.0, memory_bytes=8 << 30, disk_bytes=1 << 29),
)


def cells(text: str, row: str) -> list[str]:
    line = next(each for each in text.splitlines() if f'<th scope="row">{row}</th>' in each)
    return re.findall(r'<td class="figure">([^<]*)</td>', line)


def test_a_table_tells_mean_most_and_limit(site: "Site") -> None:
    site.add(a_training_job(1))
    site.use(a_training_job(1), *USED)

    text = site.get(URL).text

    assert cells(text, "Processors") == ["200 %", "300 %", "4 cores, 400 %"]
    assert cells(text, "Memory") == ["–", "8 GiB, 50 %", "16 GiB"]
    assert cells(text, "Volume") == ["–", "512 MiB, 50 %", "1 GiB"]


def test_a_curve_is_drawn_of_each_measure_and_told_in_words(site: "Site") -> None:
    site.add(a_training_job(1))
    site.use(a_training_job(1), *USED)

    text = site.get(URL).text

    assert 'aria-label="CPUUtilization: 2 values from 100 to 300, the last one 300"' in text
    assert 'aria-label="MemoryUtilization: 2 values from 25 to 50, the last one 50"' in text
    assert "GPUUtilization" not in text


def test_gpus_are_shown_where_there_are_some(site: "Site") -> None:
    site.add(a_training_job(1))
    site.use(a_training_job(1), a_usage(gpus=2, gpu_percent=150.0, peak_gpu_percent=190.0, gpu_memory_percent=60.0))

    text = site.get(URL).text

    assert cells(text, "GPUs") == ["150 %", "190 %", "2 GPUs, 200 %"]
    assert cells(text, "GPU memory") == ["–", "60 %", "2 GPUs, 200 %"]


def test_each_host_has_a_table(site: "Site") -> None:
    site.add(a_training_job(1))
    site.use(a_training_job(1), USED[0], a_usage(host="algo-2"))

    text = site.get(URL).text

    assert (text.count("<h3>algo-1</h3>"), text.count("<h3>algo-2</h3>")) == (1, 1)


def test_what_to_do_is_said(site: "Site") -> None:
    site.add(a_training_job(1))
    site.use(a_training_job(1), a_usage(memory_bytes=16 << 30))

    assert "Its memory was 100 % full." in site.get(URL).text


def test_a_training_job_that_has_begun_and_told_nothing_says_so(site: "Site") -> None:
    site.add(a_training_job(1, TrainingStatus.COMPLETED, started_at=1001.0))

    assert "Nothing has been measured." in site.get(URL).text


def test_one_that_has_not_begun_has_no_section(site: "Site") -> None:
    site.add(a_training_job(1, started_at=None))

    assert "What it used" not in site.get(URL).text


def test_the_time_of_processors_is_told_in_all() -> None:
    (host,) = usage_view(USED, 1000.0).hosts

    assert host.measured == "20 s of processors in 10 s of training"


def test_little_is_told_in_units_that_show_it() -> None:
    short = a_usage(span_s=2.0, processor_s=0.08, memory_bytes=5 << 20, disk_bytes=72 << 10)
    (host,) = usage_view([short], 1000.0).hosts

    assert host.measured == "0.1 s of processors in 2.0 s of training"
    assert [each.most for each in host.measures[1:]] == ["5 MiB, below 1 %", "72 KiB, below 1 %"]


def test_what_was_measured_once_has_no_curve(site: "Site") -> None:
    site.add(a_training_job(1))
    site.use(a_training_job(1), USED[0])

    text = site.get(URL).text

    assert cells(text, "Processors") == ["100 %", "100 %", "4 cores, 400 %"]
    assert 'aria-label="CPUUtilization' not in text


def test_curves_are_over_the_time_since_it_was_created() -> None:
    (host,) = usage_view(USED, 1000.0).hosts

    assert [(curve.first, curve.until) for curve in host.curves] == [(10.0, 15.0)] * 3
