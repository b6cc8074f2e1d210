"""What is said in a terminal of what training jobs used."""

from luthier.app.usage_view import document, lines
from things import a_usage


def test_before_anything_was_measured_that_is_said() -> None:
    assert lines({"one": []}) == ["Nothing has been measured yet."]


def test_what_nobody_could_tell_is_not_told() -> None:
    assert lines({"one": [a_usage()]}) == []


def test_gpus_are_told_by_their_mean() -> None:
    used = {"one": [a_usage(gpus=2, gpu_percent=100.0)], "two": [a_usage(gpus=1, gpu_percent=20.0, span_s=10.0)]}

    assert lines(used) == ["GPUs: 35 % in use on average"]


def test_the_highest_peak_is_told_with_its_training_job() -> None:
    low, high = (a_usage(processor_s=5.0, peak_cpu_percent=peak) for peak in (120.0, 380.0))

    (told,) = lines({"one": [low], "two": [high]})

    assert told.endswith("at most 3.8 of 4 (two)")


def test_what_is_not_known_is_null_for_programs() -> None:
    (told,) = document({"one": [a_usage()]})

    assert (told["Host"], told["ProcessorSeconds"], told["GPUUtilization"]) == ("algo-1", None, None)
