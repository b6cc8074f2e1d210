"""The pytest plugin, as a project of somebody else's uses it."""

import subprocess
import sys

import pytest

pytest_plugins = ("pytester",)

BUCKETS = """
    import boto3
    import pytest

    @pytest.mark.parametrize("turn", range(2))
    def test_a_bucket_is_new(luthier, turn):
        boto3.client("s3").create_bucket(Bucket="data")
"""


@pytest.mark.slow
def test_every_test_has_a_service_with_nothing_in_it(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(BUCKETS)

    result = pytester.runpytest_subprocess()

    result.assert_outcomes(passed=2)


@pytest.mark.slow
def test_workers_of_xdist_have_services_of_their_own(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(BUCKETS)

    result = pytester.runpytest_subprocess("-n", "2")

    result.assert_outcomes(passed=2)


@pytest.mark.slow
def test_the_environment_is_as_before_in_a_test_that_asks_for_nothing(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import os

        def test_first(luthier):
            assert os.environ["AWS_ENDPOINT_URL"] == luthier.url

        def test_second():
            assert "AWS_ENDPOINT_URL" not in os.environ
        """
    )

    result = pytester.runpytest_subprocess()

    result.assert_outcomes(passed=2)


@pytest.mark.slow
def test_a_marker_says_the_settings_of_a_service(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import boto3
        import pytest

        @pytest.mark.luthier(account="111122223333")
        def test_account(luthier):
            assert boto3.client("sts").get_caller_identity()["Account"] == "111122223333"
        """
    )

    result = pytester.runpytest_subprocess("--strict-markers")

    result.assert_outcomes(passed=1)


@pytest.mark.slow
def test_tests_may_share_a_service(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import boto3

        def test_first(luthier_service):
            luthier_service.client("s3").create_bucket(Bucket="data")

        def test_second(luthier_service):
            with luthier_service.pointed():
                assert [each["Name"] for each in boto3.client("s3").list_buckets()["Buckets"]] == ["data"]
        """
    )

    result = pytester.runpytest_subprocess()

    result.assert_outcomes(passed=2)


@pytest.mark.slow
def test_no_process_is_started_for_tests_that_ask_for_no_service(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import sys

        def test_nothing():
            assert "luthier.lab.nest" not in sys.modules
        """
    )

    result = pytester.runpytest_subprocess()

    result.assert_outcomes(passed=1)


def test_the_plugin_loads_neither_the_server_nor_a_client() -> None:
    loaded = subprocess.check_output(
        [sys.executable, "-c", "import luthier.lab.pytest_plugin, sys; print(*sys.modules)"], text=True
    ).split()

    ours = sorted(each for each in loaded if each.partition(".")[0] in ("luthier", "boto3", "numpy", "sqlalchemy"))
    assert ours == ["luthier", "luthier.lab", "luthier.lab.pytest_plugin"]
