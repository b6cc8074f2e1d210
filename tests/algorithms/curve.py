"""
A training program whose error falls epoch by epoch, to where a hyperparameter says.

With a bad one it makes a long pause two thirds of the way, so that there is all the time there could be to stop it.
"""

import json
import pathlib
import sys
import time

ML = pathlib.Path("/opt/ml")
hyperparameters = json.loads((ML / "input/config/hyperparameters.json").read_text())
end = float(hyperparameters["end"])
for epoch in range(1, 31):
    error = end + (1.0 - end) / epoch
    (ML / "model/epoch.json").write_text(json.dumps({"epoch": epoch}))
    sys.stdout.write(f"epoch {epoch} error={error:.6f}\n")
    sys.stdout.flush()
    time.sleep(30.0 if epoch == 20 and end > 0.6 else 0.02)
