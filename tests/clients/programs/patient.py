"""A training program that says something, and then may wait until it is told to stop, or fail."""

import json
import signal
import sys
from pathlib import Path

ML = Path("/opt/ml")

if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    hyperparameters = json.loads((ML / "input/config/hyperparameters.json").read_text())
    for line in range(int(hyperparameters.get("lines", "3"))):
        sys.stderr.write(f"step={line} loss={1 / (line + 1):.6f}\n")
    if hyperparameters.get("waits") == "yes":
        signal.sigwait({signal.SIGTERM})
        sys.stdout.write("told to stop\n")
    (ML / "model/seen.json").write_text(json.dumps({"hyperparameters": hyperparameters, "arguments": sys.argv[1:]}))
    if hyperparameters.get("fails") == "yes":
        (ML / "output/failure").write_text("no more patience")
        sys.exit(1)
