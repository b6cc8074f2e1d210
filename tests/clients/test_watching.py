"""The story of a machine that watches a server: probes, and numbers for Prometheus."""

import json
import os
import signal
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from luthier_server import Luthier, a_luthier, until

pytestmark = [pytest.mark.slow]


def get(server: Luthier, path: str) -> tuple[int, str]:
    """Ask as a probe does, that knows nothing of AWS."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{server.port}{path}", timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def numbers(server: Luthier) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return {
        (each.name, tuple(sorted(each.labels.items()))): each.value
        for family in text_string_to_metric_families(get(server, "/metrics")[1])
        for each in family.samples
    }


def checks(server: Luthier) -> Any:
    return json.loads(get(server, "/readyz")[1])["checks"]


def s3_server_of(server: Luthier) -> int:
    """Find the embedded S3 server: the server's child that serves it."""
    assert server.process is not None
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
    return next(int(each) for each in children if b"serve\0s3" in Path(f"/proc/{each}/cmdline").read_bytes())


def test_a_server_is_watched(tmp_path: Path) -> None:
    """One server for all of it, told in order: it costs some seconds."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data/luthier.toml").write_text('log_format = "json"\nlog_level = "info"\n')
    with a_luthier(tmp_path) as server:
        until(lambda: get(server, "/readyz")[0] == 200, "not ready")
        assert get(server, "/healthz") == (200, '{"status":"alive"}')
        assert {name: each["ok"] for name, each in checks(server).items()} == {
            "database": True,
            "objects": True,
            "loops": True,
            "capacity": True,
        }

        server.client("sagemaker").list_training_jobs()
        server.client("s3").list_buckets()
        requests = {
            (labels["service"], labels["operation"], labels["code"]): value
            for (name, pairs), value in numbers(server).items()
            if name == "luthier_requests_total"
            for labels in [dict(pairs)]
        }
        assert requests["sagemaker", "ListTrainingJobs", "200"] == 1
        assert requests["s3", "ListAllMyBuckets", "200"] == 1
        assert numbers(server)["luthier_training_jobs", (("status", "InProgress"),)] == 0

        os.kill(s3_server_of(server), signal.SIGKILL)
        until(lambda: get(server, "/readyz")[0] == 503, "ready without its S3 server")
        assert checks(server)["objects"] == {"ok": False, "says": "does not answer"}
        assert get(server, "/healthz")[0] == 200

    said = [json.loads(line) for line in (tmp_path / "server.log").read_text().splitlines()]
    assert said[0]["event"] == f"the server starts at http://127.0.0.1:{server.port}"
    (listed,) = [each for each in said if each.get("operation") == "ListTrainingJobs"]
    assert (listed["event"], listed["level"], listed["status"]) == ("request", "info", "200")
    assert any(each["level"] == "warning" and "S3 server" in each["event"] for each in said)
