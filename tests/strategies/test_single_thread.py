"""Tests of holding linear algebra to one thread."""

from threadpoolctl import threadpool_info

from luthier.strategies.single_thread import single_thread


def test_linear_algebra_has_one_thread_inside() -> None:
    """Every BLAS library of the process is limited."""
    with single_thread():
        inside = [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]

    assert set(inside) == {1}


def test_the_number_of_threads_is_put_back() -> None:
    """What else runs in the process keeps its processors."""
    before = threadpool_info()

    with single_thread():
        pass

    assert threadpool_info() == before
