"""A training program with a hyperparameter and a metric of its own: the deeper, the smaller the error."""

import json
import pathlib
import sys
import time

ML = pathlib.Path("/opt/ml")
hyperparameters = json.loads((ML / "input/config/hyperparameters.json").read_text())
error = 0.5 if hyperparameters.get("flat") == "yes" else 0.2 - 0.01 * int(hyperparameters["depth"])
sys.stdout.write(f"error={error:.6f}\n")
sys.stdout.flush()
time.sleep(float(hyperparameters.get("pause", "0")))
(ML / "model/depth.json").write_text(json.dumps({"error": error}))
