"""
Makes the recordings of MLflow beside this file: what a real tracking server answers, and a real folder `mlruns`.

    python -m venv /tmp/mlflow-env && /tmp/mlflow-env/bin/pip install mlflow
    python tests/app/recorded/make_mlflow.py /tmp/mlflow-env/bin
"""

import http.client
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from luthier.app.mlflow_server import MlflowServer
from luthier.histories.mlflow import Choice
from luthier.settings import SettingsError

HERE = Path(__file__).parent
PORT = 5077
QUIET = {**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_ALLOW_FILE_STORE": "true"}
RUNS = """
import sys, math
from mlflow.tracking import MlflowClient
client = MlflowClient(sys.argv[1])
experiment = client.create_experiment("churn")
client.create_experiment("other")
T, MINUTE = 1777593600000, 60000

def run(number, status, values, minutes=5, parent=None, **params):
    tags = {"mlflow.parentRunId": parent} if parent else {}
    began = T + number * 10 * MINUTE
    made = client.create_run(experiment, start_time=began, tags=tags, run_name=f"run-{number}").info.run_id
    for name, value in params.items():
        client.log_param(made, name, value)
    for step, value in enumerate(values):
        client.log_metric(made, "val/loss", value, timestamp=began + (step + 1) * MINUTE, step=step)
    if status != "RUNNING":
        client.set_terminated(made, status, end_time=began + minutes * MINUTE)
    return made

search = run(0, "FINISHED", [], minutes=60, sampler="tpe")
run(1, "FINISHED", [0.9, 0.6, 0.5], parent=search, eta=0.1, depth=3)
run(2, "KILLED", [0.8, 0.75], parent=search, eta=0.01, depth=5)
run(3, "FINISHED", [0.7, math.nan], parent=search, eta=0.9, depth=4)
run(4, "FAILED", [], parent=search, eta=0.5, depth=9)
run(5, "RUNNING", [0.4], parent=search, eta=0.2, depth=2)
client.delete_run(run(6, "FINISHED", [0.1], parent=search, eta=0.3, depth=1))
"""


def main(programs: Path) -> None:
    """Write both recordings."""
    with tempfile.TemporaryDirectory() as folder:
        record_folder(programs, Path("/tmp/mlruns"))  # its place stands in its files
        with a_server(programs, Path(folder)) as url:
            log(programs, url)
            record_answers()


def log(programs: Path, where: str) -> None:
    subprocess.run([programs / "python", "-c", RUNS, where], check=True, env=QUIET)


def record_folder(programs: Path, folder: Path) -> None:
    log(programs, folder.as_uri())
    files = sorted(each for each in folder.rglob("*") if each.is_file())
    write("mlflow_folder.json", {str(each.relative_to(folder)): each.read_text() for each in files})


@contextmanager
def a_server(programs: Path, folder: Path) -> Iterator[str]:
    url = f"http://127.0.0.1:{PORT}"
    store = f"sqlite:///{folder}/mlflow.db"
    command = [programs / "mlflow", "server", "--backend-store-uri", store, "--port", str(PORT), "--workers", "1"]
    server = subprocess.Popen(command, cwd=folder, env=QUIET)
    try:
        while not answers():
            time.sleep(1)
        yield url
    finally:
        server.terminate()
        server.wait()


def answers() -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", PORT)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def record_answers() -> None:
    """Ask as an import does, through a listener that keeps every answer."""
    kept = []

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            connection = http.client.HTTPConnection("127.0.0.1", PORT)
            connection.request(self.command, self.path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            text = answer.read()
            kept.append([self.command, self.path, body.decode(), answer.status, json.loads(text)])
            self.send_response(answer.status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST

    with ThreadingHTTPServer(("127.0.0.1", 0), Listener) as listener:
        threading.Thread(target=listener.serve_forever).start()
        server = MlflowServer(f"http://127.0.0.1:{listener.server_port}", {})
        for name in ("churn", "none"):
            with suppress(SettingsError):  # there is no such experiment: an answer, too
                server.runs(name, Choice(objective="val/loss"))
        listener.shutdown()
    write("mlflow_server.json", kept)


def write(name: str, document: object) -> None:
    (HERE / name).write_text(json.dumps(document, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
